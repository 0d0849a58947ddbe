"""Hostile files are refused with a reason or become harmless; a slice of ``make uploads``."""

from pathlib import Path
from random import Random

import pytest
from flask import Flask

from portal.attachments import storage
from portal.attachments.kinds import is_content_of
from portal.attachments.storage import Storage
from portal.database import Database, writing
from portal.ideas.lifecycle import State
from tests.attachments.campaign import measure_reader, run
from tests.attachments.hostile import Hostile, list_hostile
from tests.factories.ideas import make_idea
from tests.factories.people import make_person

CORPUS = list_hostile()
SEED = 7
ALWAYS = (
    "jpg with a place",
    "png and html behind",
    "docx with properties",
    "docx that lies about sizes",
    "pdf with a packed script",
    "png of 50000 × 50000",
    "name: path up",
    "name: NUL",
    "name: 64k",
    "txt with a card number",
)


def _slice() -> list[Hostile]:
    """What every run tries, and a seeded handful of the rest."""
    quick = [one for one in CORPUS if one.what not in ALWAYS and len(one.data) < 200_000]
    return [one for one in CORPUS if one.what in ALWAYS] + Random(SEED).sample(quick, 30)


def test_the_corpus_has_more_than_a_hundred_and_fifty_different_files() -> None:
    assert len({(one.name, one.data) for one in CORPUS}) >= 250
    assert len({one.what for one in CORPUS}) == len(CORPUS)
    assert set(ALWAYS) <= {one.what for one in CORPUS}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.threat(37)
@pytest.mark.threat(38)
@pytest.mark.threat(40)
@pytest.mark.threat(63)
def test_a_hostile_file_is_refused_with_a_reason_or_becomes_harmless(
    app: Flask, database: Database, kept: Storage, tmp_path: Path
) -> None:
    with writing():
        sender = make_person()
        idea = make_idea(sender, state=State.DRAFT)
    figures = run(app, sender, idea, _slice(), tmp_path)
    assert figures.faults == []
    assert figures.files == len(ALWAYS) + 30
    assert figures.refused_at_once + figures.refused_by_worker + figures.harmless >= figures.files
    assert figures.portal_growth_mb < 150


@pytest.mark.threat(40)
def test_reading_a_bomb_takes_little_memory(tmp_path: Path) -> None:
    named = ("png of 50000 × 50000", "docx that unpacks to 80 MB", "png with packed words")
    bombs = [one for one in CORPUS if one.what in named]
    assert len(bombs) == 3
    assert measure_reader(bombs, tmp_path) < 180


@pytest.mark.threat(38)
def test_a_key_is_drawn_by_lot_and_never_written_twice(kept: Storage) -> None:
    keys = {kept.reserve() for _ in range(200)}
    assert len(keys) == 200
    path = kept.path(keys.pop())
    storage.create(path).close()
    with pytest.raises(FileExistsError):
        storage.create(path)
    for bad in ("../../etc/passwd", "0" * 31, "A" * 32, "", f"{'0' * 32}/../x"):
        with pytest.raises(ValueError, match="not a key"):
            kept.path(bad)


def test_a_storage_that_is_not_known_stops_the_start(tmp_path: Path) -> None:
    from portal.config import BadSetting, read_config

    for url in ("s3://bucket", "file:relative", "/plain/path", "file:"):
        with pytest.raises(BadSetting, match="PORTAL_STORAGE_URL"):
            read_config({"PORTAL_INSTANCE": str(tmp_path), "PORTAL_STORAGE_URL": url})


def test_honest_kinds_are_told_by_their_first_bytes() -> None:
    from tests.attachments.hostile import _honest

    for ending, data in _honest().items():
        from portal.attachments.kinds import Kind

        assert is_content_of(Kind(ending), data[:4096]), ending
