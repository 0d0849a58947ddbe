"""Files with personal data in them, and files that only look as if: fifty, generated.

Card and account numbers are valid by their check digits and belong to nobody.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from portal.attachments.kinds import Kind
from tests.factories.files import document, pdf, sheet

PERSONAL = {
    "card": "She paid with 4539 1488 0343 6467 last week.",
    "dashed card": "5500-0055-5555-5559 was charged twice.",
    "account": "Refund to DE89 3704 0044 0532 0130 00, please.",
    "mail": "Write to gerda.hoffmann@example.org again.",
    "phone": "Call back under +49 30 901820 before noon.",
}
CLEAN = {
    "counts": "412 calls in week 38, 9.4 minutes each, 1,250 letters.",
    "references": "I-1042 and N-20317 say the same; version 14 of 2026-11-24.",
    "article": "Meter type 4711-0815-99 stands in 3,211 houses.",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file, what it is, and whether a person's data are in it."""

    what: str
    kind: Kind
    data: bytes
    is_personal: bool


def list_files() -> list[Sheet]:
    """The whole corpus, always the same."""
    said = [(name, text, True) for name, text in PERSONAL.items()]
    said += [(name, text, False) for name, text in CLEAN.items()]
    plain = [file for name, text, personal in said for file in _plain(name, text, personal)]
    return [*plain, *_hidden(PERSONAL["card"])]


def _plain(name: str, text: str, personal: bool) -> Iterator[Sheet]:
    """Where people write it: the text, a column, a page, a paragraph, a cell."""
    yield Sheet(f"{name} in a text", Kind.TEXT, f"Hello.\n{text}\n".encode(), personal)
    yield Sheet(f"{name} in a column", Kind.CSV, f'week;said\n38;"{text}"\n'.encode(), personal)
    yield Sheet(f"{name} on a page", Kind.PDF, page_of(text), personal)
    yield Sheet(f"{name} in a letter", Kind.WORD, document(text), personal)
    yield Sheet(f"{name} in a cell", Kind.SHEET, sheet(text), personal)


def _hidden(text: str) -> Iterator[Sheet]:
    """Where a program puts it, and people forget that it is there."""
    note = f"<w:comments><w:comment><w:p><w:t>{text}</w:t></w:p></w:comment></w:comments>"
    runs = "".join(f"<w:r><w:t>{part} </w:t></w:r>" for part in text.split())
    body = f"<w:document><w:body><w:p>{runs}</w:p></w:body></w:document>"
    top = f"<w:hdr><w:p><w:t>{text}</w:t></w:p></w:hdr>"
    yield Sheet("in a comment", Kind.WORD, document(**{"word/comments.xml": note}), True)
    yield Sheet("in runs of a word each", Kind.WORD, document(**{"word/document.xml": body}), True)
    yield Sheet("in a header", Kind.WORD, document(**{"word/header1.xml": top}), True)
    yield Sheet("as cp1252", Kind.TEXT, f"Grüße. {text}".encode("cp1252"), True)
    yield Sheet("with a mark of its order", Kind.CSV, f"a;b\n1;{text}".encode("utf-8-sig"), True)
    yield Sheet("deep in a long text", Kind.TEXT, ("A quiet week. " * 9000 + text).encode(), True)
    yield Sheet("as a packed page", Kind.PDF, page_of(text, packed=True), True)
    yield Sheet("in hexadecimal", Kind.PDF, page_of(text, as_hex=True), True)
    yield Sheet("a piece for each word", Kind.PDF, page_of(text, spread=True), True)
    annotation = b"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (%s) >>" % text.encode()
    yield Sheet("in a note on a page", Kind.PDF, page_of("See note.", annotation), True)


def page_of(
    text: str, *notes: bytes, packed: bool = False, as_hex: bool = False, spread: bool = False
) -> bytes:
    """A PDF of one page on which a text stands, and notes on it."""
    parts = text.split() if spread else [text]
    drawn = [f"<{part.encode().hex()}>" if as_hex else f"({part})" for part in parts]
    shown = f"[{' -250 '.join(drawn)}] TJ" if spread else f"{drawn[0]} Tj"
    page = f"BT /F1 12 Tf 72 720 Td {shown} ET".encode()
    stream, how = (zlib.compress(page), b" /Filter /FlateDecode") if packed else (page, b"")
    ids = b" ".join(b"%d 0 R" % (6 + number) for number in range(len(notes)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots ["
        + ids
        + b"] /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(stream), how, stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *notes,
    ]
    return pdf(objects=objects)
