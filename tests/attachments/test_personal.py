"""Personal data in files: held back with a reason, whatever the file, and nothing else is."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from portal.attachments.documents import remake_pdf, remake_text
from portal.attachments.inspecting import inspect
from portal.attachments.kinds import OFFICE, TEXTS, Kind
from portal.attachments.office import remake_office
from portal.attachments.refusals import Refused
from tests.attachments.personal import CLEAN, PERSONAL, Sheet, list_files, page_of


def _refusal(file: Sheet, folder: Path) -> str | None:
    """Why it is refused, or None; read in this process, as the worker's has it under limits."""
    source, target = folder / "source", folder / "target"
    source.write_bytes(file.data)
    try:
        if file.kind in OFFICE:
            remake_office(file.kind, source, target)
        else:
            (remake_text if file.kind in TEXTS else remake_pdf)(source, target)
    except Refused as error:
        return error.sentence
    return None


def test_the_corpus_has_fifty_files_of_every_kind_that_holds_text() -> None:
    files = list_files()
    assert len({file.data for file in files}) == len(files) >= 50
    assert {file.kind for file in files} == {Kind.TEXT, Kind.CSV, Kind.PDF, Kind.WORD, Kind.SHEET}


@pytest.mark.threat(63)
@pytest.mark.parametrize("file", list_files(), ids=lambda file: file.what)
def test_a_file_with_personal_data_is_held_back_and_no_other(file: Sheet, tmp_path: Path) -> None:
    said = _refusal(file, tmp_path)
    if file.is_personal:
        assert said is not None
        assert said.startswith("It holds personal data (1 ")
    else:
        assert said is None


@pytest.mark.threat(63)
def test_the_process_under_limits_reads_pages_too(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(page_of(PERSONAL["account"], packed=True))
    with pytest.raises(Refused, match="1 account number"):
        inspect(Kind.PDF, source, tmp_path / "target", tmp_path / "thumbnail")
    source.write_bytes(page_of(CLEAN["counts"], packed=True))
    inspect(Kind.PDF, source, tmp_path / "other", tmp_path / "thumbnail")
    assert (tmp_path / "other").read_bytes() == source.read_bytes()


@pytest.mark.threat(63)
@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("name", PERSONAL)
def test_a_page_that_a_browser_printed_is_read_like_any_other(
    chromium: Browser, tmp_path: Path, name: str
) -> None:
    page = chromium.new_page()
    page.set_content(f"<h1>Complaint</h1><p>{PERSONAL[name]}</p><p>{CLEAN['counts']}</p>")
    printed = Sheet(name, Kind.PDF, page.pdf(), is_personal=True)
    page.close()
    assert (_refusal(printed, tmp_path) or "").startswith("It holds personal data (1 ")
