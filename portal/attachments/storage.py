"""The bytes of files: in a folder that no web server serves, under names that we draw by lot.

A name is used once; what stands under it is never changed, only removed.
"""

import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

FULL = 0.9
"""How much of its disk may be in use before the portal takes no more files."""

_KEY = re.compile(r"[0-9a-f]{32}")
_CHUNK = 64 * 1024


class TooLarge(Exception):
    """More bytes came than were allowed."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: its key, its length, its SHA-256 in hex, its first bytes."""

    key: str
    size: int
    sha256: str
    head: bytes


class Storage:
    """A folder of files, readable for the portal's own user alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """Where a key's bytes stand; raises ValueError for what was not drawn here."""
        if not _KEY.fullmatch(key):
            raise ValueError("not a key of this storage")
        return self.folder / key[:2] / key

    def reserve(self) -> str:
        """A fresh key, with a place for its bytes."""
        key = secrets.token_hex(16)
        self.path(key).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return key

    def write(self, stream: IO[bytes], *, limit: int, head: int) -> Written:
        """Copy a stream under a fresh key; raises TooLarge and keeps nothing beyond the limit."""
        key, size, digest, first = self.reserve(), 0, hashlib.sha256(), b""
        try:
            with create(self.path(key)) as file:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge
                    first = first or chunk[:head]
                    digest.update(chunk)
                    file.write(chunk)
        except BaseException:
            self.remove([key])
            raise
        return Written(key, size, digest.hexdigest(), first)

    def remove(self, keys: Iterable[str | None]) -> None:
        """Remove the bytes of these keys, as far as they are there."""
        for key in keys:
            if key:
                self.path(key).unlink(missing_ok=True)

    def is_nearly_full(self) -> bool:
        """Whether the disk is so full that text, which matters more, needs the rest."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        usage = shutil.disk_usage(self.folder)
        return usage.used > FULL * usage.total

    def list_older_than(self, seconds: float) -> Iterator[str]:
        """Keys whose bytes were written that long ago."""
        until = time.time() - seconds
        for path in self.folder.glob("??/*"):
            if _KEY.fullmatch(path.name) and path.stat().st_mtime < until:
                yield path.name


def create(path: Path) -> IO[bytes]:
    """A new file for its owner alone; raises FileExistsError rather than open another's."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "wb")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_active: Storage | None = None


def use(storage: Storage) -> Storage:
    """Make this the process's storage."""
    global _active
    _active = storage
    return storage


def active() -> Storage:
    """The process's storage."""
    if _active is None:
        raise RuntimeError("no storage is in use; call portal.attachments.storage.use() first")
    return _active
