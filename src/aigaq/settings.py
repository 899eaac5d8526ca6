"""Django settings, from the environment: ``NAME`` or, for a secret, ``NAME_FILE``. Safe by default.

`docs/operations/settings.md` lists every name. Nothing else in Aigaq reads them but the command line,
which speaks (AIGAQ_LANG) before there are settings.
"""

import os
import re
import secrets
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from aigaq.errors import N_, BadInputError

One = TypeVar("One")


class WronglyWrittenError(BadInputError):
    """What stands there instead is not told: it may be a part of a password."""

    code = "settings.wrong"
    message = N_(
        "{name} can't be read. Write it like this: {like} (“docs/operations/settings.md” says more of it)."
    )


def _read(name: str, default: str = "") -> str:
    file = os.environ.get(f"{name}_FILE")
    if file:
        return Path(file).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


SECRET_FILES: dict[str, Path] = {}
"""Of the settings that were given as a file, which file; `aigaq check` looks at its mode."""
PLAIN_SECRETS: list[str] = []
"""Names of those that stand in the environment itself."""


def _secret(name: str) -> str:
    """As `_read`, and remembered. An address without a password in it is no secret."""
    value = _read(name)
    if os.environ.get(f"{name}_FILE"):
        SECRET_FILES[name] = Path(os.environ[f"{name}_FILE"])
    elif value and ("://" not in value or re.search(r":[^/@]+@", value.partition("://")[2])):
        PLAIN_SECRETS.append(name)
    return value


def _parsed(name: str, text: str, parse: Callable[[str], One], like: str) -> One:
    """Raises `WronglyWrittenError`; of the ``ValueError`` of `parse` nothing is told."""
    try:
        return parse(text)
    except ValueError:
        raise WronglyWrittenError(name=name, like=like) from None


def _number(name: str, default: int, *, least: int = 0) -> int:
    def parse(text: str) -> int:
        if (number := int(text)) < least:
            raise ValueError
        return number

    return _parsed(name, _read(name, str(default)), parse, str(default))


def _web_address(text: str) -> SplitResult:
    parts = urlsplit(text)
    # A port that is none is found out when it is asked for.
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError
    return parts


def _origin_of(address: SplitResult) -> str:
    """Of an address of https, as browsers spell it: without capitals, a path, and the port of https."""
    host = str(address.hostname)
    host = f"[{host}]" if ":" in host else host
    port = "" if address.port in (None, 443) else f":{address.port}"
    return f"https://{host}{port}"


def _listed(name: str, default: str) -> list[str]:
    return [part.strip() for part in _read(name, default).split(",") if part.strip()]


def _path(name: str) -> Path | None:
    """The path itself is the setting."""
    value = os.environ.get(name)
    return Path(value) if value else None


DATA = Path(_read("AIGAQ_DATA", "aigaq-data")).resolve()
"""Everything of an installation: database, wrapped keys, vault, docks."""

KEYS = DATA / "keys"
IMMUTABLE = _read("AIGAQ_IMMUTABLE", "yes") != "no"
"""Ask the file system to keep each blob from being changed or removed, by anyone (``chattr +i``); whatever is
written that is not ``no`` is the careful way."""
VAULT_PLACE = _read("AIGAQ_VAULT", str(DATA / "vault"))
"""Where recordings lie: a folder, or a bucket (``s3://bucket/prefix?endpoint=https://…``)."""
VAULT = DATA / "staging" if VAULT_PLACE.startswith("s3:") else Path(VAULT_PLACE).resolve()
"""The vault's folder; of one in a bucket, where recordings lie here, sealed, until they are there."""
VAULT_COPIES = _read("AIGAQ_VAULT_COPIES")
"""Further places, each with its name: ``disk=/mnt/disk/aigaq,site=s3://…``
(`docs/operations/vault-copies.md`)."""
COPIES_REQUIRED = _read("AIGAQ_COPIES_REQUIRED")
"""How many of them each recording has to be in, or in which: ``1``, ``site``, ``site,2``; empty: in all."""
S3_ACCESS_KEY = _secret("AIGAQ_S3_ACCESS_KEY")
S3_SECRET_KEY = _secret("AIGAQ_S3_SECRET_KEY")
LOCK_MARGIN_DAYS = _number("AIGAQ_LOCK_MARGIN_DAYS", 31)
"""Days beyond the years of the order for which a bucket is told to keep each recording."""
SCRUB_DAYS = _number("AIGAQ_SCRUB_DAYS", 30)
"""Within so many days every stored recording is read and compared, in the vault and each copy; 0: never."""
SCRUB_RATE = _number("AIGAQ_SCRUB_RATE", 20)
COPY_RATE = _number("AIGAQ_COPY_RATE", 0)
"""MiB that may be read in a second for it; 0: as fast as it goes."""
SPOOL = Path(_read("AIGAQ_SPOOL", str(DATA / "spool"))).resolve()
"""Where a derivative lies, sealed and without a name, until it is whole and goes into the vault."""
PROXY_AT_UNLOAD = _number("AIGAQ_PROXY_AT_UNLOAD", 256)
"""MiB of the largest recording of which a playable copy is made while its card is unloaded, where that is
cheap; 0: all are made when somebody asks."""
DOCKS = Path(_read("AIGAQ_DOCKS", str(DATA / "docks"))).resolve()
"""The watched folder: each folder in it is a port into which a card or a recorder is plugged."""

