"""Every test has a storage of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.attachments import storage


@pytest.fixture
def kept(app: Flask, tmp_path: Path) -> Iterator[storage.Storage]:
    """The storage in use during the test."""
    before = storage.active()
    yield storage.use(storage.Storage(tmp_path / "uploads"))
    storage.use(before)
