"""A head names combinations of filters, and finds them in the row of filters."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from portal import now
from portal.database import Database, reading, writing
from portal.now import now as moment
from portal.triage.models import SavedView
from portal.triage.saving import MOST_VIEWS
from tests.factories.triage import House, submit
from tests.support.client import Client
from tests.support.statements import counting

HERE = "/triage/views"
LATE = {"name": "Late and mine", "views": ["overdue", "mine"]}


@pytest.fixture
def head(house: House, client: Client) -> Client:
    """The browser of the head of billing, with a late idea and a fresh one waiting."""
    with now.at(moment() - timedelta(days=40)), writing():
        submit(house.agent, house.billing.reason, title="Late one")
    with writing():
        submit(house.agent, house.billing.reason, title="Fresh one")
    return client.sign_in(house.billing.head)


def key_of(name: str) -> int:
    """The key of a view by its name."""
    with reading() as unit:
        found = unit.query(SavedView).filter_by(name=name).one()
        return found.id


def test_a_named_view_stands_in_the_row_of_filters_with_its_count(head: Client) -> None:
    done = head.post(HERE, LATE)
    assert (done.status_code, done.location) == (303, "/triage?view=overdue.mine")
    page = head.get(done.location).text
    link = r'<a href="/triage\?view=overdue\.mine" aria-current="page">'
    assert re.search(link + r'Late and mine<span class="num"> 1<', page)
    assert ">Late one</span>" in page
    assert ">Fresh one</span>" not in page


def test_the_view_leads_on_to_its_own_next_item(head: Client, house: House) -> None:
    head.post(HERE, LATE)
    page = head.get("/triage?view=overdue.mine").text
    assert "view=overdue.mine" in page
    here = re.search(r"/triage/(I-\d+)/accept\?view=overdue\.mine", page)
    assert here
    done = head.post(here[0], {"sentence": "Yes. I would want it so myself."})
    assert (done.status_code, done.location) == (303, "/triage?view=overdue.mine")


def test_a_view_is_renamed_and_deleted(head: Client) -> None:
    head.post(HERE, LATE)
    key = key_of("Late and mine")
    assert head.post(f"{HERE}/{key}/rename", {"name": "Red"}).status_code == 303
    assert ">Red<span" in head.get("/triage").text
    assert head.post(f"{HERE}/{key}/delete").status_code == 303
    page = head.get("/triage").text
    assert ">Red<span" not in page
    assert "Fresh one" in page


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "", "views": ["mine"]}, "This is missing."),
        ({"name": "Mine", "views": []}, "Choose at least one."),
        ({"name": "Mine", "views": ["nonsense"]}, "nonsense"),
        ({"name": "x" * 41, "views": ["mine"]}, "40 characters"),
        ({"name": "LATE and mine", "views": ["mine"]}, "You have a view with this name."),
    ],
)
def test_what_does_not_fit_is_told_and_keeps_nothing(
    head: Client, values: dict[str, object], said: str
) -> None:
    head.post(HERE, LATE)
    page = head.post(HERE, values)
    assert page.status_code == 422
    assert said in page.text
    with reading() as unit:
        assert unit.query(SavedView).count() == 1


def test_a_name_that_is_taken_is_told_beside_the_view_that_wanted_it(head: Client) -> None:
    head.post(HERE, LATE)
    head.post(HERE, {"name": "Mine", "views": ["mine"]})
    page = head.post(f"{HERE}/{key_of('Mine')}/rename", {"name": "Late and mine"})
    assert page.status_code == 422
    assert "You have a view with this name." in page.text
    assert head.post(f"{HERE}/{key_of('Mine')}/rename", {"name": ""}).status_code == 422


def test_a_card_number_in_a_name_is_masked(head: Client) -> None:
    head.post(HERE, {"name": "4111 1111 1111 1111", "views": ["mine"]})
    with reading() as unit:
        assert unit.query(SavedView).one().name == "[card ••1111]"


def test_a_row_of_filters_has_room_for_so_many(head: Client) -> None:
    for number in range(MOST_VIEWS):
        assert head.post(HERE, {"name": f"V{number}", "views": ["mine"]}).status_code == 303
    full = head.post(HERE, {"name": "One more", "views": ["mine"]})
    assert full.status_code == 422
    assert "Delete one first" in full.text


def test_nobody_sees_or_touches_the_view_of_another(
    house: House, head: Client, new_client: Callable[[], Client]
) -> None:
    head.post(HERE, LATE)
    deputy = new_client().sign_in(house.billing.deputy)
    key = key_of("Late and mine")
    assert "Late and mine" not in deputy.get("/triage").text
    assert "Late and mine" not in deputy.get(HERE).text
    assert deputy.post(f"{HERE}/{key}/rename", {"name": "Ours"}).status_code == 404
    assert deputy.post(f"{HERE}/{key}/delete").status_code == 404
    assert key_of("Late and mine") == key


def test_the_page_of_own_views_costs_the_same_however_many_there_are(
    head: Client, database: Database
) -> None:
    head.post(HERE, LATE)
    head.get(HERE)
    with counting(database) as one:
        head.get(HERE)
    for number in range(5):
        head.post(HERE, {"name": f"V{number}", "views": ["mine"]})
    head.get(HERE)
    with counting(database) as six:
        assert head.get(HERE).status_code == 200
    assert len(one) == len(six)
