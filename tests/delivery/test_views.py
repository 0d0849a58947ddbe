"""The board and the pages of every step, without JavaScript."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask, render_template

import portal.now
from portal.actor import Role
from portal.database import Database, session, writing
from portal.delivery import board, queries, services
from portal.delivery.board import Scope
from portal.delivery.models import Commitment, CreditRole, Track
from portal.ideas.lifecycle import State
from portal.now import today
from tests.factories.delivery import (
    DONE,
    Accepted,
    commit,
    make_accepted,
    make_implemented,
    make_measures,
)
from tests.factories.people import actor_of, make_department, make_person
from tests.support.client import Client
from tests.support.statements import counting

SAID = "The gateway contract was signed a week late."


@pytest.fixture
def accepted(client: Client) -> Accepted:
    """An accepted idea, its head signed in."""
    with writing():
        made = make_accepted(authors=(60, 40))
    client.sign_in(made.head)
    return made


def at(accepted: Accepted, step: str) -> str:
    return f"/ideas/I-{accepted.idea.number}/{step}"


def promise(accepted: Accepted, **changes: str) -> dict[str, str]:
    return {
        "person_id": str(accepted.deputy.id),
        "due_on": (today() + timedelta(days=30)).isoformat(),
        "definition_of_done": DONE,
        "track": "quick",
        "metric_id": "0",
        **changes,
    }


def test_the_form_begins_with_the_default_split(client: Client, accepted: Accepted):
    page = client.get(at(accepted, "commit"))
    assert page.status_code == 200
    assert page.text.count("<h1>") == 1
    fields = client.fields(page, at(accepted, "commit"))
    assert [fields[f"credit-{row}-percent"] for row in range(6)] == ["30", "30", "20", "20", "", ""]


def test_a_promise_is_signed_and_a_double_click_is_one(client: Client, accepted: Accepted):
    for _ in range(2):
        answer = client.post(at(accepted, "commit"), promise(accepted))
        assert (answer.status_code, answer.location) == (303, f"/ideas/I-{accepted.idea.number}")
    assert accepted.idea.state is State.COMMITTED
    assert sum(row.percent for row in queries.list_credit(accepted.idea.id)) == 100


def test_another_promise_for_the_same_idea_is_a_conflict(client: Client, accepted: Accepted):
    client.post(at(accepted, "commit"), promise(accepted))
    other = promise(accepted, person_id=str(accepted.head.id))
    assert client.post(at(accepted, "commit"), other).status_code == 409
    assert client.get(at(accepted, "commit")).status_code == 409


def test_the_split_that_was_typed_is_kept(client: Client, accepted: Accepted):
    rows = {
        "credit-0-person": str(accepted.author.id),
        "credit-0-role": "originator",
        "credit-0-percent": "70",
        "credit-1-person": "0",
        "credit-1-role": "implementer",
        "credit-1-percent": "30",
        "credit-2-person": "0",
        "credit-2-role": "developer",
        "credit-2-percent": "",
    }
    assert client.post(at(accepted, "commit"), promise(accepted, **rows)).status_code == 303
    credit = [
        (row.person.id, row.role, row.percent) for row in queries.list_credit(accepted.idea.id)
    ]
    assert credit == [
        (accepted.author.id, CreditRole.ORIGINATOR, 70),
        (accepted.deputy.id, CreditRole.IMPLEMENTER, 30),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"due_on": "2020-01-01"},
        {"due_on": "soon"},
        {"definition_of_done": "Soon done, really soon"[:12]},
        {"person_id": "999999"},
        {"track": "fast"},
        {"track": "measured"},
        {"investment": "-3"},
        {"investment": "1e30"},
        {"forecast_percent": "many"},
        {"credit-0-person": "0", "credit-0-role": "developer", "credit-0-percent": "99"},
        {"credit-0-person": "0", "credit-0-role": "thief", "credit-0-percent": "100"},
        {"credit-0-person": "x", "credit-0-role": "developer", "credit-0-percent": "100"},
        {"credit-0-person": "0", "credit-0-role": "developer", "credit-0-percent": "all"},
        {"credit-0-person": "0", "credit-0-role": "developer", "credit-0-percent": ""},
    ],
)
def test_a_promise_that_breaks_a_rule_comes_back_with_its_words(
    client: Client, accepted: Accepted, changes: dict[str, str]
):
    typed = promise(accepted, definition_of_done=DONE + " Mark this.") | changes
    answer = client.post(at(accepted, "commit"), typed)
    assert answer.status_code == 422
    assert answer.text.count("<h1>") == 1
    assert "field-error" in answer.text
    assert typed["definition_of_done"] in answer.text
    assert accepted.idea.state is State.ACCEPTED


def test_a_measured_promise_names_its_metrics(client: Client, accepted: Accepted):
    with writing():
        measures = make_measures(accepted.department, weeks=9)
    page = client.get(at(accepted, "commit"))
    assert "(9 weeks: the verdict can be no better than C)" in page.text
    typed = promise(
        accepted, track="measured", metric_id=str(measures.primary.id), forecast_percent="-20"
    )
    guards: dict[str, object] = {"guardrail_ids": [str(each) for each in measures.guardrail_ids]}
    answer = client.post(at(accepted, "commit"), {**typed, **guards})
    assert answer.status_code == 303
    delivery = queries.get_delivery(accepted.idea.id)
    assert delivery is not None
    assert delivery.promise.track is Track.MEASURED
    assert delivery.proof is not None
    assert (delivery.proof.points_count, delivery.proof.is_weak) == (9, True)
    assert delivery.guardrails == ("Complaints", "Overtime")


def test_metrics_with_too_few_weeks_say_so(client: Client, accepted: Accepted):
    with writing():
        measures = make_measures(accepted.department, weeks=4)
    assert "(4 weeks: too few for a baseline)" in client.get(at(accepted, "commit")).text
    guards: dict[str, object] = {"guardrail_ids": [str(each) for each in measures.guardrail_ids]}
    typed = promise(accepted, track="measured", metric_id=str(measures.primary.id))
    answer = client.post(at(accepted, "commit"), {**typed, **guards})
    assert answer.status_code == 422
    assert "4 complete weeks" in answer.text


def test_what_was_masked_is_said_once(client: Client, accepted: Accepted):
    words = "Nobody rings 4111 1111 1111 1111 again about this."
    client.post(at(accepted, "commit"), promise(accepted, definition_of_done=words))
    assert "We masked a card number." in client.get("/delivery").text
    assert "4111 1111" not in queries.get_commitment(accepted.idea.id).definition_of_done


@pytest.mark.threat(19)
def test_only_the_owner_department_may_promise(
    accepted: Accepted, new_client: Callable[[], Client]
):
    with writing():
        head = make_person(role=Role.HEAD, scope=make_department("Metering"))
    stranger, agent = new_client().sign_in(head), new_client().sign_in(accepted.author)
    for step in ("commit", "stop", "close", "roll-back"):
        for browser, refused in ((agent, 404), (stranger, 403)):
            assert browser.get(at(accepted, step)).status_code == refused
            assert browser.post(at(accepted, step), promise(accepted)).status_code == refused
    assert accepted.idea.state is State.ACCEPTED


def test_a_colleague_reports_nothing_on_the_promise_of_others(
    client: Client, accepted: Accepted, new_client: Callable[[], Client]
):
    with writing():
        commit(accepted)
        colleague = make_person()
    browser = new_client().sign_in(colleague)
    for step in ("progress", "date", "implement"):
        assert browser.get(at(accepted, step)).status_code == 403
        assert browser.post(at(accepted, step), {"sentence": SAID}).status_code == 403
    assert browser.post(at(accepted, "start")).status_code == 403
    assert client.get(at(accepted, "progress")).status_code == 200


def test_from_the_promise_to_done_without_javascript(client: Client, accepted: Accepted):
    client.post(at(accepted, "commit"), promise(accepted))
    later = (today() + timedelta(days=44)).isoformat()
    steps = (
        ("start", {}),
        ("progress", {"sentence": "Fourteen of 38 tablets send their position."}),
        ("date", {"due_on": later, "reason": SAID}),
        (
            "implement",
            {
                "go_live_on": today().isoformat(),
                "what_changes": "The letter names the day; you no longer look it up.",
                "evidence": "The letter template of today, version 14.",
                "evidence_url": "https://letters.example/14",
            },
        ),
        ("close", {}),
    )
    for step, typed in steps:
        if step != "start":
            page = client.get(at(accepted, step))
            assert page.status_code == 200, step
            assert page.text.count("<h1>") == 1
        assert client.post(at(accepted, step), typed).status_code == 303, step
    assert accepted.idea.state is State.CLOSED


@pytest.mark.parametrize(
    ("step", "typed"),
    [
        ("progress", {"sentence": "Soon."}),
        ("progress", {"sentence": ""}),
        ("date", {"due_on": "2020-01-01", "reason": SAID}),
        ("date", {"due_on": "", "reason": SAID}),
        ("stop", {"sentence": "No."}),
        ("implement", {"go_live_on": "2999-01-01", "what_changes": SAID, "evidence": SAID}),
        ("implement", {"go_live_on": "2020-01-01", "what_changes": SAID, "evidence": SAID}),
        ("implement", {"go_live_on": "", "what_changes": SAID, "evidence": SAID}),
        (
            "implement",
            {
                "go_live_on": "2020-01-01",
                "what_changes": SAID,
                "evidence": SAID,
                "evidence_url": "data:text/html,x",
            },
        ),
    ],
)
def test_a_step_that_breaks_a_rule_keeps_what_was_typed(
    client: Client, accepted: Accepted, step: str, typed: dict[str, str]
):
    with writing():
        commit(accepted)
        services.start_work(actor_of(accepted.head), accepted.idea)
    answer = client.post(at(accepted, step), typed)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert all(value in answer.text for value in typed.values())
    assert accepted.idea.state is State.IN_PROGRESS


def test_an_idea_is_stopped_with_words_for_its_author(client: Client, accepted: Accepted):
    assert client.post(at(accepted, "stop"), {"sentence": SAID}).status_code == 303
    assert accepted.idea.state is State.STOPPED
    assert client.post(at(accepted, "stop"), {"sentence": SAID}).status_code == 409


def test_a_harmful_change_is_rolled_back(client: Client, accepted: Accepted):
    with writing():
        accepted.idea.state = State.HARMFUL
    assert client.get(at(accepted, "roll-back")).status_code == 200
    assert client.post(at(accepted, "roll-back"), {"sentence": SAID}).status_code == 303
    assert accepted.idea.state is State.ROLLED_BACK


def test_colleagues_say_whether_they_see_the_change(
    accepted: Accepted, new_client: Callable[[], Client]
):
    with writing():
        make_implemented(accepted)
        colleague = make_person()
    browser = new_client().sign_in(colleague)
    for _ in range(2):
        assert browser.post(at(accepted, "confirm"), {"sees_it": "no"}).status_code == 303
    assert browser.post(at(accepted, "confirm"), {"sees_it": "yes"}).status_code == 409
    credited = new_client().sign_in(accepted.author)
    assert credited.post(at(accepted, "confirm"), {"sees_it": "yes"}).status_code == 403


def test_the_board_is_in_the_order_of_the_days(client: Client, accepted: Accepted):
    with writing():
        commit(accepted, due_on=today() + timedelta(days=40))
        sooner = make_accepted()
        commit(sooner, due_on=today() + timedelta(days=10))
    page = client.get("/delivery")
    assert page.text.count("<h1>") == 1
    order = [page.text.index(f"I-{each.idea.number}<") for each in (sooner, accepted)]
    assert order == sorted(order)


def test_the_board_shows_whose_promises_one_asks_for(client: Client, accepted: Accepted):
    with writing():
        commit(accepted)
        commit(make_accepted())
    actor, day = actor_of(accepted.head), today()
    assert len(board.list_board(actor, day).items) == 2
    (ours,) = board.list_board(actor, day, scope=Scope.OURS).items
    assert ours.number == accepted.idea.number
    assert board.list_board(actor, day, scope=Scope.MINE).items == ()
    (mine,) = board.list_board(actor_of(accepted.deputy), day, scope=Scope.MINE).items
    assert mine.person.id == accepted.deputy.id
    for address in ("/delivery?scope=mine", "/delivery?scope=nonsense&cursor=%21", "/delivery"):
        assert client.get(address).status_code == 200


def test_what_is_over_its_day_is_counted_until_it_is_live(client: Client, accepted: Accepted):
    with portal.now.at(datetime(2026, 3, 2, 10, tzinfo=UTC)), writing():
        late = make_accepted()
        commit(late)
    actor = actor_of(late.head)
    assert board.count_overdue(actor, today(), Scope.OURS) == 1
    (row,) = board.list_board(actor, today(), overdue=True).items
    assert row.number == late.idea.number
    assert "over" in client.get("/delivery?overdue=1").text
    with writing():
        services.start_work(actor, late.idea)
        services.implement_idea(
            actor, late.idea, go_live_on=today(), what_changes=SAID, evidence=SAID
        )
    assert board.count_overdue(actor, today(), Scope.OURS) == 0


def test_the_board_turns_its_pages_both_ways(
    client: Client, accepted: Accepted, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(board, "PAGE_SIZE", 2)
    with writing():
        for days in (3, 1, 2):
            commit(make_accepted(), due_on=today() + timedelta(days=days))
    actor, day = actor_of(accepted.head), today()
    first = board.list_board(actor, day)
    second = board.list_board(actor, day, cursor=first.older)
    again = board.list_board(actor, day, cursor=second.newer)
    assert [row.due_on for row in (*first.items, *second.items)] == [
        day + timedelta(days=days) for days in (1, 2, 3)
    ]
    assert again.items == first.items
    assert client.get(f"/delivery?cursor={first.older}").status_code == 200


def test_the_board_asks_the_same_few_questions_however_long_it_is(
    client: Client, accepted: Accepted, database: Database
):
    client.get("/delivery")
    with counting(database) as few:
        client.get("/delivery")
    with writing():
        for _ in range(4):
            commit(make_accepted())
    with counting(database) as many:
        client.get("/delivery")
    assert len(many) == len(few) <= 8


def test_everything_about_a_delivery_is_three_statements(accepted: Accepted, database: Database):
    assert queries.get_delivery(accepted.idea.id) is None
    with writing():
        make_implemented(accepted, measures=make_measures(accepted.department))
    with counting(database) as seen:
        delivery = queries.get_delivery(accepted.idea_id, accepted.head.id)
    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 3
    assert delivery is not None
    assert delivery.change is not None
    assert delivery.change.mine is None


DOORS = ("work", "stop", "close", "roll_back", "confirm")


@pytest.mark.parametrize("is_open", [False, True])
def test_the_fragments_of_an_idea_show_promise_and_change(
    app: Flask, accepted: Accepted, is_open: bool
):
    with writing():
        make_implemented(accepted, measures=make_measures(accepted.department, weeks=9))
    context = {
        "idea": accepted.idea,
        "delivery": queries.get_delivery(accepted.idea_id),
        "doors": SimpleNamespace(**dict.fromkeys(DOORS, is_open)),
    }
    with app.test_request_context():
        promised = render_template("delivery/_commitment.html", **context)
        live = render_template("delivery/_implementation.html", **context)
    assert 'id="commitment"' in promised
    assert "Only 9 weeks before the change. The verdict can be no better than C." in promised
    assert 'id="implementation"' in live
    assert ("<form" in live) is is_open
    assert ("/progress" in promised) is is_open


def test_nothing_is_promised_where_nothing_was_kept(client: Client, accepted: Accepted):
    assert "No promise is open here" in client.get("/delivery").text
    assert session().query(Commitment).count() == 0