USB = _read("AIGAQ_USB", "auto")
"""Whether cards on USB are mounted and unloaded here: where it can be done (``auto``), ``yes`` or ``no``."""
MOUNTS = Path(_read("AIGAQ_MOUNTS", str(DATA / "mounts"))).resolve()
"""Where they are mounted while that is done; nothing else lies in it."""
PORTS = Path(_read("AIGAQ_PORTS", str(DATA / "ports.toml"))).resolve()
"""What the office calls its ports; need not be there (`dock.ports`)."""
RECORDERS = Path(_read("AIGAQ_RECORDERS", str(DATA / "recorders"))).resolve()
"""Recorder profiles of this office's own (``*.toml``, `docs/formats/recorder-profile.md`)."""
CLOCK_DRIFT = timedelta(seconds=_number("AIGAQ_CLOCK_DRIFT", 60))
"""How far a recorder's clock may be off until it is an incident."""

WORKING_DAY_ENDS = _parsed(
    "AIGAQ_WORKING_DAY_ENDS", _read("AIGAQ_WORKING_DAY_ENDS", "18:30"), time.fromisoformat, "18:30"
)
"""Kazakhstan's time. Recorders are handed back by then (paragraph 24); order No. 236 says no hour."""

SAMPLE_PERCENT = _number("AIGAQ_SAMPLE_PERCENT", 0)
SAMPLE_LEAST = _number("AIGAQ_SAMPLE_LEAST", 0)
"""More than the regulation profile asks of a month's sample (`docs/lifecycles/sample-review.md`)."""

READ_TWICE = _read("AIGAQ_READ_TWICE", "doubt")
"""When a file is read a second time before it is deleted from a card: ``doubt`` or ``always``."""
CARD_LIMITS = {
    "errors": _number("AIGAQ_CARD_READ_ERRORS", 3),
    "partial": _number("AIGAQ_CARD_PARTIAL_FILES", 1),
    "protected": _number("AIGAQ_CARD_WRITE_PROTECTED", 2),
    "years": _number("AIGAQ_CARD_YEARS", 5),
    "cycles": _number("AIGAQ_CARD_CYCLES", 1000),
    "fillings": _number("AIGAQ_CARD_FILLINGS", 300),
}
"""From what on a card is to be retired; 0: it does not count (`docs/operations/settings.md`)."""

PUBLIC_URL = _read("AIGAQ_PUBLIC_URL", "http://127.0.0.1:8000")
_public = _parsed("AIGAQ_PUBLIC_URL", PUBLIC_URL, _web_address, "https://aigaq.example.kz")
_https = _public.scheme == "https"

_secret_file = KEYS / "sessions.key"
# Without an installation (aigaq init, --help, the type checker) a key of this process alone is enough.
SECRET_KEY = _secret_file.read_text(encoding="ascii") if _secret_file.exists() else secrets.token_urlsafe(48)
DEBUG = False
ALLOWED_HOSTS = _listed("AIGAQ_HOSTS", f"127.0.0.1,localhost,[::1],{_public.hostname}")
CSRF_TRUSTED_ORIGINS = [_origin_of(_public)] if _https else []

TLS_CERT = _read("AIGAQ_TLS_CERT")
TLS_KEY = _read("AIGAQ_TLS_KEY")
"""Files (PEM) with which `aigaq serve` speaks HTTPS by itself; empty: HTTP, for a proxy before it."""

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
METRICS_TOKEN = _secret("AIGAQ_METRICS_TOKEN")
"""With it figures for monitoring are given to other computers too (`docs/operations/metrics.md`)."""
PROXIES = _listed("AIGAQ_PROXIES", "")
"""Addresses or networks of proxies before us: what they say of who asks, and over https, is believed."""
PROCESS_SECRET_FILE = _path("AIGAQ_PROCESS_SECRET_FILE")
"""In memory alone (tmpfs): the third part of an opened vault, where web processes have to share it."""
JOB_LEASE = _number("AIGAQ_JOB_LEASE", 30, least=1)
"""Seconds until a job is taken up whose process gives no sign of life."""

