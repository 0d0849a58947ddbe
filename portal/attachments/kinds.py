"""Which files are taken, and how a kind is told from its first bytes; no database, no Flask.

A file is what its name *and* its content say: both have to agree, and what the browser calls
it counts for nothing.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_BYTES = 10 * 1024 * 1024
MAX_FILES = 5
MAX_BYTES_A_DAY = 100 * 1024 * 1024
HEAD_BYTES = 4096


class Kind(StrEnum):
    """A kind of file that is taken."""

    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"
    GIF = "gif"
    PDF = "pdf"
    TEXT = "txt"
    CSV = "csv"
    WORD = "docx"
    SHEET = "xlsx"


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind is served, and the extensions that the recogniser may give its content."""

    media_type: str
    recognised: frozenset[str]


_OOXML = "application/vnd.openxmlformats-officedocument."
_ZIP = frozenset({".zip", ".docx", ".xlsx", ".pptx"})

FORMS: dict[Kind, Form] = {
    Kind.PNG: Form("image/png", frozenset({".png"})),
    Kind.JPEG: Form("image/jpeg", frozenset({".jpg", ".jpeg", ".jpe", ".jfif"})),
    Kind.WEBP: Form("image/webp", frozenset({".webp"})),
    Kind.GIF: Form("image/gif", frozenset({".gif"})),
    Kind.PDF: Form("application/pdf", frozenset({".pdf"})),
    Kind.TEXT: Form("text/plain", frozenset()),
    Kind.CSV: Form("text/csv", frozenset()),
    Kind.WORD: Form(_OOXML + "wordprocessingml.document", _ZIP),
    Kind.SHEET: Form(_OOXML + "spreadsheetml.sheet", _ZIP),
}

PICTURES = frozenset({Kind.PNG, Kind.JPEG, Kind.WEBP, Kind.GIF})
"""Kinds that are made anew without metadata, and may then be shown in a page."""
TEXTS = frozenset({Kind.TEXT, Kind.CSV})
MAX_PIXELS = {
    Kind.JPEG: 50_000_000,
    Kind.PNG: 25_000_000,
    Kind.GIF: 9_000_000,
    Kind.WEBP: 4_000_000,
}
"""How large a picture may be: what reading and writing it takes stays below 150 MB of memory."""
HALVED_PIXELS = 25_000_000
"""A photograph with more points is read and kept at half its width and height."""
OFFICE = frozenset({Kind.WORD, Kind.SHEET})
ACCEPT = ",".join(f".{kind.value}" for kind in Kind) + ",.jpeg"
"""For the file field of a form."""

_OTHER_NAMES = {"jpeg": Kind.JPEG}
_ACTIVE = re.compile(rb"\s*(?:<[!?/a-z]|#!|mz\x90|\x7felf|%!ps|pk\x03\x04|%pdf|\{\\rtf)", re.I)


def find_kind(name: str) -> Kind | None:
    """The kind that a file's name claims by its last ending."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in _OTHER_NAMES:
        return _OTHER_NAMES[ending]
    return Kind(ending) if ending in set(Kind) else None


def is_content_of(kind: Kind, head: bytes) -> bool:
    """Whether the first bytes are what the kind begins with, and nothing else's beginning."""
    if kind in TEXTS:
        return _looks_like_text(head)
    import puremagic  # only where a file came: its tables are large

    try:
        found = puremagic.magic_string(head)
    except puremagic.PureError:
        return False
    wanted = FORMS[kind].recognised
    begins = _BEGINNINGS[kind].match(head) is not None
    return begins and any(match.extension in wanted for match in found)


_BEGINNINGS = {
    Kind.PNG: re.compile(rb"\x89PNG\r\n\x1a\n"),
    Kind.JPEG: re.compile(rb"\xff\xd8\xff"),
    Kind.WEBP: re.compile(rb"RIFF....WEBP", re.DOTALL),
    Kind.GIF: re.compile(rb"GIF8[79]a"),
    Kind.PDF: re.compile(rb"%PDF-[12]\.\d"),
    Kind.WORD: re.compile(rb"PK\x03\x04"),
    Kind.SHEET: re.compile(rb"PK\x03\x04"),
}


def _looks_like_text(head: bytes) -> bool:
    """Text has no NUL, and begins neither like a program nor like a page for a browser."""
    plain = head.removeprefix(b"\xef\xbb\xbf")
    return b"\0" not in plain and _ACTIVE.match(plain) is None
