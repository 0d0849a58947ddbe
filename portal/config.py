"""The settings: environment variables with the prefix ``PORTAL_``, read once, checked at start."""

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from email.utils import formataddr, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "PORTAL_"
ROOT = Path(__file__).resolve().parent.parent
ROLES = frozenset({"agent", "handler", "head", "deputy", "validator", "leader", "administrator"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class BadSetting(Exception):
    """A setting is unknown or has a bad value; the message names it and what was expected."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that differs between two installations.

    ``instance`` is the folder for the database, the secret key, mails and uploads.
    ``sealing_key`` is the file that opens sealed authors; who keeps the file keeps the seals.
    ``is_demo`` marks a database with public passwords: it serves on loopback only.
    """

    instance: Path
    database_url: str
    read_database_url: str | None
    migration_database_url: str | None
    queue_url: str
    mail_url: str
    mail_from: str
    secret_key: str
    sealing_key: Path
    public_url: str
    trusted_hosts: tuple[str, ...]
    site_name: str
    currency: str
    time_zone: str
    locales: tuple[str, ...]
    trusted_proxies: int
    workers: int
    threads: int
    storage_url: str
    second_factor_roles: tuple[str, ...]

    @property
    def is_secure(self) -> bool:
        """Whether people reach the portal over https."""
        return self.public_url.startswith("https://")

    @property
    def storage_folder(self) -> Path:
        """Where the bytes of attached files stand."""
        return Path(self.storage_url.removeprefix("file:"))

    @property
    def hosts(self) -> frozenset[str]:
        """The names the portal answers to; on plain http every name of this machine's loopback."""
        own = urlsplit(self.public_url).hostname or ""
        return frozenset({own, *self.trusted_hosts, *(() if self.is_secure else LOOPBACK)})

    @property
    def host(self) -> str:
        """The host people type, with its port if it has one."""
        return urlsplit(self.public_url).netloc


def _text(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise ValueError("a text of one line that is not empty")
    return value.strip()


def _count(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", value) or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return parse


def _database_url(value: str) -> str:
    expected = ValueError("sqlite:///path or postgresql+psycopg://user@host/name")
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise expected from None
    if url.drivername not in {"sqlite", "postgresql+psycopg"} or not url.database:
        raise expected
    return value


def _queue_url(value: str) -> str:
    expected = ValueError("sqlite:///path, redis://host:port/0 or postgresql://user@host/name")
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise expected from None
    kinds = {"sqlite", "redis", "rediss", "postgresql", "postgresql+psycopg"}
    if url.drivername not in kinds or (url.drivername == "sqlite" and not url.database):
        raise expected
    return value


def _mail_url(value: str) -> str:
    expected = ValueError(
        "smtp://user:password@host:port?tls=none, starttls or implicit; or file:///folder"
    )
    try:
        parts = urlsplit(value)
        _ = parts.port
        options = parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        raise expected from None
    is_folder = parts.scheme == "file" and parts.path and not parts.netloc and not options
    is_server = parts.scheme == "smtp" and parts.hostname and not parts.path.strip("/")
    tls = options.pop("tls", ["none"])
    if not (is_folder or is_server) or options or tls[-1] not in {"none", "starttls", "implicit"}:
        raise expected
    return value


def _mail_from(value: str) -> str:
    name, address = parseaddr(value)
    if not value.isprintable() or not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        raise ValueError("an address such as ideas@example.com or Idea portal <ideas@example.com>")
    return formataddr((name, address))


def _public_url(value: str) -> str:
    expected = ValueError("an address such as https://ideas.example.com, without a path")
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise expected from None
    more = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in {"http", "https"} or not parts.hostname or more:
        raise expected
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("an https address; plain http is for localhost alone")
    return value.rstrip("/")


def _storage_url(value: str) -> str:
    kind, _colon, path = value.partition(":")
    if kind != "file" or not Path(path).is_absolute():
        raise ValueError("file: and the absolute path of a folder; other stores are not known yet")
    return value


def _hosts(value: str) -> tuple[str, ...]:
    names = tuple(name.strip().casefold() for name in value.split(",") if name.strip())
    if not names or not all(re.fullmatch(r"[a-z0-9.-]{1,253}|[0-9a-f:]{2,39}", n) for n in names):
        raise ValueError("host names separated by commas, without ports, such as ideas.internal")
    return names


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError("a currency code of three capitals such as EUR")
    return value


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("a time zone name such as Europe/Berlin")
    return ZoneInfo(value).key


def _locales(value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    if not names or not all(re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", name) for name in names):
        raise ValueError("language codes separated by commas, such as en,de")
    return names


def _roles(value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    if names != ("none",) and not (names and ROLES.issuperset(names)):
        raise ValueError(f"roles separated by commas, of {', '.join(sorted(ROLES))}; or none")
    return () if names == ("none",) else names


def _key_file(value: str) -> Path:
    path = Path(value)
    if not path.is_absolute():
        raise ValueError("the whole path of a file, such as /etc/portal/sealing_key")
    return path


def _secret(value: str) -> str:
    if len(value) < 32 or len(set(value)) < 10:
        raise ValueError("at least 32 characters of randomness")
    return value


_PARSERS: dict[str, Callable[[str], Any]] = {
    "database_url": _database_url,
    "read_database_url": _database_url,
    "migration_database_url": _database_url,
    "queue_url": _queue_url,
    "mail_url": _mail_url,
    "mail_from": _mail_from,
    "secret_key": _secret,
    "sealing_key": _key_file,
    "public_url": _public_url,
    "trusted_hosts": _hosts,
    "site_name": _text,
    "currency": _currency,
    "time_zone": _time_zone,
    "locales": _locales,
    "trusted_proxies": _count(0, 5),
    "workers": _count(1, 64),
    "threads": _count(1, 64),
    "storage_url": _storage_url,
    "second_factor_roles": _roles,
}

_SETTABLE = {PREFIX + name.upper(): name for name in _PARSERS}
_HARNESS = {"PORTAL_INSTANCE", "PORTAL_TEST_DATA", "PORTAL_TEST_POSTGRESQL"}


def read_config(environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings.

    Raises
    ------
    BadSetting
        For an unknown ``PORTAL_`` variable or a bad value, by name, with what was expected.
    """
    environ = os.environ if environ is None else environ
    given = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
    for name in given:
        if name not in _SETTABLE and name not in _HARNESS:
            raise BadSetting(f"{name} is not a setting. Known: {', '.join(sorted(_SETTABLE))}.")
    instance = Path(given.get("PORTAL_INSTANCE", str(ROOT / "instance"))).resolve()
    values = _defaults(instance)
    for name, key in _SETTABLE.items():
        if name in given:
            values[key] = _parsed(name, given[name], _PARSERS[key])
    if not values["secret_key"]:
        values["secret_key"] = _kept_secret(instance)
    return Config(**{entry.name: values[entry.name] for entry in fields(Config)})


def _parsed(name: str, value: str, parse: Callable[[str], Any]) -> Any:
    try:
        return parse(value)
    except ValueError as error:
        shown = "(hidden)" if "SECRET" in name or "URL" in name else repr(value)
        raise BadSetting(f"{name} is {shown}; expected {error}.") from error


def _defaults(instance: Path) -> dict[str, Any]:
    return {
        "instance": instance,
        "database_url": f"sqlite:///{instance / 'portal.sqlite3'}",
        "read_database_url": None,
        "migration_database_url": None,
        "queue_url": f"sqlite:///{instance / 'jobs.sqlite3'}",
        "mail_url": f"file://{instance / 'mail'}",
        "mail_from": "ideas@localhost",
        "secret_key": "",
        "sealing_key": instance / "sealing_key",
        "public_url": "http://127.0.0.1:8000",
        "trusted_hosts": (),
        "site_name": "Idea portal",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        "locales": ("en",),
        "trusted_proxies": 0,
        "workers": 2,
        "threads": 4,
        "storage_url": f"file:{instance / 'uploads'}",
        "second_factor_roles": ("administrator", "leader"),
    }


def _kept_secret(instance: Path) -> str:
    """The secret of this installation, made on first use and kept for its owner alone."""
    path = instance / "secret_key"
    try:
        instance.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make_secret(path)
        return _secret(path.read_text().strip())
    except OSError as error:
        raise BadSetting(f"The folder {instance} cannot be written: {error.strerror}.") from error
    except ValueError as error:
        raise BadSetting(f"{path} is damaged; remove it, and a new one is made.") from error


def _make_secret(path: Path) -> None:
    """Write the file aside and link it in place, so that nobody ever reads half of it."""
    aside = path.with_name(f".secret_key.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(os.urandom(32).hex())
    with suppress(FileExistsError):  # another process was faster: its secret is the one
        os.link(aside, path)
    aside.unlink()
