"""Letters on their way, over a real SMTP server: owed at once, the rest by digest, each once."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal import now as clock
from portal.actor import Role
from portal.database import session, writing
from portal.jobs.models import OutboxTask
from portal.notifications import post, services
from portal.notifications.models import Delivery, DeliveryState, Notice, Rhythm
from portal.notifications.post import PostOffice
from portal.people.models import Person
from tests.factories.people import actor_of, make_person
from tests.factories.triage import House
from tests.notifications.servers import Box, Mailbox
from tests.notifications.stories import (
    MONDAY,
    NO,
    accept,
    comment,
    decline,
    hand_in,
    states,
    support,
    work,
)

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY_MORNING = datetime(2026, 3, 3, 8, tzinfo=BERLIN)


def _choose(person: Person, rhythm: Rhythm, *quiet: time) -> None:
    begins, ends = quiet or (None, None)
    with writing():
        services.choose(actor_of(person), rhythm=rhythm, quiet_from=begins, quiet_until=ends)


def test_what_is_owed_goes_at_once_and_the_rest_with_the_digest(house: House, box: Box) -> None:
    idea_id = hand_in(house)
    work(MONDAY)
    head, agent = house.billing.head, house.agent
    assert box.subjects(head.email) == ["“Say that it was estimated” waits for your answer."]
    assert box.subjects(agent.email) == []
    decline(house, idea_id, MONDAY + timedelta(hours=1))
    work(MONDAY + timedelta(hours=1))
    assert box.subjects(agent.email) == ["Billing said no to “Say that it was estimated”, and why."]
    text = box.to(agent.email)[0].get_body(("plain",))
    assert text is not None
    assert f"> {NO}" in text.get_content()
    work(TUESDAY_MORNING - timedelta(seconds=1))
    assert len(box.to(agent.email)) == 1
    work(TUESDAY_MORNING)
    assert box.subjects(agent.email)[1] == "1 piece of news about one thing"
    work(TUESDAY_MORNING + timedelta(days=1))
    assert len(box.to(agent.email)) == 2
    assert set(states(agent).values()) == {DeliveryState.SENT}


@pytest.mark.threat(73)
def test_a_server_that_is_away_for_an_hour_fails_nobody_and_gets_everything_once(
    house: House, mailbox: Mailbox
) -> None:
    ideas = [hand_in(house, MONDAY + timedelta(minutes=n), f"Idea number {n}") for n in range(4)]
    for minute in range(0, 60, 2):
        work(MONDAY + timedelta(minutes=minute))
        if minute % 20 == 0:
            accept(house, ideas[minute // 20], MONDAY + timedelta(minutes=minute))
    release_states = set(states(house.billing.head).values())
    assert release_states == {DeliveryState.QUEUED}
    with mailbox.open() as box:
        for minute in range(60, 240, 2):
            work(MONDAY + timedelta(minutes=minute))
    subjects = [str(letter["Subject"]) for letter in box.letters]
    assert len(subjects) == len(set(subjects)) == 4 + 3
    assert len({letter["Message-ID"] for letter in box.letters}) == 7
    unfinished = select(OutboxTask.id).where(
        OutboxTask.kind == services.LETTER, OutboxTask.finished_at.is_(None)
    )
    assert session().scalars(unfinished).all() == []


@pytest.mark.threat(73)
def test_a_letter_that_never_gets_through_waits_for_an_administrator(
    house: House, mailbox: Mailbox
) -> None:
    hand_in(house)
    for hours in range(16):
        work(MONDAY + timedelta(hours=hours))
        work(MONDAY + timedelta(hours=hours, minutes=20))
    task = session().scalars(select(OutboxTask).where(OutboxTask.has_failed)).one()
    assert task.kind == services.LETTER
    assert task.last_error is not None
    assert "MailAway" in task.last_error


def test_an_address_that_is_refused_for_good_is_marked_and_told_to_those_who_can_mend_it(
    house: House, box: Box
) -> None:
    with writing():
        administrator = make_person("Bram de Wit", role=Role.ADMINISTRATOR)
    head = house.billing.head
    box.refused[head.email] = "550 no such user here"
    hand_in(house)
    work(MONDAY)
    assert states(head)["handler.receive"] is DeliveryState.BOUNCED
    choice = session().get_one(services.TellingChoice, head.id)
    assert (choice.refused_address, choice.refused_because) == (
        head.email,
        "550 no such user here",
    )
    assert states(head)["mail.refused"] is DeliveryState.FAILED, "not tried again, but in the list"
    assert box.subjects(administrator.email) == [
        "Mails to Head of Billing come back, so nothing more is sent to them."
    ]
    hand_in(house, MONDAY, "Another idea")
    work(MONDAY)
    assert box.to(head.email) == []
    box.refused.clear()
    with writing():
        services.trust_address(actor_of(head), head.id)
    hand_in(house, MONDAY, "A third idea")
    work(MONDAY)
    assert box.subjects(head.email) == ["“A third idea” waits for your answer."]


def test_a_temporary_refusal_is_tried_again_and_marks_nobody(house: House, box: Box) -> None:
    head = house.billing.head
    box.refused[head.email] = "450 come back later"
    hand_in(house)
    work(MONDAY)
    assert states(head)["handler.receive"] is DeliveryState.QUEUED
    box.refused.clear()
    work(MONDAY + timedelta(minutes=1))
    assert states(head)["handler.receive"] is DeliveryState.SENT
    assert len(box.to(head.email)) == 1


def test_a_letter_whose_content_is_refused_fails_without_blaming_the_address(
    house: House, box: Box
) -> None:
    box.data_answer = "554 no thanks"
    hand_in(house)
    work(MONDAY)
    head = house.billing.head
    assert states(head)["handler.receive"] is DeliveryState.FAILED
    assert session().get(services.TellingChoice, head.id) is None


def test_a_slow_server_is_waited_for_and_a_silent_one_is_left(
    house: House, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.wait_seconds = 0.3
    hand_in(house)
    work(MONDAY)
    assert len(box.letters) == 1
    monkeypatch.setattr(post, "ANSWER_SECONDS", 0.1)
    hand_in(house, MONDAY, "Another idea")
    work(MONDAY)
    assert states(house.billing.head)["handler.receive"] is DeliveryState.QUEUED


def test_quiet_hours_hold_back_even_what_is_owed_until_they_end(house: House, box: Box) -> None:
    head = house.billing.head
    _choose(head, Rhythm.DAILY, time(20), time(7))
    evening = datetime(2026, 3, 28, 22, tzinfo=BERLIN)  # the clocks change in this night
    hand_in(house, evening)
    work(evening)
    work(datetime(2026, 3, 29, 6, 59, tzinfo=BERLIN))
    assert box.to(head.email) == []
    work(datetime(2026, 3, 29, 7, tzinfo=BERLIN))
    assert len(box.to(head.email)) == 1


@pytest.mark.parametrize(
    ("rhythm", "after", "state"),
    [
        (Rhythm.AT_ONCE, timedelta(), DeliveryState.SENT),
        (Rhythm.WEEKLY, timedelta(days=7), DeliveryState.SENT),
        (Rhythm.PORTAL, timedelta(days=14), DeliveryState.MUTED),
    ],
)
def test_the_rest_comes_as_each_person_wants_it(
    house: House, box: Box, rhythm: Rhythm, after: timedelta, state: DeliveryState
) -> None:
    _choose(house.agent, rhythm)
    hand_in(house)
    work(MONDAY)
    if after:
        work(MONDAY + after - timedelta(days=2))
        assert box.to(house.agent.email) == []
    work(MONDAY + after)
    assert states(house.agent)["author.receive"] is state
    assert len(box.to(house.agent.email)) == (0 if state is DeliveryState.MUTED else 1)


def test_choosing_anew_moves_what_already_waits(house: House, box: Box) -> None:
    hand_in(house)
    work(MONDAY)
    with clock.at(MONDAY):
        _choose(house.agent, Rhythm.WEEKLY)
    work(MONDAY)
    work(TUESDAY_MORNING)
    assert box.to(house.agent.email) == []
    work(MONDAY + timedelta(days=7))
    assert len(box.to(house.agent.email)) == 1


def test_what_was_read_in_the_portal_is_left_out_of_the_digest(house: House, box: Box) -> None:
    hand_in(house)
    work(MONDAY)
    with clock.at(MONDAY), writing():
        services.read_all(actor_of(house.agent))
    work(TUESDAY_MORNING)
    assert box.to(house.agent.email) == []
    assert states(house.agent)["author.receive"] is DeliveryState.READ


def test_a_digest_holds_all_the_news_by_item(house: House, box: Box) -> None:
    first, second = hand_in(house), hand_in(house, MONDAY, "Print the date in bold")
    for minute, (idea_id, words) in enumerate(
        [(first, "Here too."), (second, "Same."), (first, "Again.")]
    ):
        comment(house, idea_id, words, MONDAY + timedelta(minutes=minute))
    work(MONDAY + timedelta(hours=1))
    work(TUESDAY_MORNING)
    (digest,) = box.to(house.agent.email)
    assert digest["Subject"] == "5 pieces of news about 2 things"
    text = digest.get_body(("plain",))
    assert text is not None
    words = text.get_content()
    assert words.index("SAY THAT IT WAS ESTIMATED") < words.index("PRINT THE DATE IN BOLD")
    assert words.index("> Again.") < words.index("> Here too.") < words.index("> Same.")


def test_a_decision_reaches_every_author_and_every_supporter_whatever_they_chose(
    house: House, box: Box
) -> None:
    idea_id = hand_in(house)
    support(house, idea_id)
    for person in (house.agent, house.colleague):
        _choose(person, Rhythm.PORTAL)
    decline(house, idea_id)
    work(MONDAY)
    for person in (house.agent, house.colleague):
        (letter,) = box.to(person.email)
        assert "said no" in letter["Subject"]


def test_the_same_event_is_told_once_however_often_it_is_planned(house: House, box: Box) -> None:
    idea_id = hand_in(house)
    decline(house, idea_id)
    work(MONDAY)
    ids = list(session().scalars(select(Notice.id)))
    with writing():
        services.enqueue(services.TELL, {"notices": ids})
        for delivery in session().scalars(select(Delivery)).all():
            services.enqueue(services.LETTER, {"delivery": delivery.id, "copy": delivery.copy})
    before = len(box.letters)
    work(MONDAY)
    assert len(box.letters) == before


def test_a_letter_can_be_had_again_with_an_id_of_its_own(house: House, box: Box) -> None:
    hand_in(house)
    work(MONDAY)
    head = house.billing.head
    with writing():
        delivery = session().scalars(select(Delivery).where(Delivery.person_id == head.id)).one()
        services.resend(actor_of(head), delivery)
    work(clock.now())
    first, second = box.to(head.email)
    assert first["Message-ID"] != second["Message-ID"]
    assert first["References"] == second["References"]


def test_letters_without_a_server_are_files_that_only_their_owner_reads(
    house: House, config: object, tmp_path: object
) -> None:
    office: PostOffice = post.office()
    assert isinstance(office.carrier, post.Folder)
    before = set(office.carrier.path.glob("*.eml")) if office.carrier.path.exists() else set()
    hand_in(house)
    work(MONDAY)
    (file,) = set(office.carrier.path.glob("*.eml")) - before
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"waits for your answer" in file.read_bytes()
    file.unlink()
