"""Installing and upgrading, followed word for word on a computer of their own: a view of this one in which
`/etc`, `/opt`, `/usr/local` and `/var` may be written, and are gone with it.

Not there are the network and the service manager. So `pip` is replaced by what it would do: the requirements are
those of the tests, and Aigaq is copied. Blocks that need more say so in the guide, and are left out.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from aigaq import __version__
from tests.support import amount
from tests.support.command import CUSTODIANS, HEADS

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs" / "operations"
BLOCK = re.compile(r"^```sh ?(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = {"install.md": {"network": 2, "systemd": 2}, "upgrade.md": {"systemd": 4}}
SIGN_IN = ("aigerim opens the door 236", "daniyar opens the door 236")
ANSWERS = [each for pair in zip(SIGN_IN, (HEADS, CUSTODIANS), strict=True) for each in pair for _ in range(2)]
"""Each password is asked for, and once more."""

OF_ITS_OWN = """
set -euo pipefail
own=$1; base=$2; libraries=$3
mount -t tmpfs -o size=64g none "$own"
cover() {
  mkdir -p "$own$1/upper" "$own$1/work"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$own$1/upper,workdir=$own$1/work" "$1"
}
for folder in /etc /opt /usr/local /var; do cover "$folder"; done
# Whoever the service runs as can reach the interpreter and the libraries of the tests, in this view alone.
for path in "$base" "$(realpath "$libraries")"; do
  reached=
  for part in $(echo "$path" | tr / ' '); do
    reached=$reached/$part
    case $(stat -c %A "$reached") in
      d????????[xt]) ;;
      *) cover "$reached"; chmod o+x "$reached" ;;
    esac
  done
