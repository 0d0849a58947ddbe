"""Fetch the front end's third-party files again and prove that they are the ones we chose.

``static/vendor/vendor.json`` names each package, its version, the integrity of its npm tarball
(Subresource Integrity, sha512) and every file kept from it with its own integrity (sha384).

    python tools/vendor.py            fetch, verify, write; fails if anything differs
    python tools/vendor.py --update   after changing a version: write the new integrities down

Only the standard library and ``npm`` are used, so the registry is whichever npm is set to. Running
it twice changes nothing. Bootstrap's embedded ``data:`` images become files, because the
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
import tempfile
from pathlib import Path
from typing import TypedDict
from urllib.parse import unquote_to_bytes

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
LIST = VENDOR / "vendor.json"

DATA_IMAGE = re.compile(rb"""url\(\s*(["']?)data:image/svg\+xml,(.*?)\1\s*\)""", re.DOTALL)
SOURCE_MAP = re.compile(rb"/\*# sourceMappingURL=.*?\*/\s*\Z")


class Package(TypedDict):
    """One entry of the list; `keep` maps a path in the package to one below ``static/vendor``."""

    name: str
    version: str
    licence: str
    integrity: str
    keep: dict[str, str]
    files: dict[str, str]


def integrity(content: bytes) -> str:
    """The Subresource Integrity string of `content`, ``sha384-…`` (W3C SRI)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


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


def download(packages: list[Package], folder: Path) -> dict[str, str]:
    """Install the listed versions below `folder`; returns the integrity of each one's tarball.

    Nothing of them is run: scripts of packages are ignored.
    """
    wanted = {package["name"]: package["version"] for package in packages}
    (folder / "package.json").write_text(json.dumps({"dependencies": wanted}), encoding="utf-8")
    subprocess.run(
        ["/usr/bin/env", "npm", "install", "--package-lock", "--ignore-scripts", "--silent"],
        check=True,
        cwd=folder,
    )
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return {name: lock[f"node_modules/{name}"]["integrity"] for name in wanted}


def kept_files(package: Package, folder: Path) -> dict[str, bytes]:
    """Every file we keep of an installed package, by its path below ``static/vendor``."""
    source = folder / "node_modules" / package["name"]
    kept = {target: (source / path).read_bytes() for path, target in package["keep"].items()}
    for target in [path for path in kept if path.endswith(".css")]:
        kept[target], images = split_images(kept[target])
        parent = target.rsplit("/", 1)[0]
        kept |= {f"{parent}/{name}": picture for name, picture in images.items()}
    return kept


def refresh(package: Package, tarball: str, kept: dict[str, bytes], *, update: bool) -> None:
    """Compare one package with the list (or `update` the list) and write its files.

    Raises SystemExit when the tarball or a file differs from what the list says.
    """
    files = {target: integrity(content) for target, content in sorted(kept.items())}
    if update:
        package["integrity"], package["files"] = tarball, files
    if (package["integrity"], package["files"]) != (tarball, files):
        raise SystemExit(f"{package['name']} {package['version']} is not what vendor.json says")
    for target, content in kept.items():
        path = VENDOR / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def main() -> int:
    """Refresh every package of the list."""
    parser = argparse.ArgumentParser(description="Fetch the vendored front-end files again.")
    parser.add_argument("--update", action="store_true", help="write the new integrities down")
    update = parser.parse_args().update
    packages: list[Package] = json.loads(LIST.read_text(encoding="utf-8"))["packages"]
    with tempfile.TemporaryDirectory() as name:
        tarballs = download(packages, Path(name))
        for package in packages:
            kept = kept_files(package, Path(name))
            refresh(package, tarballs[package["name"]], kept, update=update)
            print(f"{package['name']} {package['version']}: {len(kept)} files")
    text = json.dumps({"packages": packages}, indent=2, ensure_ascii=False)
    LIST.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
