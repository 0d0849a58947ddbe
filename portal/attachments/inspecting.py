"""Reading a stranger's file in a process of its own, with little memory and little time.

``python -m portal.attachments.inspecting KIND SOURCE TARGET THUMBNAIL`` writes the file anew and
prints what it found as JSON: ``width`` and ``height`` of a picture, or why it is ``refused``.
Whatever happens to that process, the worker lives on.
"""

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from portal.attachments.kinds import OFFICE, PICTURES, TEXTS, Kind
from portal.attachments.refusals import Refused
from portal.i18n import gettext as _

MEMORY_BYTES = 800 * 1024 * 1024
CPU_SECONDS = 20
WAIT_SECONDS = 60
LARGEST_FILE = 128 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that was made anew, with its size in pixels if it is a picture."""

    width: int | None
    height: int | None


def inspect(kind: Kind, source: Path, target: Path, thumbnail: Path) -> Inspected:
    """Have the file read and written anew by a process under limits.

    Raises Refused, with a sentence for its sender, where the file may not be shown.
    """
    command = [sys.executable, "-m", "portal.attachments.inspecting", kind.value]
    try:
        done = subprocess.run(
            [*command, str(source), str(target), str(thumbnail)],
            cwd=_ROOT,
            env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            timeout=WAIT_SECONDS,
            check=False,
        )
        said = json.loads(done.stdout or b"{}") if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        said = {}
    if not said:
        raise Refused(_("It takes more time or memory to read than a file may."))
    if "refused" in said:
        raise Refused(said["refused"])
    return Inspected(said["width"], said["height"])


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _read(kind: Kind, source: Path, target: Path, thumbnail: Path) -> Inspected:
    if kind in PICTURES:
        from portal.attachments.pictures import remake

        return Inspected(*remake(kind, source, target, thumbnail))
    if kind in OFFICE:
        from portal.attachments.office import remake_office

        remake_office(kind, source, target)
    else:
        from portal.attachments.documents import remake_pdf, remake_text

        (remake_text if kind in TEXTS else remake_pdf)(source, target)
    return Inspected(None, None)


def main(arguments: list[str]) -> None:
    """Read one file under limits and print what was found."""
    _limit()
    kind, *paths = arguments
    try:
        found = _read(Kind(kind), *map(Path, paths))
        said: dict[str, object] = {"width": found.width, "height": found.height}
    except Refused as error:
        said = {"refused": error.sentence}
    print(json.dumps(said))


if __name__ == "__main__":
    main(sys.argv[1:])
