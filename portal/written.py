"""Columns for what people wrote: the last gate before the database.

Services mask what they are given.  These columns make forgetting it impossible: what still
holds a card number is masked on its way into any statement, whoever built it, and in the tests
it is an error.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, String, Text, TypeDecorator

from portal.columns import Json
from portal.masking import mask

must_be_masked_before = False
"""Whether a text that was not masked before is a programming error; the tests set it."""


class NotMasked(Exception):
    """A service was about to store what nobody had masked."""


def _gated(text: str) -> str:
    masked = mask(text)
    if not masked.found:
        return text
    if must_be_masked_before:
        kinds = ", ".join(finding.kind for finding in masked.found)
        raise NotMasked(f"a text that still holds a {kinds} was about to be stored")
    return masked.text


def gate_json(value: Any) -> Any:
    """A JSON document with every text in it masked, and the names of its members as they are."""
    if isinstance(value, str):
        return _gated(value)
    if isinstance(value, Mapping):
        return {name: gate_json(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [gate_json(one) for one in value]
    return value


class _Masked(TypeDecorator[str]):
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What may be stored."""
        longest: int | None = getattr(self.impl_instance, "length", None)
        return None if value is None else _gated(value)[:longest]


class MaskedText(_Masked):
    """A text that a person wrote, of any length."""

    impl = Text
    cache_ok = True


class MaskedString(_Masked):
    """A short text that a person wrote, of up to so many characters."""

    impl = String
    cache_ok = True


class MaskedJson(TypeDecorator[Any]):
    """A JSON document, some of which a person may have written."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """What may be stored."""
        return gate_json(value)
