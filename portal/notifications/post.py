"""Handing letters over: to an SMTP server, or into a folder as files."""

import os
import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from html import escape
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from portal.database import refuse_in_unit
from portal.now import now

ANSWER_SECONDS = 15.0
WHOLE_SECONDS = 45.0
"""A server that dribbles is left after this, so that no letter holds a worker for ever."""
REST = timedelta(seconds=20)
"""After a server was away, how long letters wait without asking it again."""
PORTS = {"none": 25, "starttls": 587, "implicit": 465}


class MailAway(Exception):
    """The server does not answer, or not now; the letter is tried again later."""


class MailRefused(Exception):
    """The letter was refused for good; ``is_address`` when the address is the reason."""

    def __init__(self, reason: str, *, is_address: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_address = is_address


class Carrier(Protocol):
    """Takes letters away."""

    def carry(self, letter: EmailMessage) -> None:
        """Hand a letter over; raises MailAway or MailRefused."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Letters as ``.eml`` files, which any mail program opens."""

    path: Path

    def carry(self, letter: EmailMessage) -> None:
        """Write the file aside and move it in place; the same letter again replaces it."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            sent = parsedate_to_datetime(letter["Date"])
            name = "".join(c if c.isalnum() or c in "-." else "-" for c in letter["Message-ID"])
            target = self.path / f"{sent:%Y%m%d-%H%M%S}-{name.strip('-')}.eml"
            aside = target.with_suffix(".part")
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(letter.as_bytes())
            aside.rename(target)
        except OSError as error:
            raise MailAway(f"{self.path} cannot be written: {error.strerror}") from error

    def forget(self, address: str, name: str) -> int:
        """Remove the letters to this address, and those that hold it or the name; how many."""
        found = [file for file in self.path.glob("*.eml") if _tells_of(file, address, name)]
        for file in found:
            file.unlink(missing_ok=True)
        return len(found)


def _tells_of(file: Path, address: str, name: str) -> bool:
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    parts = (part.get_content() for part in letter.walk() if part.get_content_maintype() == "text")
    text = "\n".join([*(str(value) for value in letter.values()), *parts])
    return address.casefold() in text.casefold() or name in text or escape(name) in text


@dataclass(slots=True)
class Smtp:
    """An SMTP server, asked anew for every letter."""

    host: str
    port: int
    tls: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    away_until: datetime | None = None

    def carry(self, letter: EmailMessage) -> None:
        """Hand the letter to the server, or say why not."""
        moment = now()
        if self.away_until is not None and moment < self.away_until <= moment + REST:
            raise MailAway(f"{self.host} was away a moment ago")
        try:
            with self._open() as client, _deadline(client):
                client.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()))
            _raise(code, reason, is_address=True)
        except smtplib.SMTPDataError as error:
            _raise(error.smtp_code, error.smtp_error, is_address=False)
        except (OSError, smtplib.SMTPException) as error:
            self.away_until = moment + REST
            raise MailAway(f"{self.host}:{self.port} does not take it: {error}") from error

    @contextmanager
    def _open(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        if self.tls == "implicit":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=ANSWER_SECONDS, context=context
            )
        else:
            client = smtplib.SMTP(self.host, self.port, timeout=ANSWER_SECONDS)
        with client:
            if self.tls == "starttls":
                client.starttls(context=context)
            if self.user:
                client.login(self.user, self.password or "")
            yield client

    def check(self) -> None:
        """Say hello to the server, with the password; raises MailAway."""
        try:
            with self._open() as client:
                client.noop()
        except (OSError, smtplib.SMTPException) as error:
            raise MailAway(f"{self.host}:{self.port} does not answer: {error}") from error


@contextmanager
def _deadline(client: smtplib.SMTP) -> Iterator[None]:
    timer = threading.Timer(WHOLE_SECONDS, client.close)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _raise(code: int, reason: bytes | str, *, is_address: bool) -> None:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    said = f"{code} {' '.join(text.split())}"
    if 500 <= code < 600:
        raise MailRefused(said, is_address=is_address)
    raise MailAway(said)


def open_carrier(url: str) -> Smtp | Folder:
    """The carrier behind ``smtp://user:password@host:port?tls=…`` or ``file:///folder``."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Folder(Path(unquote(parts.path)))
    tls = parse_qs(parts.query).get("tls", ["none"])[-1]
    return Smtp(
        parts.hostname or "localhost",
        parts.port or PORTS[tls],
        tls,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What every letter of this portal has in common, and who carries them."""

    carrier: Carrier
    sender: str
    public_url: str
    site_name: str
    secret: str
    locale: str

    @property
    def domain(self) -> str:
        """Where the letters come from, for their ids."""
        return parseaddr(self.sender)[1].rpartition("@")[2]


_office: PostOffice | None = None


def use(office: PostOffice) -> PostOffice:
    """Make this the process's post office."""
    global _office
    _office = office
    return office


def office() -> PostOffice:
    """The process's post office."""
    if _office is None:
        raise RuntimeError("no post office is in use; call portal.notifications.post.use() first")
    return _office


def forget(address: str, name: str) -> int:
    """Remove the letters in the folder that tell of somebody; what a server took is gone."""
    carrier = office().carrier
    return carrier.forget(address, name) if isinstance(carrier, Folder) else 0


def send(letter: EmailMessage) -> None:
    """Hand a letter over, never while a writing unit is open."""
    refuse_in_unit("mail")
    office().carrier.carry(letter)
