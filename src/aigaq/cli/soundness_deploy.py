"""What matters once others reach the office over a network: the address, TLS, secrets, clock, the sandbox."""

import http.client
import os
import ssl
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.conf import settings
from django.core.checks import run_checks

from aigaq import wiring
from aigaq.core.clock import is_synchronised
from aigaq.errors import N_
from aigaq.media.confinement import Confinement
from aigaq.paperwork.typesetting import can_set

Told = tuple[str, str, dict[str, object]]
"""Code, message, details."""

EXPIRES: Final = timedelta(days=30)
_LEAST_TOKEN: Final = 32
"""Characters."""
_OTHERS: Final = 0o077
_WORLD: Final = 0o007
_CREDENTIALS: Final = Path("/run/credentials")
"""What systemd puts there has an access list, which shows in the group's bits."""
_PATIENCE: Final = 15
"""Seconds."""
_LETTERS: Final = "ӘәҒғҚқҢңӨөҰұҮүҺһІі№₸"
_OTHERS_WORK: Final = frozenset({"security.W005", "security.W008", "security.W021"})
"""Whatever answers https in front of us redirects to it; the rest of the domain is not ours to bind."""


def problems() -> Iterator[Told]:
    if os.geteuid() == 0:
        message = N_("Aigaq runs as root. Give it a user of its own, whose only right is its data folder.")
        yield "deploy.root", message, {}
    yield from _secrets()
    yield from _log()
    if is_synchronised() is False:
        message = N_(
            "Nothing keeps this computer's clock right. Have it ask a time server: "
            "“timedatectl set-ntp true”, or chrony."
        )
        yield "clock.free", message, {}
    yield from _sandbox(wiring.confinement())
    if not can_set(_LETTERS):
        message = N_(
            "Papers can't be printed: the letters of Kazakh are missing from the fonts that come with "
            "“typst”. Install the requirements anew, with their hashes."
        )
        yield "paper.fonts", message, {}
    yield from _names()
    if not settings.PUBLIC_URL.startswith("https://"):
        # Django's own findings would say the same of each cookie.
        message = N_("AIGAQ_PUBLIC_URL is {url}: passwords would cross the network in clear. Use https.")
        yield "deploy.https", message, {"url": settings.PUBLIC_URL}
        return
    yield from _certificate()
    yield from _reached()
    for finding in run_checks(include_deployment_checks=True):
        if finding.id not in _OTHERS_WORK:
            yield f"django.{finding.id}", "{message}", {"message": finding.msg}


def remarks() -> Iterator[Told]:
    """What this computer lacks that would hold a recording which takes over its examiner."""
    confinement = wiring.confinement()
    for sentence in confinement.weaknesses() if confinement else ():
        yield "media.weak", sentence, {}


def _names() -> Iterator[Told]:
    if "*" in settings.ALLOWED_HOSTS:
        message = N_("AIGAQ_HOSTS lets every host name in. Name those under which the office is reached.")
        yield "deploy.hosts", message, {}
        return
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if not any(_is_of(host, each) for each in settings.ALLOWED_HOSTS):
        message = N_(
            "AIGAQ_HOSTS does not name {host}, the host of AIGAQ_PUBLIC_URL: nobody who comes there is "
            "answered. Add it."
        )
        yield "deploy.public-host", message, {"host": host or "–"}


def _is_of(host: str, allowed: str) -> bool:
    allowed = allowed.strip("[]").lower()
    return host == allowed or (allowed.startswith(".") and f".{host}".endswith(allowed))


def _secrets() -> Iterator[Told]:
    """That nobody else on this computer reads them."""
    for name in settings.PLAIN_SECRETS:
        message = N_(
            "{name} stands in the environment, where other programs of this user and every dump show it. "
            "Write it into a file of mode 600, and name that in {name}_FILE."
        )
        yield "secrets.environment", message, {"name": name}
    files = {
        **settings.SECRET_FILES,
        **({"AIGAQ_TLS_KEY": Path(settings.TLS_KEY)} if settings.TLS_KEY else {}),
    }
    for name, path in files.items():
        try:
            status = path.stat()
        except OSError as error:
            message = N_("The file {path}, named in {name}, can't be read: {reason}. Put it there.")
            yield "secrets.file", message, {"path": path, "name": name, "reason": error.strerror or "–"}
            continue
        forbidden = _WORLD if path.is_relative_to(_CREDENTIALS) else _OTHERS
        if stat.S_ISREG(status.st_mode) and status.st_mode & forbidden:
            message = N_(
                "Others on this computer can read {path}, named in {name}. Take their access away: "
                "chmod go= {path}"
            )
            yield "secrets.exposed", message, {"path": path, "name": name}
    if 0 < len(settings.METRICS_TOKEN) < _LEAST_TOKEN:
        message = N_(
            "The token in AIGAQ_METRICS_TOKEN is too short: give at least {least} random characters."
        )
        yield "secrets.token", message, {"least": _LEAST_TOKEN}


