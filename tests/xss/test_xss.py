"""Nothing that anybody writes comes alive anywhere; a seeded slice of ``make xss``."""

from collections.abc import Iterator

import nh3
import pytest
from playwright.sync_api import Browser

from portal import markdown
from tests.xss import campaign, fences
from tests.xss.campaign import Figures, Portal
from tests.xss.corpus import VECTORS, make_corpus
from tests.xss.judging import looking
from tests.xss.planting import list_fields

pytestmark = [pytest.mark.browser, pytest.mark.threat(26), pytest.mark.threat(27)]

SEED = 7
CORPUS = make_corpus(SEED, 2400)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal that can be planted."""
    with campaign.planted(tmp_path_factory.mktemp("xss")) as made:
        yield made


def test_the_corpus_is_seeded_and_holds_every_vector() -> None:
    assert make_corpus(SEED, 2400) == CORPUS
    assert len(set(CORPUS)) == 2400 > len(VECTORS)


def test_nothing_comes_alive_behind_any_single_fence(chromium: Browser) -> None:
    figures = Figures()
    campaign.try_fences(chromium, CORPUS, figures)
    assert (figures.faults[:5], figures.executions) == ([], 0)
    assert (figures.payloads, figures.fences) == (2400, 4)


def test_nothing_comes_alive_on_any_page_of_a_planted_portal(
    chromium: Browser, portal: Portal
) -> None:
    figures = Figures()
    campaign.try_pages(
        chromium, portal, CORPUS, figures, readers=["head"], without_policy=True, of_each=1
    )
    campaign.try_downloads(portal, figures)
    assert (figures.faults[:5], figures.executions) == ([], 0)
    assert figures.pages > 20
    assert figures.downloads > 3
    assert figures.values > 200


def test_nothing_comes_alive_in_a_form_that_comes_back(chromium: Browser, portal: Portal) -> None:
    figures = Figures()
    campaign.try_forms(chromium, portal, CORPUS[:100], figures)
    assert (figures.faults[:5], figures.executions) == ([], 0)


def test_every_column_that_people_write_is_planted() -> None:
    planted = {f"{field.table.name}.{field.name}" for field in list_fields()}
    known = (
        "ideas.title comments.body insights.text persons.name departments.name decisions.sentence"
    )
    more = "contact_reasons.name reward_items.name attachments.name supports.example notices.body"
    assert {*known.split(), *more.split()} <= planted


def test_a_parser_that_lets_html_through_is_noticed(
    chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(markdown._PARSER.options, "html", True)
    with looking(chromium, without_policy=True) as looker:
        found = fences.find_holes(looker, CORPUS[:300], fences.by_parser, is_strict=False)
        assert found
        assert looker.executions


@pytest.mark.parametrize("prefix", ["data-", "hx-"])
def test_a_cleaner_that_lets_attributes_of_htmx_through_is_noticed(
    chromium: Browser, monkeypatch: pytest.MonkeyPatch, prefix: str
) -> None:
    lax = nh3.Cleaner(tags=set(fences.TAGS), generic_attribute_prefixes={prefix})
    monkeypatch.setattr(markdown, "_CLEANER", lax)
    with looking(chromium, without_policy=True) as looker:
        found = fences.find_holes(looker, CORPUS[:600], fences.by_cleaner, is_strict=True)
    assert any(f"the attribute {prefix}" in fault for fault in found)
