"""Going through the inbox one idea after another, without JavaScript and without pressure."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import now
from portal.database import Database, reading, session, writing
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.now import now as moment
from portal.routing.services import transfer_idea
from portal.triage.jobs import forget_sittings
from portal.triage.models import Sitting, SittingStop
from portal.triage.sittings import KEPT, LONGEST
from tests.factories.people import actor_of
from tests.factories.triage import House, submit
from tests.support.client import Client
from tests.support.statements import counting

HERE = "/triage/sitting"
YES = "Yes. I would want it so myself."
OVER = "Five minutes are over. Take the time it needs."


@pytest.fixture
def desk(house: House) -> list[Idea]:
    """Three ideas on the desk of billing."""
    with writing():
        return [
            submit(house.agent, house.billing.reason, title=f"Idea {number}") for number in range(3)
        ]


def at_item(idea: Idea) -> str:
    """The address of an item in a sitting over the plain inbox."""
    return f"/triage/I-{idea.number}?view=decide"


def skip(head: Client, idea: Idea) -> str:
    """Leave an idea for later; where that leads."""
    answer = head.post(f"{HERE}/next", {"idea": str(idea.number)})
    assert answer.status_code == 303
    return str(answer.location)


def test_a_sitting_walks_through_the_inbox_and_ends_with_what_it_came_to(
    head: Client, desk: list[Idea]
) -> None:
    one, two, three = desk
    assert "Begin" in head.get(HERE).text
    begun = head.post(HERE)
    assert (begun.status_code, begun.location) == (303, at_item(one))
    page = head.get(at_item(one)).text
    assert page.count("<h1") == 1
    assert "inbox-row" not in page
    assert "data-timer" in page
    assert head.get(HERE).location == at_item(one)
    done = head.post(f"/triage/I-{one.number}/accept", {"sentence": YES})
    assert done.location == at_item(two)
    assert f'action="/triage/I-{one.number}/undo"' in head.get(done.location).text
    assert skip(head, two) == at_item(three)
    asked = head.post(f"/triage/I-{three.number}/ask", {"question": "How often in a week?"})
    summary = head.get(asked.location)
    assert "/triage/sitting/" in asked.location
    assert summary.text.count("<h1") == 1
    assert _numbers(summary.text) == ["1", "1"]
    for words in ("That is it for now", "Accepted", "Asked", "Left for later"):
        assert words in summary.text
    assert 'href="/triage?view=decide"' in summary.text
    assert "inbox-row" in head.get(at_item(two)).text


def _numbers(page: str) -> list[str]:
    """The counts behind the kinds of decisions."""
    kinds = page.split('id="kinds"')[1].split("</dl>")[0]
    return [part.split("</dd>")[0] for part in kinds.split("<dd>")[1:]]


def test_stopping_early_counts_what_was_not_reached(head: Client, desk: list[Idea]) -> None:
    head.post(HERE)
    skip(head, desk[0])
    with reading() as unit:
        sitting = unit.scalars(select(Sitting)).one()
    ended = head.post(f"{HERE}/{sitting.id}/end")
    assert ended.location == f"{HERE}/{sitting.id}"
    page = head.get(ended.location).text
    with reading() as unit:
        assert unit.get_one(Sitting, sitting.id).left_count == 2
        assert len(unit.scalars(select(SittingStop)).all()) == 1
    assert "What you decided" not in page
    assert head.post(f"{HERE}/{sitting.id}/end").status_code == 303


def test_time_running_out_only_says_so(head: Client, desk: list[Idea]) -> None:
    head.post(HERE)
    assert OVER not in _said(head.get(at_item(desk[0])).text)
    with now.at(moment() + timedelta(minutes=6)):
        page = head.get(at_item(desk[0]))
        assert OVER in _said(page.text)
        answer = head.post(f"/triage/I-{desk[0].number}/accept", {"sentence": YES})
    assert answer.location == at_item(desk[1])


def _said(page: str) -> str:
    """What the clock says without JavaScript."""
    return page.split("data-timer")[1].split(">")[1].split("<")[0]


def test_next_sent_twice_leaves_one_idea(head: Client, desk: list[Idea]) -> None:
    head.post(HERE)
    assert skip(head, desk[0]) == at_item(desk[1])
    assert skip(head, desk[0]) == at_item(desk[1])
    assert head.post(f"{HERE}/next", {"idea": "nonsense"}).location == at_item(desk[1])


def test_beginning_again_goes_on_where_one_is(head: Client, desk: list[Idea]) -> None:
    head.post(HERE)
    skip(head, desk[0])
    assert head.post(HERE).location == at_item(desk[1])
    assert "Go on with your sitting" in head.get("/triage").text
    with reading() as unit:
        assert len(unit.scalars(select(Sitting)).all()) == 1


def test_one_left_open_for_hours_is_over(house: House, head: Client, desk: list[Idea]) -> None:
    head.post(HERE)
    skip(head, desk[0])
    with now.at(moment() + LONGEST + timedelta(minutes=1)):
        head.sign_in(house.billing.head)
        assert "Begin" in head.get(HERE).text
        assert head.post(HERE).location == at_item(desk[0])


def test_a_decision_that_is_undone_was_left_for_later(head: Client, desk: list[Idea]) -> None:
    head.post(HERE)
    head.post(f"/triage/I-{desk[0].number}/accept", {"sentence": YES})
    head.post(f"/triage/I-{desk[0].number}/undo")
    with reading() as unit:
        stops = unit.scalars(select(SittingStop).where(SittingStop.idea_id == desk[0].id))
        assert stops.one().step is None
        assert unit.get_one(Idea, desk[0].id).state is State.TRIAGE


def test_what_went_to_somebody_else_meanwhile_is_passed_over(
    house: House, head: Client, desk: list[Idea]
) -> None:
    head.post(HERE)
    with writing():
        transfer_idea(
            actor_of(house.billing.deputy),
            session().get_one(Idea, desk[0].id),
            to=house.metering.department,
            reason="The date is theirs.",
        )
    page = head.get(HERE)
    assert page.status_code == 200
    assert "is with somebody else by now" in page.text
    assert skip(head, desk[0]) == at_item(desk[1])


def test_a_sitting_over_an_empty_view_says_so(head: Client, desk: list[Idea]) -> None:
    answer = head.post(f"{HERE}?view=appealed")
    assert answer.status_code == 422
    assert "nothing in this view" in answer.text


def test_a_sitting_is_its_persons_own(
    house: House, head: Client, desk: list[Idea], new_client: Callable[[], Client]
) -> None:
    head.post(HERE)
    with reading() as unit:
        sitting = unit.scalars(select(Sitting)).one()
    deputy = new_client().sign_in(house.billing.deputy)
    assert deputy.get(f"{HERE}/{sitting.id}").status_code == 404
    assert deputy.post(f"{HERE}/{sitting.id}/end").status_code == 404
    assert "data-timer" not in deputy.get(at_item(desk[0])).text


def test_old_sittings_are_forgotten(head: Client, desk: list[Idea]) -> None:
    head.post(HERE)
    forget_sittings()
    with reading() as unit:
        assert len(unit.scalars(select(SittingStop)).all()) == 1
    with now.at(moment() + KEPT + timedelta(minutes=1)):
        forget_sittings()
    with reading() as unit:
        assert unit.scalars(select(Sitting)).all() == []
        assert unit.scalars(select(SittingStop)).all() == []


def test_the_page_of_an_item_takes_as_many_statements_in_a_sitting(
    house: House, head: Client, desk: list[Idea], database: Database
) -> None:
    head.get(at_item(desk[0]))
    with counting(database) as outside:
        head.get(at_item(desk[0]))
    head.post(HERE)
    with counting(database) as inside:
        head.get(at_item(desk[0]))
    assert len(inside) == len(outside)
