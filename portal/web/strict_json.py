"""JSON as RFC 8259 means it to be exchanged: what two programs could read differently is refused.

Python's reader takes NaN, keys that stand there twice, lone surrogates and brackets until its
stack is full; each of these is either a fault in the sender or somebody who tries us.
"""

import json
import re
import unicodedata
from typing import Any, Never

from werkzeug.exceptions import BadRequest

from portal.i18n import gettext as _

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What no keyboard writes: C0 controls but tab and line ends, DEL, lone surrogates."""

MAX_DEPTH = 20
MAX_INTEGER = 2**53
"""Beyond this, programs that count in doubles read another number (RFC 8259, section 6)."""

_SIGN = re.compile(r'\\.|["\[\]{}]', re.S)
"""What opens, closes or escapes."""


class InputRefused(BadRequest):
    """Input that no honest browser sends; the description says what and where."""


def parse_json(raw: bytes) -> Any:
    """The value of a JSON text in UTF-8, its strings in NFC.

    Raises InputRefused for another encoding, more than 20 levels, a key that stands there
    twice, NaN and infinities, integers beyond 2^53, and characters that cannot be kept.
    """
    try:
        text = raw.decode("utf-8")
        _check_depth(text)
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_int=_integer,
            parse_float=_float,
        )
    except UnicodeDecodeError:
        raise InputRefused(_("This is not text in UTF-8.")) from None
    except json.JSONDecodeError as error:
        sentence = _("This is not JSON: line %(n)s cannot be read.", n=error.lineno)
        raise InputRefused(sentence) from None
    return _clean(value)


def _check_depth(text: str) -> None:
    depth, is_string = 0, False
    for sign in _SIGN.findall(text):
        if sign == '"':
            is_string = not is_string
        elif not is_string and sign in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise InputRefused(_("This is nested deeper than %(n)s levels.", n=MAX_DEPTH))
        elif not is_string and sign in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputRefused(_("The key %(key)s stands there twice.", key=_shown(key)))
        found[key] = value
    return found


def _no_number(_name: str) -> Never:
    raise InputRefused(_("NaN and infinite numbers are not taken."))


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > MAX_INTEGER:
        raise InputRefused(_("A whole number is larger than 2^53."))
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    return value if abs(value) < float("inf") else _no_number(digits)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        if FORBIDDEN.search(value):
            raise InputRefused(_("A text holds a character that cannot be kept."))
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(one) for key, one in value.items()}
    return value


def _shown(name: str) -> str:
    return FORBIDDEN.sub("?", name)[:60]
