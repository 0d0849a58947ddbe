"""Log lines for machines: one JSON object a line, and in it nothing that a person typed.

Messages of exceptions quote what was wrong (a value, a row, a token), so a fault is logged by its
kind and by where it happened.  Only what the machine itself complains about (database,
disk) is quoted, by its first line.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

MAX_LINE = 8000
"""The longest line in bytes; longer ones are cut and say so."""

_MAX_FRAMES = 30
_QUOTED = ("OperationalError", "OSError", "DatabaseUnreachable")
_USUAL = frozenset(
    {*vars(logging.LogRecord("", 0, "", 0, "", (), None)), "message", "asctime", "taskName"}
)


class JsonLines(logging.Formatter):
    """Formats a record as one line of ASCII: when, how bad, who says what, and where it broke."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; control characters, line ends included, are escaped."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in _USUAL}
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = list(_describe(record.exc_info[1]))
        text = _dumped(line)
        if len(text) > MAX_LINE:
            text = _dumped({key: _cut(value) for key, value in line.items()} | {"is_cut": True})
        return text if len(text) <= MAX_LINE else f'{{"is_cut": true, "from": {record.name!a}}}'


def _dumped(line: dict[str, Any]) -> str:
    return json.dumps(line, default=repr).replace("\x7f", "\\u007f")


def _cut(value: Any) -> Any:
    if isinstance(value, list):
        return [str(one)[:100] for one in value[-10:]]
    return value if isinstance(value, int | float | None) else str(value)[:150]


def _describe(error: BaseException) -> Iterator[str]:
    """Kinds and places of an error and of what caused it, the outermost first."""
    seen: BaseException | None = error
    for _place in range(3):
        if seen is None:
            return
        names = [kind.__name__ for kind in type(seen).__mro__]
        said = ""
        if any(name in _QUOTED for name in names):
            said = ": " + str(getattr(seen, "orig", None) or seen).partition("\n")[0][:200]
        yield type(seen).__name__ + said
        for frame in traceback.extract_tb(seen.__traceback__)[-_MAX_FRAMES:]:
            yield f"{frame.filename}:{frame.lineno} {frame.name}"
        seen = seen.__cause__ or seen.__context__


def start_logging() -> None:
    """Write to the error stream, unless somebody listens already."""
    root = logging.getLogger()
    if not root.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLines())
        root.addHandler(handler)
        root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
