"""Pictures made anew: the first frame's points and nothing else that stood in the file.

Runs in the process of ``inspecting`` alone, under its limits.
"""

from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from portal.attachments.kinds import HALVED_PIXELS, MAX_PIXELS, Kind
from portal.attachments.refusals import Refused
from portal.attachments.storage import create
from portal.i18n import format_number
from portal.i18n import gettext as _

THUMBNAIL = (320, 320)
"""The box that a small picture fits into, in pixels."""

_FORMATS = {Kind.PNG: "PNG", Kind.JPEG: "JPEG", Kind.WEBP: "WEBP", Kind.GIF: "GIF"}
_HOW: dict[Kind, dict[str, Any]] = {
    Kind.PNG: {"optimize": False, "compress_level": 6},
    Kind.JPEG: {"quality": 88},
    Kind.WEBP: {"quality": 88, "method": 2},
    Kind.GIF: {"save_all": False},
}

Image.MAX_IMAGE_PIXELS = None  # the size is checked below, before anything is decoded


def remake(kind: Kind, source: Path, target: Path, thumbnail: Path) -> tuple[int, int]:
    """Write the picture and a small one anew; its width and height in pixels.

    It is turned as its camera meant it; a photograph beyond ``HALVED_PIXELS`` is kept at half its
    size.  Raises Refused for what is no such picture or has too many pixels.
    """
    try:
        with Image.open(source, formats=[_FORMATS[kind]]) as image:
            _require_size(kind, *image.size)
            if kind is Kind.JPEG and image.width * image.height > HALVED_PIXELS:
                image.draft("RGB", (image.width // 2, image.height // 2))
            image.load()
            plain = _plain(image, kind)
            _write(plain, kind, target, thumbnail)
            return plain.width, plain.height
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused(_("It is damaged: the picture cannot be read.")) from error


def _write(plain: Image.Image, kind: Kind, target: Path, thumbnail: Path) -> None:
    with create(target) as file:
        plain.save(file, format=_FORMATS[kind], **_HOW[kind])
    step = max(1, min(plain.size) // (4 * THUMBNAIL[0]))  # coarsely first: a blend copies it whole
    small = plain.resize((plain.width // step, plain.height // step), Image.Resampling.NEAREST)
    small.thumbnail(THUMBNAIL)
    with create(thumbnail) as file:
        small.save(file, format="WEBP", quality=80, method=2)


def _require_size(kind: Kind, width: int, height: int) -> None:
    most = MAX_PIXELS[kind]
    if width * height > most:
        raise Refused(
            _(
                "It is %(width)s × %(height)s pixels large; %(most)s million pixels are the most.",
                width=format_number(width),
                height=format_number(height),
                most=most // 1_000_000,
            )
        )


def _plain(image: Image.Image, kind: Kind) -> Image.Image:
    """The picture upright, in colours every kind can hold, without a word beside them."""
    ImageOps.exif_transpose(image, in_place=True)
    is_clear = kind is not Kind.JPEG and image.has_transparency_data
    mode = "RGBA" if is_clear else "RGB"
    plain = image if image.mode == mode else image.convert(mode)
    plain.info = {}
    return plain
