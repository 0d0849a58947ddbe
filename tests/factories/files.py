"""Files as browsers send them: honest ones, made by the program itself."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from PIL import Image
from werkzeug.datastructures import FileStorage

from portal.attachments.intake import receiving
from portal.attachments.models import Attachment
from portal.attachments.services import attach
from portal.database import writing
from portal.ideas.models import Idea
from portal.jobs.services import run_ready_tasks
from portal.people.models import Person
from tests.factories.people import actor_of

OFFICE_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
)


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    """A picture of one colour."""
    kept = BytesIO()
    Image.new("RGB", size, (12, 120, 110)).save(kept, form, **options)
    return kept.getvalue()


def archive(parts: dict[str, bytes | str]) -> bytes:
    """A zip of these parts."""
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return kept.getvalue()


def document(text: str = "The letter names no day.", **parts: bytes | str) -> bytes:
    """A Word document; more ``parts`` by name, with ``__`` for a slash."""
    body = f"<w:document><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    named = {name.replace("__", "/"): data for name, data in parts.items()}
    return archive({"[Content_Types].xml": OFFICE_TYPES, "word/document.xml": body, **named})


def sheet(text: str = "Calls") -> bytes:
    """An Excel sheet with one cell."""
    return archive(
        {
            "[Content_Types].xml": OFFICE_TYPES,
            "xl/workbook.xml": "<workbook/>",
            "xl/sharedStrings.xml": f"<sst><si><t>{text}</t></si></sst>",
        }
    )


def pdf(*more: bytes, objects: Sequence[bytes] = ()) -> bytes:
    """A PDF of these objects; without any, of no page, and of ``more`` objects beside."""
    parts = objects or [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        *more,
    ]
    made, places = b"%PDF-1.7\n", [b"0000000000 65535 f \n"]
    for number, part in enumerate(parts, 1):
        places.append(b"%010d 00000 n \n" % len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"xref\n0 %d\n%s" % (len(places), b"".join(places))
    end = b"trailer << /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n"
    return made + table + end % (len(places), len(made))


def sent(name: str, data: bytes) -> FileStorage:
    """A file as a form sends it."""
    return FileStorage(BytesIO(data), filename=name)


def attach_to(
    person: Person, idea: Idea, name: str, data: bytes, *, checked: bool = True
) -> Attachment:
    """Attach a file to an idea, and let the worker judge it; in units of its own."""
    with receiving([sent(name, data)]) as files, writing():
        made = attach(actor_of(person), "idea", idea.id, files)
    if checked:
        run_ready_tasks()
    return made[0]
