"""Sending every hostile file by the form, letting the worker judge, and judging what is given out.

``python -m tests.attachments`` prints one JSON line of figures.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path

from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from portal.attachments import storage
from portal.attachments.kinds import FORMS, MAX_BYTES, PICTURES, find_kind
from portal.attachments.models import Attachment, State
from portal.config import ROOT
from portal.database import reading, writing
from portal.ideas.models import Idea
from portal.jobs.services import run_ready_tasks
from portal.limits.models import RateCount
from portal.people.models import Person
from tests.attachments.hostile import CANARY, Hostile
from tests.support.client import ORIGIN, Client

_BOUNDARY = b"----hostile"


@dataclass
class Figures:
    """What was sent, and what became of it."""

    files: int = 0
    refused_at_once: int = 0
    refused_by_worker: int = 0
    harmless: int = 0
    portal_growth_mb: int = 0
    reader_peak_mb: int = 0
    faults: list[str] = field(default_factory=list)

    def as_line(self) -> dict[str, object]:
        """For one JSON line."""
        return {**asdict(self), "faults": len(self.faults), "first": self.faults[:5]}


def send_raw(client: Client, address: str, token: str, hostile: Hostile) -> TestResponse:
    """Send a file with its name byte for byte, and a key that nobody asked for."""
    name = hostile.name.encode("utf-8", "surrogatepass")
    head = b'Content-Disposition: form-data; name="'
    parts = [
        head + b'csrf_token"\r\n\r\n' + token.encode(),
        head + b'key"\r\n\r\n' + b"0" * 32,
        head + b'files"; filename="' + name.replace(b'"', b"%22").replace(b"\r\n", b" ")
        + b'"\r\nContent-Type: text/html\r\n\r\n' + hostile.data,
    ]  # fmt: skip
    body = b"".join(b"--" + _BOUNDARY + b"\r\n" + part + b"\r\n" for part in parts)
    return client.http.post(
        address,
        data=body + b"--" + _BOUNDARY + b"--\r\n",
        content_type="multipart/form-data; boundary=----hostile",
        headers={"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"},
        base_url=ORIGIN,
    )


def run(app: Flask, sender: Person, idea: Idea, corpus: Sequence[Hostile], around: Path) -> Figures:
    """Send the corpus to an idea of the sender's; ``around`` is the folder above the storage."""
    figures = Figures()
    client = Client(app).sign_in(sender)
    token = client.token()
    address = f"/ideas/I-{idea.number}/files"
    outside = _list_outside(around)
    before = _resident_mb()
    for hostile in corpus:
        figures.files += 1
        answer = send_raw(client, address, token, hostile)
        figures.faults += _judge_answer(hostile, answer, figures)
        for file in _take_made():
            figures.faults += _judge_file(client, address, hostile, file, figures)
        _forget()
    figures.portal_growth_mb = _resident_mb() - before
    if more := _list_outside(around) - outside:
        figures.faults.append(f"written outside the storage: {sorted(more)[:3]}")
    return figures


def _judge_answer(hostile: Hostile, answer: TestResponse, figures: Figures) -> Iterator[str]:
    if answer.status_code == 303:
        return
    figures.refused_at_once += 1
    if answer.status_code not in {400, 403, 413, 422}:
        yield f"{hostile.what}: {answer.status_code}"
    if answer.text.count("<h1") != 1:
        yield f"{hostile.what}: not a page that says why"


def _take_made() -> list[Attachment]:
    """What the worker made of the files that are there."""
    run_ready_tasks()
    with reading() as reader:
        return list(reader.query(Attachment))


_READ = """
import sys
from portal.attachments.inspecting import main
try:
    main(sys.argv[1:])
finally:
    print(open("/proc/self/status").read().split("VmHWM:")[1].split()[0], file=sys.stderr)
"""


def measure_reader(corpus: Sequence[Hostile], folder: Path) -> int:
    """The most memory, in MB, that reading any of these files took its process.

    Files that are refused before anything reads them are left out.
    """
    most = 0
    for number, hostile in enumerate(corpus):
        kind = find_kind(hostile.name)
        if kind is None or len(hostile.data) > MAX_BYTES:
            continue
        source, target, small = (folder / f"{part}-{number}" for part in ("in", "out", "small"))
        source.write_bytes(hostile.data)
        command = [sys.executable, "-c", _READ, kind, str(source), str(target), str(small)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        most = max(most, int(done.stderr.split()[-1]) // 1024)
        for path in (source, target, small):
            path.unlink(missing_ok=True)
    return most


def _forget() -> None:
    """Make room for the next: the limits on files and on sending them are tested elsewhere."""
    with writing() as unit:
        unit.query(RateCount).delete()
        for file in unit.query(Attachment):
            storage.active().remove([file.key, file.thumbnail_key])
            unit.delete(file)


def _judge_file(
    client: Client, address: str, hostile: Hostile, file: Attachment, figures: Figures
) -> Iterator[str]:
    said = f"{hostile.what}"
    if file.state is State.REFUSED:
        figures.refused_by_worker += 1
        if file.key is not None or not (file.reason or "").endswith("."):
            yield f"{said}: refused, but {file.key} is kept or nothing is said"
        return
    if file.state is not State.CLEAN:
        yield f"{said}: left as {file.state}"
        return
    figures.harmless += 1
    yield from _judge_bytes(said, file)
    answers = {part: client.get(f"{address}/{file.id}{part}") for part in ("", "/picture")}
    for part, answer in answers.items():
        yield from _judge_headers(f"{said}{part}", file, part, answer)


def _judge_bytes(said: str, file: Attachment) -> Iterator[str]:
    path = storage.active().path(file.key or "")
    data = path.read_bytes()
    if path.stat().st_mode & 0o777 != 0o600:
        yield f"{said}: others may read it"
    if path.name == "0" * 32:
        yield f"{said}: the sender chose its key"
    if file.kind in PICTURES and CANARY in data:
        yield f"{said}: the picture still says what it said"
    if b"docProps" in data and CANARY in data and "properties" in said:
        yield f"{said}: its properties still say who wrote it"
    if any(ord(sign) < 32 or sign in "\u202e/\\<>" for sign in file.name):
        yield f"{said}: its name is {file.name!r}"


def _judge_headers(said: str, file: Attachment, part: str, answer: TestResponse) -> Iterator[str]:
    heads = answer.headers
    if part and file.kind not in PICTURES:
        if answer.status_code != 404:
            yield f"{said}: shown inline"
        return
    if answer.status_code != 200:
        yield f"{said}: {answer.status_code}"
        return
    how = "inline" if part else "attachment"
    if not heads["Content-Disposition"].startswith(f"{how}; filename*=UTF-8''"):
        yield f"{said}: {heads['Content-Disposition']}"
    if answer.mimetype != FORMS[file.kind].media_type or heads["Content-Type"].count(";") > 1:
        yield f"{said}: {heads['Content-Type']}"
    if not heads["Content-Security-Policy"].startswith("sandbox; default-src 'none'"):
        yield f"{said}: {heads['Content-Security-Policy']}"
    if heads["X-Content-Type-Options"] != "nosniff":
        yield f"{said}: may be sniffed"
    if part:
        with Image.open(BytesIO(answer.data)) as image:
            if image.format not in {"PNG", "JPEG", "GIF", "WEBP"}:
                yield f"{said}: shown inline as {image.format}"
            if image.getexif():
                yield f"{said}: still knows its camera"


def _list_outside(around: Path) -> set[str]:
    inside = storage.active().folder
    return {
        str(path) for path in around.rglob("*") if path.is_file() and inside not in path.parents
    }


def _resident_mb() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    return 0