INSTALLED_APPS = [
    "django_q",
    "aigaq.schema",
    "aigaq.jobs",
    "aigaq.ledger",
    "aigaq.accounts",
    "aigaq.access",
    "aigaq.registry",
    "aigaq.journal",
    "aigaq.recordings",
    "aigaq.copies",
    "aigaq.incidents",
    "aigaq.review",
    "aigaq.retention",
    "aigaq.disclosure",
    "aigaq.prints",
    "aigaq.notices",
    "aigaq.docks",
    "aigaq.ingest",
    "aigaq.tallies",
    "aigaq.web",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "aigaq.web.middleware.RequestIdMiddleware",
    "aigaq.web.proxies.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "aigaq.web.security.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "aigaq.web.languages.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "aigaq.web.middleware.StandingMiddleware",
    "aigaq.web.middleware.FollowUpMiddleware",
    "aigaq.web.pressed.PressedMiddleware",
    "aigaq.web.middleware.ErrorSentenceMiddleware",
]

ROOT_URLCONF = "aigaq.web.urls"
WSGI_APPLICATION = "aigaq.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "aigaq.web.context.office",
            ],
        },
    },
]
FORM_RENDERER = "aigaq.web.rendering.Renderer"
CSRF_FAILURE_VIEW = "aigaq.web.errors.csrf_failure"


def database_of(url: str) -> dict[str, object]:
    """``postgresql://user:password@host:port/name``, or the SQLite file of the installation.

    Raises a ``ValueError`` of any other address: it may have a part of a password in it.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "aigaq.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                # Of 128, SQLite's own, a verification of every table would find none again.
                "cached_statements": 512,
                # FULL: in WAL mode NORMAL loses what was committed when the power goes.
                # recursive_triggers: without it REPLACE deletes past the insert-only triggers.
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                    "PRAGMA recursive_triggers=ON;"
                ),
            },
        }
    parts = urlsplit(url)
    # “/”, “?” or “#” in a password ends the host for whoever reads it; it is written %2F, %3F, %23.
    is_whole = not (parts.query or parts.fragment or "@" in parts.path)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/") or not is_whole:
        raise ValueError
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        # A host that vanished lets go of its locks within a minute (aigaq.jobs.alone).
        "OPTIONS": {
            "options": "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
        },
    }


# Whoever serves the queue is aigaq.jobs, not the library's cluster; the library warns unless the first is no
# more than the second.
Q_CLUSTER = {
    "name": "aigaq",
    "orm": "default",
    "broker_class": "aigaq.jobs.broker.Leased",
    "timeout": JOB_LEASE,
    "retry": JOB_LEASE,
}

DATABASES = {
    "default": _parsed(
        "AIGAQ_DATABASE_URL",
        _secret("AIGAQ_DATABASE_URL"),
        database_of,
        "postgresql://user:password@host:port/name",
    )
}
MOVE_TO = _secret("AIGAQ_MOVE_TO")
"""Where `aigaq move` takes the database; needed for that alone."""
DRILL_DATABASE_URL = _secret("AIGAQ_DRILL_DATABASE_URL")
"""An empty database for `aigaq restore --drill`, which may be thrown away; empty with SQLite."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"

SMTP_URL = _secret("AIGAQ_SMTP_URL")
"""Where letters are handed over; empty: none are sent by e-mail."""
SMTP_CA = _read("AIGAQ_SMTP_CA")
MAIL_FROM = _read("AIGAQ_MAIL_FROM")
NOTICE_COMMAND = _read("AIGAQ_NOTICE_COMMAND")
"""A program that is given letters as JSON; empty: none."""

# A browser takes a cookie of such a name from this very host alone: no neighbour below the same domain can
# put one of theirs in its place (RFC 6265bis section 4.1.3.2).
_prefix = "__Host-" if _https else ""
SESSION_COOKIE_NAME = f"{_prefix}aigaq_session"
CSRF_COOKIE_NAME = f"{_prefix}csrftoken"
UNLOCK_COOKIE_NAME = f"{_prefix}aigaq_unlock"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Strict"
LANGUAGE_COOKIE_SECURE = _https
LOCALE_PATHS = [Path(__file__).parent / "locale"]
FORMAT_MODULE_PATH = ["aigaq.locale.formats"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Almaty"

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

UNLOCK_SECONDS = 15 * 60
"""How long an unlocked vault may stay open in one browser session (R6.2)."""

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
"""Choosing for a demand carries one for each of a thousand recordings, and three for each film of them;
the page of labels one for each recorder and card."""

LOG = _read("AIGAQ_LOG") or ("json" if "JOURNAL_STREAM" in os.environ else "plain")
"""How the technical log is written: ``json`` (the default under systemd) or ``plain``."""
LOG_LEVEL = _read("AIGAQ_LOG_LEVEL", "warning").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "aigaq.core.logs.JsonLines"},
        "plain": {"()": "aigaq.core.logs.PlainLines"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain" if LOG == "plain" else "json"}
    },
    # What is written wrongly, `aigaq check` names.
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL if LOG_LEVEL in LOG_LEVELS else "WARNING"},
}
