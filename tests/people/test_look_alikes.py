"""Addresses and names that look alike are one; five hundred ways to write them are tried."""

import unicodedata
from collections.abc import Iterator

import pytest

from portal.actor import PROGRAM
from portal.database import Database, reading, session, writing
from portal.demand.models import ContactReason
from portal.errors import RuleBroken
from portal.people import services
from portal.people.models import Department, Person
from portal.people.queries import find_department_by_key, find_person_by_email
from tests.factories.demand import make_reason
from tests.factories.people import make_department, make_person
from tests.support.client import Client

EMAIL = "finance.zürich@test.example"
KEY = "finance-zürich"
INVISIBLE = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u202a\u202c\u202e\u2066\u2069\u200e\u200f\ufe0f"
)
STYLES = (0x1D41A, 0x1D44E, 0x1D482, 0x1D4EA, 0x1D51E, 0x1D552, 0x1D5BA, 0x1D68A, 0x24D0, 0xFF41)
"""Where small letters begin in other alphabets of Unicode: bold, script, circled, full width."""


def _styled(text: str, start: int) -> str:
    """The text in another alphabet of Unicode that is folded to this one; some have gaps."""
    drawn = (chr(start + ord(sign) - ord("a")) if "a" <= sign <= "z" else sign for sign in text)
    return "".join(
        new if unicodedata.normalize("NFKC", new) == old else old
        for new, old in zip(drawn, text, strict=True)
    )


def list_vectors(text: str) -> Iterator[str]:
    """Other ways to write a text that nobody could tell from it, or only by its dress."""
    yield from (text.upper(), text.title(), text.swapcase())
    yield from (unicodedata.normalize(form, text) for form in ("NFD", "NFKD"))
    yield text.replace("fi", "\ufb01")
    for start in STYLES:
        yield _styled(text, start)
        yield _styled(text, start).replace("ü", "u\u0308")
    for sign in INVISIBLE:
        for place in range(1, len(text)):
            yield text[:place] + sign + text[place:]


@pytest.mark.threat(88)
def test_five_hundred_ways_to_write_an_address_open_one_account(database: Database) -> None:
    vectors = [one for one in set(list_vectors(EMAIL)) if one != EMAIL]
    assert len(vectors) >= 400
    with writing():
        person = services.add_person(PROGRAM, EMAIL, name="Finance")
    for vector in vectors:
        with pytest.raises(RuleBroken), writing():
            services.add_person(PROGRAM, vector, name="Finance")
    with reading():
        for vector in vectors:
            found = find_person_by_email(vector)
            assert found is not None, ascii(vector)
            assert found.id == person.id
        assert session().query(Person).count() == 1


@pytest.mark.threat(88)
def test_as_many_ways_to_write_a_key_name_one_department_and_one_reason(
    database: Database,
) -> None:
    vectors = [one for one in set(list_vectors(KEY)) if one != KEY]
    assert len(vectors) >= 200
    with writing():
        home = services.add_department(PROGRAM, KEY, name="Finance")
        make_reason(key=KEY, owner=home)
    for vector in vectors:
        with pytest.raises(RuleBroken), writing():
            services.add_department(PROGRAM, vector, name="Finance")
        with pytest.raises(RuleBroken), writing():
            make_reason(key=vector, owner=home)
    with reading():
        assert all(find_department_by_key(vector) for vector in vectors)
        assert session().query(Department).count() == session().query(ContactReason).count() == 1


@pytest.mark.threat(88)
def test_names_are_kept_in_one_form_and_cannot_turn_their_line_round(
    database: Database, client: Client
) -> None:
    with writing():
        home = make_department("Billing")
        turned = make_person(
            "\u202eAda\u202c \u05d0\u05de\u05d9\u05e0\u05d4 Zu\u0308rich", home=home
        )
    assert turned.name == "Ada \u05d0\u05de\u05d9\u05e0\u05d4 Z\u00fcrich"
    page = client.sign_in(turned).get("/people").text
    main = page.partition("<main")[2]
    assert main.count(turned.name) == main.count(f"<bdi>{turned.name}</bdi>") >= 1
