"""Word and Excel files: an archive whose parts are looked at one by one and written anew.

Runs in the process of ``inspecting`` alone, under its limits.  Limits hold for the bytes that
really come out, whatever the archive says of itself.
"""

import re
import zipfile
import zlib
from html import unescape
from pathlib import Path

from portal.attachments.kinds import Kind
from portal.attachments.refusals import Refused
from portal.attachments.scanning import refuse_personal_data
from portal.attachments.storage import create
from portal.i18n import gettext as _

MAX_ENTRIES = 2000
MAX_UNPACKED = 60 * 1024 * 1024
MAX_RATIO = 100
_SMALL = 1024 * 1024
"""Below this, a part may be packed as tightly as it likes."""

_MAIN = {Kind.WORD: "word/document.xml", Kind.SHEET: "xl/workbook.xml"}
_NAME = re.compile(r"(?:[\w\[\]. +@()-]+/)*[\w\[\]. +@()-]+")
_ACTIVE = re.compile(
    r"vbaproject|vbadata|activex|\.(?:bin|exe|dll|js|vbs|ps1|html?|svg|zip|jar|docm|xlsm|ole)$|"
    r"^customui|^xl/externallinks|^word/afchunk|/oleobject",
    re.IGNORECASE,
)
_PROPERTIES = re.compile(r"^docprops/(core|app|custom)\.xml$", re.IGNORECASE)
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_EXTERNAL = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.I)
_LINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_FETCHES = re.compile(rb"\bDDE(?:AUTO)?\b|\bINCLUDE(?:TEXT|PICTURE)\b", re.IGNORECASE)
_TEXT_PART = re.compile(
    r"^(?:word/(?:document|comments|header\d*|footer\d*|footnotes|endnotes)|"
    r"xl/(?:sharedStrings|comments\d*|worksheets/sheet\d+))\.xml$"
)
_BREAK = re.compile(r"</(?:w:p|w:tc|si|row|c|comment)>")
_TAG = re.compile(r"<[^<>]*>")
_EMPTY_PROPERTIES = {
    "core": '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/'
    'metadata/core-properties"/>',
    "app": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"/>',
    "custom": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'custom-properties"/>',
}


def remake_office(kind: Kind, source: Path, target: Path) -> None:
    """Write the archive anew without its properties; raises Refused, see the sentences below."""
    try:
        with zipfile.ZipFile(source) as archive:
            entries = _checked_entries(archive, kind)
            texts: list[str] = []
            with create(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as anew:
                room = MAX_UNPACKED
                for entry in entries:
                    data = _unpacked(archive, entry, room)
                    room -= len(data)
                    anew.writestr(entry.filename, _checked_part(entry.filename, data, texts))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise Refused(_("It is damaged: the document cannot be opened.")) from error
    refuse_personal_data("\n".join(texts))


def _checked_entries(archive: zipfile.ZipFile, kind: Kind) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MAX_ENTRIES or len({name.lower() for name in names}) != len(names):
        raise Refused(_("It has more parts than any document needs."))
    if _MAIN[kind] not in names or "[Content_Types].xml" not in names:
        raise Refused(_("It is no %(kind)s document.", kind=kind.value))
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise _bomb()
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise Refused(_("It is locked with a password. Save it without one."))
        if not _NAME.fullmatch(entry.filename.rstrip("/")) or ".." in entry.filename:
            raise Refused(_("One of its parts has a name that no document has."))
        if _ACTIVE.search(entry.filename):
            raise Refused(_("It holds a macro, a program or another file. Save it without."))
    return [entry for entry in entries if not entry.is_dir()]


def _bomb() -> Refused:
    return Refused(_("It unpacks to more than any document needs."))


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """The part's bytes, read no further than there is room for."""
    with archive.open(entry) as part:
        data = part.read(room + 1)
    if len(data) > room or len(data) > max(_SMALL, MAX_RATIO * entry.compress_size):
        raise _bomb()
    return data


def _checked_part(name: str, data: bytes, texts: list[str]) -> bytes:
    """What to write for a part; its words are added to ``texts``."""
    if properties := _PROPERTIES.match(name):
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        return f"{head}{_EMPTY_PROPERTIES[properties[1].lower()]}".encode()
    if not name.lower().endswith((".xml", ".rels", ".vml")):
        return data
    if b"\0" in data[:64] or _DECLARATION.search(data):
        raise Refused(_("It is written in a way that no office program writes."))
    if any(not _LINK.search(found) for found in _EXTERNAL.findall(data)):
        raise Refused(_("It fetches something from elsewhere when it is opened."))
    if name.startswith("word/") and _FETCHES.search(_TAG.sub("", data.decode("latin-1")).encode()):
        raise Refused(_("It fetches something from elsewhere when it is opened."))
    if _TEXT_PART.match(name):
        text = _BREAK.sub("\n", data.decode("utf-8", "replace"))
        texts.append(unescape(_TAG.sub("", text)))
    return data
