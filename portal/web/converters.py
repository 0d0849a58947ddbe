"""References in addresses: ``/ideas/I-1042`` is the idea numbered 1042."""

from typing import Any

from flask import Flask
from werkzeug.routing import BaseConverter, Map


class RefConverter(BaseConverter):
    """``<ref("I"):number>`` reads and writes a reference of one kind."""

    def __init__(self, map: Map, letter: str) -> None:
        super().__init__(map)
        self.letter = letter
        self.regex = rf"{letter}-[1-9][0-9]{{0,8}}"

    def to_python(self, value: str) -> int:
        """The number behind the letter."""
        return int(value[2:])

    def to_url(self, value: Any) -> str:
        """The reference people see."""
        return f"{self.letter}-{value}"


class IdConverter(BaseConverter):
    """A plain key of up to 15 digits, so that no database ever overflows on it."""

    regex = "[1-9][0-9]{0,14}"

    def to_python(self, value: str) -> int:
        """The key."""
        return int(value)


def init_converters(app: Flask) -> None:
    """Make the converters known to routes."""
    app.url_map.converters["ref"] = RefConverter
    app.url_map.converters["id"] = IdConverter