done
rm -f /etc/passwd- /etc/group-
"""


def blocks(name):
    return BLOCK.findall((GUIDES / name).read_text(encoding="utf-8"))


def to_run(name):
    """What stands in the guide; with it what was replaced."""
    text = "\n".join(block for marker, block in blocks(name) if not marker)
    pip, place = re.compile(r"^(/opt/aigaq/\S+)/bin/python -m pip install (.*)$", re.MULTILINE), []

    def replaced(match):
        place.append(match[2])
        packages = f"{match[1]}/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
        if match[2] == "--require-hashes -r requirements/base.txt":
            return f'test -s requirements/base.txt; echo "$libraries" > {packages}/there.pth'
        assert match[2] == "--no-build-isolation --no-deps ."
        program = f"#!{match[1]}/bin/python\\nfrom aigaq.cli.main import main\\nmain()\\n"
        start = f'printf "{program}" > {match[1]}/bin/aigaq; chmod 755 {match[1]}/bin/aigaq'
        # As old as they are, so that what was compiled of them is of use.
        return f"cp -a src/aigaq {packages}/; {start}"

    return pip.sub(replaced, text), place


@pytest.mark.parametrize("name", LEFT_OUT)
def test_only_what_needs_the_network_or_the_service_manager_is_left_out(name):
    found = [marker for marker, _block in blocks(name) if marker]
    assert {each: found.count(each) for each in found} == LEFT_OUT[name]
    for marker, block in blocks(name):
        asks = re.search(
            r"\b(systemctl|journalctl|systemd-analyze|apt-get|timedatectl|cd /usr/src|--deploy)\b", block
        )
        assert bool(marker) == bool(asks), block
    assert len(blocks(name)) - len(found) >= 5


def test_the_guide_is_of_this_version():
    assert {
        each.strip() for each in re.findall(r"/opt/aigaq/([\d.]+\d)", (GUIDES / "install.md").read_text())
    } == {__version__}


LOOKED = """
echo "current: $(readlink /opt/aigaq/current)"
runuser -u aigaq -- test ! -w /opt/aigaq/0.2.0/bin/aigaq
runuser -u aigaq -- test ! -r /etc/aigaq/credentials/metrics-token
stat -c '%a %U %n' /var/lib/aigaq /etc/aigaq/credentials /etc/aigaq/credentials/* /var/lib/aigaq/keys/*
"""


def may_cover():
    """Whether this user may see folders in a view of its own."""
    tried = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return os.geteuid() == 0 and subprocess.run(tried, capture_output=True, check=False).returncode == 0


of_root = pytest.mark.skipif(not may_cover(), reason="only root may give a computer folders of its own")


@pytest.fixture
def source(tmp_path):
    """The release, unpacked."""
    place = tmp_path / "release"
    ignored = shutil.ignore_patterns("*.mo")
    for name in ("src", "docs", "deploy", "requirements", "tools"):
        shutil.copytree(ROOT / name, place / name, ignore=ignored)
    return place


def followed(tmp_path, *guides):
    """What was said while these guides were followed, the first things first."""
    own = tmp_path / "own"
    own.mkdir()
    python = tmp_path / "bin" / "python3"
    python.parent.mkdir()
    base = Path(sys.base_prefix) / "bin" / "python3"
    # Without pip, which would not be used.
    python.write_text(
        f'#!/bin/sh\n[ "$1 $2" = "-m venv" ] && set -- -m venv --without-pip "$3"\nexec {base} "$@"\n'
    )
    python.chmod(0o755)
    script = tmp_path / "script"
    script.write_text("\n".join((OF_ITS_OWN, f"cd {tmp_path / 'release'}", *guides)))
    arguments = [str(script), str(own), sys.base_prefix, sysconfig.get_path("purelib")]
    path = f"{python.parent}:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
    done = subprocess.run(
        ["unshare", "--mount", "bash", *arguments],
        env={"PATH": path, "LANG": "C.UTF-8", "AIGAQ_LANG": "en"},
        input="".join(f"{each}\n" for each in ANSWERS).encode(),
        capture_output=True,
        start_new_session=True,
        timeout=600,
        check=False,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == 0, f"{out}\n{err}"
    return out


AS_THE_SERVICE = r"""
useradd --system --user-group --home-dir /var/lib/aigaq --shell /usr/sbin/nologin aigaq
install -d -m 755 /opt/aigaq /etc/aigaq
install -d -m 700 /etc/aigaq/credentials
cat > /etc/aigaq/aigaq.env <<'END'
# as systemd reads it
AIGAQ_VAULT_COPIES=site=s3://evidence/almaty?endpoint=https://s3.example.kz&region=kz
AIGAQ_MAIL_FROM="Aigaq <aigaq@example.kz>"
AIGAQ_NOTICE_COMMAND=/usr/local/lib/aigaq/sms --from $HOME
END
printf '  AIGAQ_HOSTS=office.example.kz \t\nAIGAQ_DOCKS="/srv/docks" \nAIGAQ_USB=off\r\n' >> /etc/aigaq/aigaq.env
echo postgresql://aigaq:secret@db.example.kz/aigaq > /etc/aigaq/credentials/database-url
echo key > /etc/aigaq/credentials/tls-key.pem
echo certificate > /etc/aigaq/tls-cert.pem
chmod 600 /etc/aigaq/credentials/*
cat > /opt/aigaq/show <<'END'
#!/bin/sh
id -un; echo "$@"; env | grep -v _FILE= | grep ^AIGAQ_ | cat -A
echo "of database-url: $(cat "$AIGAQ_DATABASE_URL_FILE")"; echo "of the key: $(cat "$AIGAQ_TLS_KEY")"
stat -c 'mode %a' "$AIGAQ_DATABASE_URL_FILE"; stat -f -c 'in %T' "$AIGAQ_DATABASE_URL_FILE"
dirname "$AIGAQ_DATABASE_URL_FILE" > /var/tmp/where
exit 3
END
chmod 755 /opt/aigaq/show
AIGAQ_PROGRAM=/opt/aigaq/show sh deploy/aigaq-admin check --deploy || echo "status $?"
test -e "$(cat /var/tmp/where)" || echo "gone"
"""


@of_root
def test_a_command_of_the_administrator_has_the_settings_and_the_secrets_that_the_service_has(
    source, tmp_path
):
    told = followed(tmp_path, AS_THE_SERVICE).splitlines()
    assert told[:2] == ["aigaq", "check --deploy"]
    assert {
        "AIGAQ_DATA=/var/lib/aigaq$",
        "AIGAQ_VAULT_COPIES=site=s3://evidence/almaty?endpoint=https://s3.example.kz&region=kz$",
        "AIGAQ_MAIL_FROM=Aigaq <aigaq@example.kz>$",
        "AIGAQ_NOTICE_COMMAND=/usr/local/lib/aigaq/sms --from $HOME$",
        "AIGAQ_HOSTS=office.example.kz$",
        "AIGAQ_DOCKS=/srv/docks$",
        "AIGAQ_USB=off$",
        "AIGAQ_TLS_CERT=/etc/aigaq/tls-cert.pem$",
        "of database-url: postgresql://aigaq:secret@db.example.kz/aigaq",
        "of the key: key",
        "mode 400",
        "in tmpfs",
    } <= set(told)
    assert told[-2:] == ["status 3", "gone"]


@of_root
@pytest.mark.faults
@pytest.mark.skipif(not amount.FULL, reason="it takes a minute")
def test_both_guides_lead_there_and_the_way_back_leads_back(source, tmp_path):
    (install, first), (upgrade, second) = to_run("install.md"), to_run("upgrade.md")
    assert len(first) == len(second) == 2
    out = followed(
        tmp_path, install, upgrade, LOOKED, "ls /var/backups/aigaq /etc/systemd/system/aigaq.service.d"
    )
    # After the first steps; before the upgrade, after it, after the way back: and thrice the ledger.
    assert out.count("is sound") == 7
    assert f"current: {__version__}" in out, "after the way back"
    assert {"first", "before-upgrade", "https.conf", "secrets.conf"} <= set(out.split())
    modes = {path: mode for mode, path in re.findall(r"^(\d+ \w+) (/\S+)$", out, re.MULTILINE)}
    assert modes["/var/lib/aigaq"] == "700 aigaq"
    assert modes["/etc/aigaq/credentials"] == "700 root"
    assert modes["/etc/aigaq/credentials/metrics-token"] == "600 root"
    assert modes["/etc/aigaq/credentials/tls-key.pem"] == "600 root"
    assert modes["/var/lib/aigaq/keys/ledger.key"] == "600 aigaq"


def section(name, title):
    """The blocks of one section of a guide."""
    text = (GUIDES / name).read_text(encoding="utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    assert text, title
    return "\n".join(block for _marker, block in BLOCK.findall(text))


A_MIRROR = """
mkdir -p /var/mirror/backups
cp -a /var/lib/aigaq/vault /var/mirror/
cp -a /var/backups/aigaq/first /var/mirror/backups/2026-11-25
chown -R root: /var/mirror
"""
A_CLEAN_COMPUTER = """
rm -rf /var/lib/aigaq /var/backups/aigaq
install -d -m 700 -o aigaq -g aigaq /var/lib/aigaq /var/backups/aigaq
"""


@of_root
@pytest.mark.faults
@pytest.mark.skipif(not amount.FULL, reason="it takes a minute")
def test_the_guide_for_the_worst_day_brings_the_office_back_that_the_other_one_made(source, tmp_path):
    install, _pip = to_run("install.md")
    asked = f"aigaq-admin() {{ /usr/local/sbin/aigaq-admin \"$@\" <<< '{HEADS}'; }}"
    lost = (A_CLEAN_COMPUTER, *(section("disaster.md", "From a backup"), "echo BACK"))
    alone = (A_CLEAN_COMPUTER, section("disaster.md", "From the vault alone"), "aigaq-admin check")
    guides = [each.replace("/mnt/mirror", "/var/mirror") for each in (*lost, *alone)]
    out = followed(tmp_path, install, A_MIRROR, asked, *guides, "stat -c '%a %U %n' /var/lib/aigaq/keys/*")
    restored, _back, rebuilt = out.partition("BACK")
    # Twice in the first guide; then what was restored, the ledger, the vault, and all.
    assert restored.count("is sound") == 6
    assert "The installation in /var/lib/aigaq is sound." in rebuilt
    assert "600 aigaq /var/lib/aigaq/keys/ledger.key" in rebuilt
