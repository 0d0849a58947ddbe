"""What a process keeps of reference data is never older than the last change to it."""

import pytest
from sqlalchemy import text

from portal.database import Database, writing
from tests.factories.demand import make_reason
from tests.factories.people import make_department, make_person
from tests.support.client import Client
from tests.support.statements import counting


@pytest.fixture
def reader(client: Client) -> Client:
    """Somebody on the list of ideas, where one department and one reason can be chosen."""
    with writing():
        person = make_person()
        make_reason("Bill unclear", owner=make_department("Invoices"))
    return client.sign_in(person)


@pytest.mark.parametrize(
    ("change", "there", "gone"),
    [
        ("UPDATE departments SET name = 'Accounts'", "Accounts", "Invoices"),
        ("UPDATE contact_reasons SET name = 'Letter unclear'", "Letter unclear", "Bill unclear"),
        ("UPDATE contact_reasons SET is_active = false", "Invoices", "Bill unclear"),
        ("DELETE FROM contact_reasons", "Invoices", "Bill unclear"),
    ],
)
def test_a_change_by_anybody_shows_on_the_next_page(
    reader: Client, change: str, there: str, gone: str
) -> None:
    assert gone in reader.get("/ideas").text
    with writing() as unit:
        unit.execute(text(change))
    page = reader.get("/ideas").text
    assert there in page
    assert gone not in page


def test_what_stayed_as_it_was_is_not_asked_for_again(reader: Client, database: Database) -> None:
    reader.get("/ideas")
    with counting(database) as seen:
        reader.get("/ideas")
    assert not [one for one in seen if "FROM departments" in one or "FROM contact_reasons" in one]


def test_what_a_unit_changed_and_took_back_is_never_kept(reader: Client) -> None:
    before = reader.get("/ideas").text
    with pytest.raises(ZeroDivisionError), writing() as unit:
        unit.execute(text("UPDATE departments SET name = 'Accounts'"))
        raise ZeroDivisionError
    assert "Accounts" not in reader.get("/ideas").text
    assert "Invoices" in before
