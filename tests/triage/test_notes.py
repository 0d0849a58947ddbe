"""Private notes: for those who decide and whom a note names, and for nobody else."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.actor import PROGRAM, Role
from portal.audit.models import AuditRow
from portal.database import Database, reading, writing
from portal.errors import NotAllowed, NotFound, RuleBroken
from portal.ideas.models import Idea
from portal.ideas.services import support_idea
from portal.notifications.models import Notice, NoticeClass
from portal.now import today
from portal.people.models import Person, RoleAssignment
from portal.people.services import end_role
from portal.triage.models import Note, NoteMention
from portal.triage.naming import find_named
from portal.triage.notes import MAX_NOTE, list_reviewers, withdraw_note, write_note
from tests.factories.people import actor_of, make_person
from tests.factories.triage import House, submit
from tests.support.client import Client
from tests.support.statements import counting
from tests.triage.reviews import address, stored

WORDS = "The old *meter* cannot do it before May."
SECRET = "cannot do it before May"


@pytest.fixture
def browser(new_client: Callable[[], Client]) -> Callable[[Person], Client]:
    """The browser of anybody else."""
    return lambda person: new_client().sign_in(person)


def note_of(idea: Idea) -> Note:
    """The only note on an idea."""
    with reading() as reader:
        found = reader.scalars(select(Note).where(Note.idea_id == idea.id)).one()
        reader.expunge(found)
        return found


def named_in(idea: Idea) -> set[int]:
    """Whom the notes on an idea name."""
    with reading() as reader:
        found = select(NoteMention.person_id).join(Note, Note.id == NoteMention.note_id)
        return set(reader.scalars(found.where(Note.idea_id == idea.id)))


def test_who_decides_reads_it_and_nobody_else_does(
    house: House, head: Client, idea: Idea, browser: Callable[[Person], Client]
) -> None:
    done = head.post(address(idea, "notes"), {"body": WORDS})
    assert (done.status_code, done.location.partition("#")[2]) == (303, "notes")
    assert "The old <em>meter</em> cannot do it before May." in head.get(address(idea)).text
    for person in (house.billing.deputy, house.board.head):
        assert SECRET in browser(person).get(address(idea)).text
    for person in (house.agent, house.colleague, house.metering.head):
        other = browser(person)
        assert other.get(address(idea, "notes")).status_code == 404
        for url in (f"/ideas/I-{idea.number}", "/ideas?q=meter", "/notifications", "/me/data.json"):
            assert SECRET not in other.get(url).text, url


def test_who_is_named_hears_of_it_and_reads_that_note_alone(
    house: House, head: Client, idea: Idea, browser: Callable[[Person], Client]
) -> None:
    head.post(address(idea, "notes"), {"body": "Only among us."})
    head.post(address(idea, "notes"), {"body": f"@head of METERING: {WORDS}"})
    with reading() as reader:
        told = select(Notice).where(Notice.person_id == house.metering.head.id)
        (notice,) = reader.scalars(told.where(Notice.kind == "note.named"))
        assert notice.notice_class is NoticeClass.OWED
        assert "Head of Billing asks you in a private note" in notice.title
        assert notice.body is None
    other = browser(house.metering.head)
    bell = other.get("/notifications").text
    assert f"/triage/I-{idea.number}/notes" in bell or "private note" in bell
    page = other.get(address(idea, "notes")).text
    assert SECRET in page
    assert "Only among us." not in page
    assert other.get(address(idea)).status_code == 404
    answer = other.post(address(idea, "notes"), {"body": "In June, then."})
    assert answer.location.startswith(address(idea, "notes"))
    assert "In June, then." in other.get(address(idea, "notes")).text
    assert "In June, then." in head.get(address(idea)).text


def test_somebody_can_be_chosen_from_the_list_without_an_at(
    house: House, head: Client, idea: Idea
) -> None:
    page = head.get(address(idea)).text
    assert "Head of Metering · Metering" in page
    assert "Amina Yusuf ·" not in page
    head.post(address(idea, "notes"), {"body": WORDS, "chosen": [str(house.metering.head.id)]})
    assert named_in(idea) == {house.metering.head.id}


def test_of_two_with_one_name_the_chosen_one_is_meant(
    house: House, head: Client, idea: Idea
) -> None:
    with writing():
        twins = [
            make_person("Sam Okoro", role=Role.HEAD, scope=house.metering.department)
            for _ in range(2)
        ]
    page = head.post(address(idea, "notes"), {"body": "@Sam Okoro, when?"})
    assert page.status_code == 422
    assert "Several people are called “Sam Okoro”" in page.text
    assert "@Sam Okoro, when?" in page.text
    head.post(address(idea, "notes"), {"body": "@Sam Okoro, when?", "chosen": [str(twins[1].id)]})
    assert named_in(idea) == {twins[1].id}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"body": ""}, "This is missing."),
        ({"body": "   "}, "This is missing."),
        ({"body": "x" * (MAX_NOTE + 1)}, "4000 characters"),
        ({"body": "@Nobody Known, look"}, "“@Nobody” is nobody who can be named here."),
        ({"body": "@Amina Yusuf, is it so?"}, "“@Amina” is nobody who can be named here."),
        ({"body": "Look.", "chosen": ["999999"]}, "Choose from the list."),
        ({"body": "Look.", "chosen": [str(2**70)]}, "Choose from the list."),
    ],
)
def test_what_cannot_be_kept_is_told_with_what_was_typed(
    head: Client, idea: Idea, values: dict[str, object], said: str
) -> None:
    page = head.post(address(idea, "notes"), values)
    assert page.status_code == 422
    assert said in page.text
    assert str(values["body"]).strip() in page.text
    with reading() as reader:
        assert list(reader.scalars(select(Note))) == []


def test_neither_an_author_nor_a_supporter_can_be_asked(house: House, idea: Idea) -> None:
    with writing() as unit:
        supporter = house.metering.head
        found = unit.get_one(Idea, idea.id)
        support_idea(actor_of(supporter), found, occurred_on=today())
        own = submit(house.metering.deputy, house.billing.reason)
    with reading():
        head = actor_of(house.billing.head)
        assert supporter.id not in {one.id for one in list_reviewers(head, stored(idea))}
        assert house.metering.deputy.id not in {one.id for one in list_reviewers(head, stored(own))}
    with pytest.raises(RuleBroken), writing() as unit:
        write_note(head, unit.get_one(Idea, own.id), body=WORDS, chosen={house.metering.deputy.id})


def test_who_was_named_and_then_says_me_too_reads_no_more(
    house: House, head: Client, idea: Idea, browser: Callable[[Person], Client]
) -> None:
    head.post(address(idea, "notes"), {"body": f"@Head of Metering {WORDS}"})
    other = browser(house.metering.head)
    assert other.get(address(idea, "notes")).status_code == 200
    with writing() as unit:
        found = unit.get_one(Idea, idea.id)
        support_idea(actor_of(house.metering.head), found, occurred_on=today())
    assert other.get(address(idea, "notes")).status_code == 404


def test_who_decides_nowhere_any_more_reads_no_more(
    house: House, head: Client, idea: Idea, browser: Callable[[Person], Client]
) -> None:
    with writing():
        guest = make_person("Ngozi Eze", role=Role.DEPUTY, scope=house.metering.department)
    head.post(address(idea, "notes"), {"body": f"@Ngozi Eze {WORDS}"})
    other = browser(guest)
    assert other.get(address(idea, "notes")).status_code == 200
    with writing() as unit:
        held = select(RoleAssignment).where(
            RoleAssignment.person_id == guest.id, RoleAssignment.role == Role.DEPUTY
        )
        end_role(PROGRAM, unit.scalars(held).one())
    assert browser(guest).get(address(idea, "notes")).status_code == 404


def test_the_writer_takes_it_back_and_nobody_reads_it_any_more(
    house: House, head: Client, idea: Idea, browser: Callable[[Person], Client]
) -> None:
    head.post(address(idea, "notes"), {"body": f"@Head of Metering {WORDS}"})
    note = note_of(idea)
    back = address(idea, "notes", str(note.id), "withdraw")
    assert browser(house.billing.deputy).post(back).status_code == 404
    assert browser(house.metering.head).post(back).status_code == 404
    assert head.post(back).status_code == 303
    for page in (
        head.get(address(idea)).text,
        browser(house.billing.deputy).get(address(idea)).text,
        browser(house.metering.head).get(address(idea, "notes")).text,
    ):
        assert SECRET not in page
        assert "Taken back." in page
    with pytest.raises(NotAllowed), writing() as unit:
        withdraw_note(actor_of(house.billing.deputy), unit.get_one(Note, note.id))


def test_a_card_number_is_masked_before_it_is_kept_and_shown_first(
    head: Client, idea: Idea
) -> None:
    first = head.post(address(idea, "notes"), {"body": "Card 4111 1111 1111 1111 is on it."})
    assert first.status_code == 200
    assert "Card [card ••1111] is on it." in first.text
    head.post(address(idea, "notes"), {"body": "Card [card ••1111] is on it."})
    assert note_of(idea).body == "Card [card ••1111] is on it."


def test_markdown_is_rendered_once_and_clean(head: Client, idea: Idea) -> None:
    head.post(
        address(idea, "notes"), {"body": "**So** <script>alert(1)</script> [x](javascript:1)"}
    )
    note = note_of(idea)
    assert note.html_version > 0
    assert "<strong>So</strong>" in note.html["body"]
    assert "<script" not in note.html["body"]
    assert "javascript:" not in note.html["body"].replace("](javascript:1)", "")


def test_the_same_form_twice_is_one_note(house: House, idea: Idea) -> None:
    for _ in range(2):
        with writing() as unit:
            found = unit.get_one(Idea, idea.id)
            write_note(actor_of(house.billing.head), found, body=WORDS, nonce="a-form")
    assert note_of(idea).nonce == "a-form"


def test_the_audit_log_knows_of_it_and_not_what_it_says(head: Client, idea: Idea) -> None:
    head.post(address(idea, "notes"), {"body": WORDS})
    with reading() as reader:
        row = reader.scalars(select(AuditRow).where(AuditRow.action == "note.written")).one()
        assert SECRET not in str(row.__dict__)


def test_who_may_not_read_may_not_write(house: House, idea: Idea) -> None:
    for person in (house.agent, house.colleague, house.metering.head):
        with pytest.raises(NotFound), writing() as unit:
            write_note(actor_of(person), unit.get_one(Idea, idea.id), body=WORDS)


def test_an_author_who_decides_reads_no_notes_on_their_own(
    house: House, new_client: Callable[[], Client]
) -> None:
    with writing():
        own = submit(house.billing.head, house.billing.reason)
        write_note(actor_of(house.billing.deputy), own, body=WORDS)
    author = new_client().sign_in(house.billing.head)
    assert author.get(address(own, "notes")).status_code == 404
    assert author.get(address(own)).status_code == 404


def test_the_page_costs_the_same_however_many_there_are(
    house: House, head: Client, idea: Idea, database: Database
) -> None:
    head.post(address(idea, "notes"), {"body": WORDS})
    for url in (address(idea), address(idea, "notes")):
        head.get(url)
        with counting(database) as one:
            head.get(url)
        for number in range(4):
            head.post(address(idea, "notes"), {"body": f"{number}. @Head of Metering, so?"})
        head.get(url)
        with counting(database) as five:
            head.get(url)
        assert len(one) == len(five)


PEOPLE = {1: "Ann Lee", 2: "Ann Lee Marsh", 3: "Zoë O'Neill", 4: "Ann Lee"}


@pytest.mark.parametrize(
    ("text", "chosen", "found"),
    [
        ("@Ann Lee Marsh knows", (), {2}),
        ("so @zoë o'neill?", (), {3}),
        ("@Ann Lee, and @Zoë O'Neill", (4,), {3, 4}),
        ("write to [mail] or a@b", (), set()),
        ("@ nobody, @@Ann", (), set()),
        ("(@Zoë O'Neill)", (), {3}),
    ],
)
def test_whom_a_text_names(text: str, chosen: tuple[int, ...], found: set[int]) -> None:
    assert find_named(text, PEOPLE, chosen) == found


@pytest.mark.parametrize("text", ["@Ann Lee", "@Ann Leeward", "@Zoë", "@x", "ask @Ann, please"])
def test_never_a_guess(text: str) -> None:
    with pytest.raises(RuleBroken):
        find_named(text, PEOPLE, ())


@given(st.text(max_size=60))
def test_any_text_names_people_of_the_list_or_says_why_not(text: str) -> None:
    with suppress(RuleBroken):
        assert find_named(text, PEOPLE, ()) <= PEOPLE.keys()
