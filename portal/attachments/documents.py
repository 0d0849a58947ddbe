"""Texts, PDF and office files: what may not be in them, and what they say.

Runs in the process of ``inspecting`` alone, under its limits.  Nothing is ever unpacked to disk.
"""

import logging
import re
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from portal.attachments.refusals import Refused
from portal.attachments.scanning import refuse_personal_data
from portal.attachments.storage import create
from portal.i18n import gettext as _

MAX_UNPACKED = 60 * 1024 * 1024
"""How many bytes the compressed parts of one file may hold together."""

MAX_PAGES = 200

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PDF_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE)\b"
)
_PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_STREAM = re.compile(rb"stream\r?\n")
_PDF_STRING = re.compile(rb"\(((?:[^()\\]|\\.){1,2000})\)", re.DOTALL)
_PDF_OPERATOR = re.compile(rb"(?<![A-Za-z])(?:Td|TD|T\*|ET|Tm)(?![A-Za-z])")


def remake_text(source: Path, target: Path) -> None:
    """Write a text anew as UTF-8; raises Refused for personal data and for what is no text."""
    text = _decoded(source.read_bytes())
    if _CONTROLS.search(text):
        raise Refused(_("It holds characters that no text has."))
    refuse_personal_data(text)
    with create(target) as file:
        file.write(text.encode())


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_("It is no text that can be read. Save it as UTF-8."))


def remake_pdf(source: Path, target: Path) -> None:
    """Copy a PDF that does nothing by itself; raises Refused for scripts, programs, other files.

    Personal data is looked for in the text that a reader of the pages would copy, and in every
    string that stands in the file beside them; what is only drawn or scanned cannot be read.
    """
    data = source.read_bytes()
    if b"%%EOF" not in data[-2048:]:
        raise Refused(_("It is damaged: the end of the document is missing."))
    if b"/Encrypt" in data:
        raise Refused(_("It is locked with a password. Save it without one."))
    texts = []
    for part in (data, *_unpacked_streams(data)):
        if _PDF_ACTIVE.search(_PDF_ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), part)):
            raise Refused(
                _("It holds a script, a program or another file. Print it as a plain PDF.")
            )
        texts.append(_pdf_text(part))
    refuse_personal_data("\n".join(_page_texts(source)))
    refuse_personal_data("\n".join(texts))
    with create(target) as file, source.open("rb") as original:
        shutil.copyfileobj(original, file)


def _page_texts(source: Path) -> Iterator[str]:
    """What stands on the pages and in their notes, whatever alphabet their fonts have."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages = PdfReader(source).pages
        for page in pages[:MAX_PAGES]:
            yield page.extract_text()
            for note in page.annotations or ():
                yield str(note.get_object().get("/Contents", ""))
        is_long = len(pages) > MAX_PAGES
    except (
        PyPdfError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        raise Refused(_("Its pages cannot be read. Print it as a plain PDF.")) from error
    if is_long:
        raise Refused(_("It has more than %(n)s pages. Attach the part that matters.", n=MAX_PAGES))


def _unpacked_streams(data: bytes) -> Iterator[bytes]:
    """What the compressed streams hold, up to a total; raises Refused beyond it."""
    room = MAX_UNPACKED
    for found in _PDF_STREAM.finditer(data):
        unpacker = zlib.decompressobj()
        try:
            part = unpacker.decompress(data[found.end() : found.end() + MAX_UNPACKED], room + 1)
        except zlib.error:
            continue
        room -= len(part)
        if room < 0:
            raise Refused(_("It unpacks to more than any document needs."))
        yield part


def _pdf_text(part: bytes) -> str:
    """The strings of a page's instructions, a line for each move of the pen."""
    lines = (b"".join(_PDF_STRING.findall(piece)) for piece in _PDF_OPERATOR.split(part))
    return "\n".join(line.decode("latin-1") for line in lines if line)
