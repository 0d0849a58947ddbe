"""The bell, how one is told, one click to end the digests, and what did not arrive."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.actor import Role
from portal.database import Database, release, session, writing
from portal.notifications.addresses import path_of
from portal.notifications.letters import write_ticket
from portal.notifications.models import Delivery, DeliveryState, Rhythm, TellingChoice
from tests.factories.people import make_person
from tests.factories.triage import House
from tests.notifications.servers import Box
from tests.notifications.stories import MONDAY, accept, hand_in, work
from tests.support.client import ORIGIN, Client
from tests.support.statements import counting

TUESDAY_MORNING = datetime(2026, 3, 3, 7, tzinfo=UTC)


def test_where_a_notice_leads_is_a_page_of_the_portal(app: Flask) -> None:
    routes = app.url_map.bind("127.0.0.1")
    for kind in ("idea", "insight", "impact", "redemption", "seal", "telling", "letters"):
        endpoint, _values = routes.match(path_of(kind, 12))
        assert endpoint in app.view_functions


def test_the_bell_answers_only_when_something_changed(house: House, client: Client) -> None:
    client.sign_in(house.agent)
    assert client.get("/notifications/bell").status_code == 303
    quiet = client.get("/notifications/bell?seen=0", HX_Request="true")
    assert (quiet.status_code, quiet.data) == (204, b"")
    hand_in(house)
    rung = client.get("/notifications/bell?seen=0", HX_Request="true")
    assert rung.status_code == 200
    assert 'id="bell"' in rung.text
    assert 'data-unread="1"' in rung.text
    assert "seen=1" in rung.text


def test_the_quiet_bell_asks_the_database_no_more_than_it_must(
    house: House, client: Client, database: Database
) -> None:
    client.sign_in(house.agent)
    client.get("/notifications/bell?seen=0", HX_Request="true")
    with counting(database) as statements:
        client.get("/notifications/bell?seen=0", HX_Request="true")
    asked = [one for one in statements if not one.startswith(("BEGIN", "PRAGMA"))]
    assert len(asked) <= 3, asked


def test_the_list_says_how_each_notice_was_told(house: House, box: Box, client: Client) -> None:
    idea_id = hand_in(house)
    accept(house, idea_id)
    work(MONDAY)
    page = client.sign_in(house.agent).get("/notifications")
    assert "told by mail" in page.text
    assert "comes with the digest" in page.text
    assert page.text.count("Yes, because three customers") == 1


def test_a_letter_that_did_not_arrive_can_be_had_again(
    house: House, box: Box, client: Client
) -> None:
    head = house.billing.head
    box.data_answer = "554 no thanks"
    hand_in(house)
    work(MONDAY)
    page = client.sign_in(head).get("/notifications")
    assert "the letter did not arrive: 554 no thanks" in page.text
    delivery_id = session().scalar(select(Delivery.id).where(Delivery.person_id == head.id))
    release()
    box.data_answer = "250 taken"
    assert client.post(f"/notifications/{delivery_id}/resend").status_code == 303
    assert client.post(f"/notifications/{delivery_id}/resend").status_code == 409
    client.sign_in(house.agent)
    assert client.post(f"/notifications/{delivery_id}/resend").status_code == 404


def test_the_list_asks_the_same_for_few_and_for_many(
    house: House, client: Client, database: Database
) -> None:
    client.sign_in(house.agent)
    counts = []
    for number in (1, 20):
        for serial in range(number):
            hand_in(house, MONDAY, f"Idea {number}-{serial}")
        client.get("/notifications")
        with counting(database) as statements:
            client.get("/notifications")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_choosing_how_to_be_told(house: House, client: Client) -> None:
    client.sign_in(house.agent)
    page = client.get("/me/notices")
    assert page.text.count("<h1") == 1
    assert re.search(r'<input checked [^>]*value="daily"', page.text)
    chosen = {"rhythm": "weekly", "quiet_from": "20:00", "quiet_until": "07:00"}
    assert client.post("/me/notices", chosen).status_code == 303
    choice = session().get_one(TellingChoice, house.agent.id)
    assert (choice.rhythm, str(choice.quiet_from), str(choice.quiet_until)) == (
        Rhythm.WEEKLY,
        "20:00:00",
        "07:00:00",
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"quiet_until": ""}, "Quiet hours need a beginning and an end."),
        ({"quiet_from": "07:00"}, "They begin and end at the same time."),
        ({"rhythm": "never"}, "Choose one from the list."),
        ({"quiet_from": "25:00"}, "quiet_from-error"),
    ],
)
def test_a_choice_that_means_nothing_is_said_at_its_field(
    house: House, client: Client, changes: dict[str, str], said: str
) -> None:
    client.sign_in(house.agent)
    chosen = {"rhythm": "weekly", "quiet_from": "20:00", "quiet_until": "07:00", **changes}
    page = client.post("/me/notices", chosen)
    assert page.status_code == 422
    assert said in page.text


def test_one_click_ends_the_digests_without_signing_in_and_nothing_else(
    app: Flask, house: House, box: Box, client: Client
) -> None:
    address = f"/no-digests/{write_ticket(house.agent.id)}"
    page = client.get(address)
    assert page.status_code == 200
    assert session().get(TellingChoice, house.agent.id) is None, "a link alone changes nothing"
    release()
    click = app.test_client().post(address, data={"List-Unsubscribe": "One-Click"}, base_url=ORIGIN)
    assert click.status_code == 200
    assert session().get_one(TellingChoice, house.agent.id).rhythm is Rhythm.PORTAL
    idea_id = hand_in(house)
    accept(house, idea_id)
    work(MONDAY)
    assert box.subjects(house.agent.email) == ["Billing said yes to “Say that it was estimated”."]
    undo = app.test_client().post(address, data={"digests": "daily"}, base_url=ORIGIN)
    assert undo.status_code == 200
    assert session().get_one(TellingChoice, house.agent.id).rhythm is Rhythm.DAILY


def test_a_ticket_that_is_not_ours_leads_nowhere(client: Client) -> None:
    assert client.get("/no-digests/5.abc").status_code == 404
    assert client.post("/no-digests/5.abc").status_code == 404


def test_a_refused_address_is_shown_to_its_person_and_to_administrators(
    house: House, box: Box, client: Client
) -> None:
    head = house.billing.head
    with writing():
        administrator = make_person("Bram de Wit", role=Role.ADMINISTRATOR)
    box.refused[head.email] = "550 no such user <here>"
    hand_in(house)
    work(MONDAY)
    mine = client.sign_in(head).get("/me/notices")
    assert "550 no such user &lt;here&gt;" in mine.text
    assert client.get("/admin/letters").status_code == 404
    theirs = client.sign_in(administrator).get("/admin/letters")
    assert head.email in theirs.text
    assert client.post(f"/admin/letters/people/{head.id}/address").status_code == 303
    rows = select(Delivery.id).where(Delivery.state == DeliveryState.BOUNCED)
    delivery_id = session().scalars(rows).one()
    release()
    box.refused.clear()
    assert client.post(f"/admin/letters/{delivery_id}/resend").status_code == 303
    assert "Addresses that take no mail" not in client.get("/admin/letters").text


def test_a_person_can_have_their_own_address_tried_again(
    house: House, box: Box, client: Client
) -> None:
    head = house.billing.head
    box.refused[head.email] = "550 no such user"
    hand_in(house)
    work(MONDAY)
    assert client.sign_in(head).post("/me/notices/address").status_code == 303
    assert "550" not in client.get("/me/notices").text


def test_the_mailbox_of_the_past_can_be_written_as_files(
    app: Flask, house: House, box: Box, tmp_path: Path
) -> None:
    idea_id = hand_in(house)
    accept(house, idea_id)
    work(MONDAY)
    work(TUESDAY_MORNING)
    done = app.test_cli_runner().invoke(args=["notifications", "mailbox", str(tmp_path)])
    assert done.exit_code == 0, done.output
    subjects = {
        message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"]
        for file in (tmp_path / house.agent.email).glob("*.eml")
    }
    assert subjects == set(box.subjects(house.agent.email))
