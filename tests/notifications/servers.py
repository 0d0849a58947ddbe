"""A real SMTP server on loopback, which can refuse, be slow, and remembers what it took."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.support.server import free_port


class Box:
    """What an SMTP server does with letters: keeps them, refuses some addresses, takes its time."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refused: dict[str, str] = {}
        self.data_answer = "250 taken"
        self.wait_seconds = 0.0

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Refuse who is to be refused."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        """Keep the letter, slowly."""
        time.sleep(self.wait_seconds)
        if self.data_answer.startswith("250"):
            letter = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        return self.data_answer

    def to(self, address: str) -> list[EmailMessage]:
        """The letters to one address."""
        return [one for one in self.letters if one["To"].addresses[0].addr_spec == address]

    def subjects(self, address: str) -> list[str]:
        """What they are about."""
        return [str(one["Subject"]) for one in self.to(address)]


class Mailbox:
    """An SMTP server at a fixed port that can be away and come back with its letters."""

    def __init__(self) -> None:
        self.port = free_port()
        self.box = Box()

    @property
    def url(self) -> str:
        """As a setting."""
        return f"smtp://127.0.0.1:{self.port}"

    @contextmanager
    def open(self) -> Iterator[Box]:
        """Take letters during the block; outside it the port refuses connections."""
        controller = Controller(self.box, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield self.box
        finally:
            controller.stop()
            self._wait_until_closed()

    def _wait_until_closed(self) -> None:
        for _attempt in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)):
                    return
            time.sleep(0.02)
