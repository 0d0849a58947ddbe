"""The inbox in a browser without JavaScript."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal import now
from portal.actor import PROGRAM
from portal.database import Database, reading, session, writing
from portal.demand.services import set_cost
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.ideas.services import add_comment, support_idea
from portal.insights.models import DemandType, Insight
from portal.now import now as moment
from portal.triage.lists import View
from portal.triage.queries import count_inbox
from portal.triage.services import accept_idea, ask_author
from tests.factories.people import actor_of
from tests.factories.triage import House, submit, tell_what_is_held
from tests.support.client import Client
from tests.support.statements import counting

YES = "Yes. I would want it so myself."
NO = "The supplier offers it only from version nine on."


def state_of(idea: Idea) -> State:
    """Where the idea stands now."""
    with reading() as unit:
        return unit.get_one(Idea, idea.id).state


def address(idea: Idea, step: str = "") -> str:
    """The address of an item, or of a step on it."""
    return f"/triage/I-{idea.number}" + (f"/{step}" if step else "")


def test_the_inbox_shows_what_waits_with_the_first_item_beside_it(head: Client, idea: Idea) -> None:
    page = head.get("/triage")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert page.text.count(idea.title) == 2
    assert "To Billing because the contact reason" in page.text
    assert "To decide<span" in page.text


def test_an_item_has_its_own_address_and_one_h1(head: Client, idea: Idea) -> None:
    page = head.get(address(idea))
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert 'data-key="a"' in page.text
    assert "Amina Yusuf" in page.text


def test_an_empty_inbox_says_so(head: Client) -> None:
    page = head.get("/triage")
    assert page.status_code == 200
    assert "Nothing waits on you" in page.text


def test_an_agent_has_no_inbox(house: House, client: Client, idea: Idea) -> None:
    client.sign_in(house.agent)
    assert client.get("/triage").status_code == 404
    assert client.get(address(idea)).status_code == 404
    assert client.post(address(idea, "accept"), {"sentence": YES}).status_code == 404


@pytest.mark.threat(23)
def test_the_head_of_another_department_neither_sees_nor_decides(
    house: House, client: Client, idea: Idea
) -> None:
    client.sign_in(house.metering.head)
    assert idea.title not in client.get("/triage").text
    assert client.get(address(idea)).status_code == 404
    assert client.post(address(idea, "accept"), {"sentence": YES}).status_code == 404
    assert state_of(idea) is State.TRIAGE


def test_a_head_does_not_meet_their_own_idea_in_the_inbox(house: House, head: Client) -> None:
    with writing():
        own = submit(house.billing.head, house.billing.reason)
    assert own.title not in head.get("/triage").text
    assert head.get(address(own)).status_code == 404


def test_a_yes_goes_on_to_the_next_item(house: House, head: Client, idea: Idea) -> None:
    with writing():
        other = submit(house.agent, house.billing.reason, title="The next one")
    page = head.get(address(idea, "accept"))
    answer = head.post(
        address(idea, "accept"),
        {**head.fields(page, f"{address(idea, 'accept')}?view=decide"), "sentence": YES},
    )
    assert (answer.status_code, answer.location) == (303, f"{address(other)}?view=decide")
    assert state_of(idea) is State.ACCEPTED
    assert f"I-{idea.number} is accepted." in head.get(answer.location).text


def test_the_last_decision_leads_back_to_the_empty_inbox(head: Client, idea: Idea) -> None:
    answer = head.post(address(idea, "ask"), {"question": "How often in a week?"})
    assert (answer.status_code, answer.location) == (303, "/triage?view=decide")
    assert state_of(idea) is State.NEEDS_INFO


def test_a_double_click_decides_once(head: Client, idea: Idea) -> None:
    typed = {"sentence": YES, "version": str(idea.version)}
    first = head.post(address(idea, "accept"), typed)
    second = head.post(address(idea, "accept"), typed)
    assert (first.status_code, second.status_code) == (303, 303)
    assert state_of(idea) is State.ACCEPTED


def test_who_comes_second_is_told_and_keeps_what_they_wrote(
    house: House, head: Client, new_client: Callable[[], Client], idea: Idea
) -> None:
    deputy = new_client().sign_in(house.billing.deputy)
    version = {"version": str(idea.version)}
    deputy.post(address(idea, "accept"), {"sentence": YES, **version})
    answer = head.post(
        address(idea, "decline"),
        {"reason_code": "system", "sentence": NO, "would_change": "The upgrade.", **version},
    )
    assert answer.status_code == 409
    assert "Deputy of Billing decided this" in answer.text
    assert NO in answer.text
    assert answer.text.count("<h1") == 1


def test_half_a_no_comes_back_unfolded_with_its_text(head: Client, idea: Idea) -> None:
    answer = head.post(
        address(idea, "decline"),
        {"reason_code": "cost", "sentence": "Too dear.", "would_change": "A <lower> price."},
    )
    assert answer.status_code == 422
    assert "Too dear." in answer.text
    assert "A &lt;lower&gt; price." in answer.text
    assert "20 characters" in answer.text
    assert 'value="cost"' in answer.text.replace("selected value", "value")
    assert answer.text.count("<h1") == 1


def test_a_transfer_is_chosen_from_the_other_departments(
    house: House, head: Client, new_client: Callable[[], Client], idea: Idea
) -> None:
    form = head.get(address(idea, "transfer"))
    assert ">Metering<" in form.text
    assert ">Billing</option>" not in form.text
    given = {"to": str(house.metering.department.id), "reason": "The date is yours."}
    assert head.post(address(idea, "transfer"), given).status_code == 303
    assert head.get(address(idea)).status_code == 404
    receiver = new_client().sign_in(house.metering.head)
    page = receiver.get("/triage?view=handed")
    assert "Billing handed this to you." in page.text
    assert "Take it or give it back by" in page.text
    taken = receiver.post(address(idea, "take"))
    assert (taken.status_code, taken.location) == (303, f"{address(idea)}?view=decide")
    assert "handed this to you" not in receiver.get(address(idea)).text


def test_what_was_handed_over_can_go_back(
    house: House, head: Client, new_client: Callable[[], Client], idea: Idea
) -> None:
    given = {"to": str(house.metering.department.id), "reason": "The date is yours."}
    head.post(address(idea, "transfer"), given)
    receiver = new_client().sign_in(house.metering.head)
    assert receiver.post(address(idea, "return"), {"reason": ""}).status_code == 422
    assert receiver.post(address(idea, "return"), {"reason": "No, yours."}).status_code == 303
    assert "Back to Billing because Metering returned it." in head.get(address(idea)).text


def test_what_was_handed_on_by_mistake_comes_back_by_one_button(
    house: House, head: Client, idea: Idea, new_client: Callable[[], Client]
) -> None:
    given = {"to": str(house.metering.department.id), "reason": "The date is yours."}
    sent = head.post(address(idea, "transfer"), given)
    undo = address(idea, "call-back")
    assert undo in head.get(sent.location).text, "beside what was said of it"
    listed = head.get("/triage/signed").text
    assert "Handed on, not answered yet" in listed
    assert undo in listed
    back = head.post(undo)
    assert (back.status_code, back.location) == (303, f"{address(idea)}?view=decide")
    assert "which had handed it on by mistake" in head.get(address(idea)).text
    assert undo not in head.get("/triage/signed").text
    assert head.post(undo).status_code == 409
    head.post(address(idea, "transfer"), given)
    new_client().sign_in(house.metering.head).post(address(idea, "take"))
    late = head.post(undo)
    assert late.status_code == 409
    assert "answered already" in late.text


@pytest.mark.parametrize("to", ["", "x", "999999"])
def test_a_department_that_is_not_there_is_no_fault(head: Client, idea: Idea, to: str) -> None:
    answer = head.post(address(idea, "transfer"), {"to": to, "reason": "The date is yours."})
    assert answer.status_code in {404, 422}


def test_the_author_answers_on_a_page_of_their_own(
    house: House, head: Client, new_client: Callable[[], Client], idea: Idea
) -> None:
    head.post(address(idea, "ask"), {"question": "How often in a week?"})
    tell_what_is_held()
    author = new_client().sign_in(house.agent)
    here = f"/ideas/I-{idea.number}/answer"
    page = author.get(here)
    assert page.status_code == 200
    assert "How often in a week?" in page.text
    assert page.text.count("<h1") == 1
    assert author.post(here, {"answer": " "}).status_code == 422
    answer = author.post(here, {"answer": "Daily. Ask jo@example.com."})
    assert (answer.status_code, answer.location) == (303, f"/ideas/I-{idea.number}")
    assert state_of(idea) is State.TRIAGE
    back = author.get(here)
    assert (back.status_code, back.location) == (303, f"/ideas/I-{idea.number}"), "by Back"
    late = author.post(here, {"answer": ""})
    assert late.status_code == 409
    assert "Daily. Ask [mail]." in head.get(address(idea)).text


def test_a_question_is_not_a_strangers_to_answer(
    house: House, head: Client, new_client: Callable[[], Client], idea: Idea
) -> None:
    head.post(address(idea, "ask"), {"question": "How often in a week?"})
    stranger = new_client().sign_in(house.colleague)
    here = f"/ideas/I-{idea.number}/answer"
    assert stranger.get(here).status_code == 404
    assert stranger.post(here, {"answer": "Daily."}).status_code == 403


def test_the_prize_is_contacts_times_avoidable_cost(house: House, head: Client) -> None:
    with writing():
        reason = house.billing.reason
        set_cost(
            PROGRAM,
            session().merge(reason),
            valid_from=moment().date() - timedelta(days=30),
            avoidable_minor=640,
            full_minor=900,
        )
        for age in (1, 300, 400):
            session().add(_contact(house, age))
        idea = submit(house.agent, reason)
    page = head.get(address(idea)).text
    assert "2 contacts in 12 months</a> × € 6.40" in page
    assert "€ 13" in page


def _contact(house: House, days_ago: int) -> Insight:
    at = moment() - timedelta(days=days_ago)
    return Insight(
        number=9000 + days_ago,
        text="Which of the two do I pay?",
        reason_id=house.billing.reason.id,
        department_id=house.billing.department.id,
        routed_because={},
        demand_type=DemandType.FAILURE,
        friction=[],
        masked={},
        occurred_at=at,
        created_at=at,
    )


def test_each_view_holds_what_its_name_says(house: House, head: Client) -> None:
    billing = actor_of(house.billing.head)
    with now.at(moment() - timedelta(days=40)), writing():
        late = submit(house.agent, house.billing.reason, title="Late one")
    with writing():
        submit(house.agent, house.billing.reason, title="Fresh one")
        asked = submit(house.agent, house.billing.reason, title="Asked one")
        ask_author(billing, asked, question="How often in a week?")
        promised = submit(house.agent, house.billing.reason, title="Promised one")
        accept_idea(billing, promised, sentence=YES)
    shown = {
        view: {
            name
            for name in ("Late", "Fresh", "Asked", "Promised")
            if f">{name} one</span>" in head.get(f"/triage?view={view}").text
        }
        for view in View
    }
    assert shown == {
        View.DECIDE: {"Late", "Fresh"},
        View.UNANSWERED: {"Late", "Fresh"},
        View.AUTHOR: {"Asked"},
        View.HANDED: set(),
        View.COMMIT: {"Promised"},
        View.OVERDUE: {"Late"},
        View.MINE: {"Late", "Fresh", "Promised"},
        View.APPEALED: set(),
        View.TESTING: set(),
        View.VETO: set(),
    }
    page = head.get("/triage").text
    assert page.index("Late one") < page.index("Fresh one")
    assert "Past its clock" in page
    assert f"I-{late.number}" in page
    with reading():
        assert count_inbox(billing) == 3


@pytest.mark.parametrize("query", ["view=nonsense", "show=-3", "show=x", "show=99999", "view="])
def test_a_strange_address_shows_an_inbox(head: Client, idea: Idea, query: str) -> None:
    assert head.get(f"/triage?{query}").status_code == 200


def test_a_long_inbox_unfolds(house: House, head: Client) -> None:
    with writing():
        for n in range(3):
            submit(house.agent, house.billing.reason, title=f"Idea {n}")
    page = head.get("/triage?show=2").text
    assert "show=102" in page
    assert page.count('class="inbox-row"') == 2


def test_a_page_of_the_inbox_costs_eight_statements(
    house: House, head: Client, database: Database
) -> None:
    with writing():
        for _ in range(5):
            idea = submit(house.agent, house.billing.reason)
        support_idea(
            actor_of(house.colleague), idea, occurred_on=moment().date(), example="Which one?"
        )
    head.get("/triage")
    with counting(database) as frame:
        head.get("/")
    with counting(database) as seen:
        head.get("/triage")
    assert len(seen) - len(frame) <= 8
    with counting(database) as seen:
        head.get(address(idea))
    assert len(seen) - len(frame) <= 8


def test_htmx_gets_the_form_of_a_step_alone(head: Client, idea: Idea) -> None:
    fragment = head.get(address(idea, "decline"), HX_Request="true")
    assert fragment.text.lstrip().startswith('<form id="step"')
    assert "<h1" not in fragment.text
    assert "What would change the answer" in fragment.text


LATER = {"sentence": "Not before the new printer is here.", "review_on": "2026-12-24"}
TEST = {
    "sentence": "Let us see it work first.",
    "scope": "The late team, on Tuesdays.",
    "stop_rule": "More calls than before.",
    "days": "5",
}


@pytest.mark.parametrize(
    ("step", "values", "state"),
    [
        ("defer", LATER, State.DEFERRED),
        ("exists", {"sentence": NO, "place": "Knowledge base, 4.2"}, State.ALREADY_EXISTS),
        ("test", TEST, State.TESTING),
    ],
)
def test_further_answers_are_signed_on_the_bench_and_read_by_the_author(
    head: Client,
    house: House,
    idea: Idea,
    new_client: Callable[[], Client],
    step: str,
    values: dict[str, str],
    state: State,
) -> None:
    with now.at(moment().replace(year=2026, month=11, day=24)):
        assert head.get(address(idea, step)).status_code == 200
        assert head.post(address(idea, step), values).status_code == 303
    assert state_of(idea) is state
    tell_what_is_held()
    author = new_client().sign_in(house.agent)
    page = author.get(f"/ideas/I-{idea.number}").text
    assert values["sentence"] in page
    assert "Was this answer useful to you?" in page


def test_a_letter_is_read_before_it_is_signed_and_nothing_happens(head: Client, idea: Idea) -> None:
    values = {
        "reason_code": "cost",
        "sentence": "Call 4111 1111 1111 1111 first, then we talk about it.",
        "would_change": "A budget.",
        "preview": "1",
    }
    page = head.post(address(idea, "decline"), values)
    assert page.status_code == 200
    assert "Hello Amina," in page.text
    assert "costs more than it saves" in page.text
    assert "Head of Billing, Billing" in page.text
    assert "[card ••1111]" in page.text
    assert state_of(idea) is State.TRIAGE


@pytest.mark.parametrize(
    ("step", "field", "value"),
    [
        ("defer", "review_on", ""),
        ("defer", "review_on", "1999-01-01"),
        ("defer", "review_on", "tomorrow"),
        ("exists", "idea", "the other one"),
        ("exists", "idea", "I-99999"),
        ("test", "days", "31"),
        ("test", "days", "9" * 40),
        ("test", "scope", ""),
        ("cost", "alternative", ""),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_what_was_typed_stays(
    head: Client, idea: Idea, step: str, field: str, value: str
) -> None:
    whole = {**LATER, **TEST, "alternative": "None.", "idea": "", "place": ""}
    page = head.post(address(idea, step), {**whole, field: value})
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert state_of(idea) is State.TRIAGE


def test_an_author_appeals_and_the_heads_head_finds_it(
    head: Client, house: House, idea: Idea, new_client: Callable[[], Client]
) -> None:
    values = {"reason_code": "cost", "sentence": NO, "would_change": "A budget."}
    head.post(address(idea, "decline"), values)
    author = new_client().sign_in(house.agent)
    assert "Appeal" in author.get(f"/ideas/I-{idea.number}").text
    assert author.get(f"/ideas/I-{idea.number}/appeal").status_code == 200
    short = author.post(f"/ideas/I-{idea.number}/appeal", {"reason": "No."})
    assert short.status_code == 422
    done = author.post(f"/ideas/I-{idea.number}/appeal", {"reason": "Forty calls a day say so."})
    assert done.status_code == 303
    assert author.get(f"/ideas/I-{idea.number}/appeal").status_code == 303, "there is only one"
    board = new_client().sign_in(house.board.head)
    assert "Forty calls a day say so." in board.get(address(idea)).text
    refused = head.post(address(idea, "accept"), {"sentence": YES})
    assert refused.status_code == 403
    assert board.post(address(idea, "accept"), {"sentence": YES}).status_code == 303
    assert state_of(idea) is State.ACCEPTED


def test_an_author_tries_it_out_and_the_head_vetoes(
    head: Client, house: House, idea: Idea, new_client: Callable[[], Client]
) -> None:
    author = new_client().sign_in(house.agent)
    address_of_try = f"/ideas/I-{idea.number}/try"
    assert author.get(address_of_try).status_code == 200
    values = {
        "plan": "We read the new line out on the late shift.",
        "undo": "We stop reading it out.",
        "days": "5",
        "money": "0",
    }
    assert author.post(address_of_try, values).status_code == 422
    assert author.post(address_of_try, {**values, "is_harmless": "y"}).status_code == 303
    assert state_of(idea) is State.TESTING
    assert "veto" in head.get(address(idea)).text
    veto = head.post(address(idea, "veto"), {"sentence": "Not in the week of the auditors."})
    assert veto.status_code == 303
    assert state_of(idea) is State.TRIAGE


def test_an_author_rates_an_answer_with_one_tap(
    head: Client, house: House, idea: Idea, new_client: Callable[[], Client]
) -> None:
    head.post(address(idea, "accept"), {"sentence": YES})
    tell_what_is_held()
    author = new_client().sign_in(house.agent)
    page = author.get(f"/ideas/I-{idea.number}")
    action = page.text.split('hx-post="')[1:]
    (rate,) = {one.split('"')[0] for one in action if "/rate" in one.split('"')[0]}
    assert author.post(rate, {"useful": "no"}).status_code == 303
    again = author.post(rate, {"useful": "yes"}, HX_Request="true")
    assert again.status_code == 200
    assert 'aria-pressed="true"' in again.text
    stranger = new_client().sign_in(house.colleague)
    assert stranger.post(rate, {"useful": "yes"}).status_code == 403


SAME = {"sentence": "Both want the reading marked as a guess, so we answer them together."}


@pytest.fixture
def other(house: House) -> Idea:
    """An idea of somebody else that says the same."""
    with writing():
        return submit(house.colleague, house.billing.reason)


def test_two_that_say_the_same_are_looked_at_signed_and_joined(
    head: Client, idea: Idea, other: Idea
) -> None:
    assert f'href="/triage/I-{idea.number}/merge' in head.get(address(idea)).text
    choosing = head.get(address(idea, "merge")).text
    assert choosing.count("<h1") == 1
    assert f"into=I-{other.number}" in choosing
    assert "100 % alike" in choosing
    url = address(idea, f"merge?into=i-{other.number}")
    both = head.get(url).text
    assert both.count("50 %") == 2
    letter = head.post(url, {**SAME, "preview": "1"}).text
    assert "Hello Amina," in letter
    assert f"It goes on as: I-{other.number}" in letter
    assert "You can appeal once" in letter
    assert state_of(idea) is State.TRIAGE
    answer = head.post(url, SAME)
    assert (answer.status_code, state_of(idea)) == (303, State.MERGED)
    toast = head.get("/triage").text
    assert f'action="/triage/I-{idea.number}/unmerge"' in toast


def test_the_pages_of_both_lead_to_each_other_and_show_both_stories(
    house: House, head: Client, idea: Idea, other: Idea, client: Client
) -> None:
    with writing():
        add_comment(actor_of(house.colleague), session().get_one(Idea, idea.id), body="So it is.")
    url = address(idea, f"merge?into=I-{other.number}")
    head.post(url, SAME)
    joined = head.get(f"/ideas/I-{idea.number}").text
    assert f'It goes on as <a href="/ideas/I-{other.number}">' in joined
    assert "Take it out again" in joined
    assert "So it is." in joined
    assert 'data-draft="comment-' not in joined
    goes_on = head.get(f"/ideas/I-{other.number}").text
    assert "Joined to it" in goes_on
    assert "So it is." in goes_on
    assert goes_on.count("Amina Yusuf sent it") == 1
    client.sign_in(house.agent)
    assert "Take it out again" not in client.get(f"/ideas/I-{idea.number}").text
    assert "Appeal" in client.get(f"/ideas/I-{idea.number}").text
    client.sign_in(house.billing.head)
    page = f"/ideas/I-{idea.number}"
    answer = client.post(address(idea, "unmerge"), {"sentence": "They differ after all."})
    assert (answer.status_code, state_of(idea)) == (303, State.TRIAGE)
    assert "They differ after all." in client.get(page).text


@pytest.mark.parametrize("typed", ["I-99999", "nonsense", "0", "-1", "I-", "9" * 30])
def test_a_number_that_is_none_is_said_so_beside_the_field(
    head: Client, idea: Idea, typed: str
) -> None:
    page = head.get(address(idea, f"merge?into={typed}"))
    assert page.status_code == 200
    assert ("no idea with this number" in page.text) is (typed == "I-99999")
    assert "Which one says the same?" in page.text


def test_what_cannot_take_it_in_says_why_instead_of_a_form(head: Client, idea: Idea) -> None:
    page = head.get(address(idea, f"merge?into=I-{idea.number}")).text
    assert "This is the idea itself." in page
    assert "Join them" not in page
    url = address(idea, f"merge?into=I-{idea.number}")
    answer = head.post(url, {**SAME, "version": str(idea.version)})
    assert answer.status_code == 422
    assert "This is the idea itself." in answer.text
