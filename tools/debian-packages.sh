#!/bin/sh
# Installs, as root, the Debian packages that the tests use; otherwise names what is missing.
set -eu
missing=""
for package in $(sed 's/#.*//' requirements/debian.txt); do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
# PostgreSQL counts as there when its programs are, however they came.
if command -v initdb >/dev/null 2>&1; then missing=$(printf '%s' "$missing" | sed 's/ postgresql\b//'); fi
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "     installing Debian packages for the tests:$missing"
  apt-get update -qq >/dev/null
  # shellcheck disable=SC2086 - a list of words
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  echo "Not installed, so the tests that need them stay out:$missing"
fi