def _log() -> Iterator[Told]:
    for name, value, allowed in (
        ("AIGAQ_LOG", settings.LOG, ("json", "plain")),
        ("AIGAQ_LOG_LEVEL", settings.LOG_LEVEL, settings.LOG_LEVELS),
    ):
        if value not in allowed:
            message = N_("{name} is “{value}”: it must be one of {allowed}.")
            yield (
                "log.setting",
                message,
                {"name": name, "value": value, "allowed": ", ".join(allowed).lower()},
            )


def _sandbox(confinement: Confinement | None) -> Iterator[Told]:
    """Whether recordings, which anybody may have written, are examined where they can do no harm."""
    if confinement is None:
        message = N_(
            "Recordings can't be examined here: the program that does it does not start. "
            "Look whether memory is short, and at the service's limits (SystemCallFilter)."
        )
        yield "media.none", message, {}
    elif not confinement.keeps_files_and_network_away:
        message = N_(
            "Nothing stands between a recording made to do harm and this computer: neither Landlock nor a "
            "filter of system calls works here. Use a kernel of Linux 5.13 or newer that has them."
        )
        yield "media.open", message, {}


def _certificate() -> Iterator[Told]:
    """The one that we ourselves show."""
    if not settings.TLS_CERT:
        return
    about: dict[str, object] = {"path": settings.TLS_CERT}
    try:
        shown = x509.load_pem_x509_certificates(Path(settings.TLS_CERT).read_bytes())[0]
        key = load_pem_private_key(Path(settings.TLS_KEY).read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        message = N_("The certificate in {path} with its key can't be used: {reason}. Give PEM files.")
        yield "tls.files", message, {**about, "reason": str(error) or type(error).__name__}
        return
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if shown.public_key().public_bytes(*form) != key.public_key().public_bytes(*form):
        message = N_("The key in AIGAQ_TLS_KEY is not that of the certificate in {path}. Name its own.")
        yield "tls.key", message, about
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if not _covers(shown, host):
        message = N_(
            "The certificate in {path} is not for {host}: every browser will warn. Have one made for it."
        )
        yield "tls.host", message, {**about, "host": host}
    yield from _expiry(shown.not_valid_after_utc)


def _expiry(ends_at: datetime) -> Iterator[Told]:
    left = ends_at - datetime.now(UTC)
    if left < timedelta(0):
        message = N_("The certificate of {url} expired on {ends_at}: nobody gets in. Renew it.")
        yield "tls.over", message, {"url": settings.PUBLIC_URL, "ends_at": ends_at}
    elif left < EXPIRES:
        message = N_("The certificate of {url} ends in {days} days ({ends_at}). Renew it before then.")
        yield "tls.ends", message, {"url": settings.PUBLIC_URL, "days": left.days, "ends_at": ends_at}


def _covers(certificate: x509.Certificate, host: str) -> bool:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    try:
        return ip_address(host) in names.get_values_for_type(x509.IPAddress)
    except ValueError:
        wild = f"*.{host.partition('.')[2]}"
        return any(each.lower() in (host, wild) for each in names.get_values_for_type(x509.DNSName))


def _reached() -> Iterator[Told]:
    """As a browser would come: through the proxy, if there is one, and with its certificate."""
    url = urlsplit(settings.PUBLIC_URL)
    context = ssl.create_default_context()
    try:
        if settings.TLS_CERT:
            context.load_verify_locations(settings.TLS_CERT)
        line = http.client.HTTPSConnection(
            url.hostname or "", url.port or 443, timeout=_PATIENCE, context=context
        )
        try:
            line.connect()
            shown = line.sock.getpeercert() if isinstance(line.sock, ssl.SSLSocket) else None
            line.request("GET", f"{url.path.rstrip('/')}/health/live")
            status = line.getresponse().status
        finally:
            line.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        message = N_(
            "Nobody answers at {url} as a browser would ask ({reason}). Start “aigaq serve”; then look at "
            "the name, the certificate, and the proxy."
        )
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        yield "deploy.unreachable", message, {"url": settings.PUBLIC_URL, "reason": reason}
        return
    if status != http.client.OK:
        message = N_(
            "{url} is answered, but not by Aigaq (status {status}). A proxy has to pass on every address and "
            "the Host that was asked for."
        )
        yield "deploy.proxy", message, {"url": settings.PUBLIC_URL, "status": status}
    if not settings.TLS_CERT and shown:
        ends_at = ssl.cert_time_to_seconds(str(shown["notAfter"]))
        yield from _expiry(datetime.fromtimestamp(ends_at, UTC))
