"""Fetch the front end's third-party files again and prove that they are the ones we chose.

``static/vendor/vendor.json`` names each package, its version, the integrity of its npm tarball
(Subresource Integrity, sha512) and every file kept from it with its own integrity (sha384).

    python tools/vendor.py            fetch, verify, write; fails if anything differs
    python tools/vendor.py --update   after changing a version: write the new integrities down

Only the standard library and ``npm pack`` are used, so the registry is whichever npm is set to.
Running it twice changes nothing. Bootstrap's embedded ``data:`` images become files, because the
pages run under a Content-Security-Policy that allows images from our own host alone.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
LIST = VENDOR / "vendor.json"

DATA_IMAGE = re.compile(rb"""url\(\s*(["']?)data:image/svg\+xml,(.*?)\1\s*\)""", re.DOTALL)
SOURCE_MAP = re.compile(rb"/\*# sourceMappingURL=.*?\*/\s*\Z")


def integrity(content: bytes, algorithm: str) -> str:
    """The Subresource Integrity string of `content`, such as ``sha384-…`` (W3C SRI)."""
    digest = base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
    return f"{algorithm}-{digest}"


def split_images(css: bytes) -> tuple[bytes, dict[str, bytes]]:
    """`css` with its embedded SVG images as files below ``images/``, and those files.

    Each file is named by the hash of its content: the same picture is written once, and the
    result depends on nothing but the stylesheet.
    """
    images: dict[str, bytes] = {}

    def replace(match: re.Match[bytes]) -> bytes:
        picture = unquote_to_bytes(match[2]) + b"\n"
        name = f"images/{hashlib.sha256(picture).hexdigest()[:12]}.svg"
        images[name] = picture
        return b"url(" + name.encode() + b")"

    return SOURCE_MAP.sub(b"", DATA_IMAGE.sub(replace, css)), images


def pack(package: dict[str, Any], folder: Path) -> bytes:
    """The npm tarball of one package, as ``npm pack`` delivers it."""
    wanted = f"{package['name']}@{package['version']}"
    command = ["npm", "pack", wanted, "--silent", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (folder / package["tarball"]).read_bytes()


def kept_files(package: dict[str, Any], folder: Path) -> dict[str, bytes]:
    """Every file we keep from an unpacked tarball, by its path below ``static/vendor``."""
    kept: dict[str, bytes] = {}
    with tarfile.open(folder / package["tarball"]) as archive:
        for source, target in package["keep"].items():
            member = archive.extractfile(f"package/{source}")
            if member is None:
                raise SystemExit(f"{package['name']}: {source} is not a file")
            kept[target] = member.read()
    for target in [path for path in kept if path.endswith(".css")]:
        kept[target], images = split_images(kept[target])
        parent = target.rsplit("/", 1)[0]
        kept |= {f"{parent}/{name}": picture for name, picture in images.items()}
    return kept


def refresh(package: dict[str, Any], *, update: bool) -> None:
    """Fetch one package, compare it with the list (or `update` the list) and write its files.

    Raises SystemExit when the tarball or a file differs from what the list says.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tarball = integrity(pack(package, folder), "sha512")
        kept = kept_files(package, folder)
    files = {target: integrity(content, "sha384") for target, content in sorted(kept.items())}
    if update:
        package |= {"integrity": tarball, "files": files}
    if (package["integrity"], package["files"]) != (tarball, files):
        raise SystemExit(f"{package['name']} {package['version']} is not what vendor.json says")
    for target, content in kept.items():
        path = VENDOR / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def main() -> int:
    """Refresh every package of the list."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true", help="write the new integrities down")
    update = parser.parse_args().update
    listed = json.loads(LIST.read_text(encoding="utf-8"))
    for package in listed["packages"]:
        refresh(package, update=update)
        print(f"{package['name']} {package['version']}: {len(package['files'])} files")
    LIST.write_text(json.dumps(listed, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
