"""Taking a decision back in a browser without JavaScript."""

from collections.abc import Callable
from datetime import timedelta

from portal import now
from portal.database import Database, reading, writing
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.jobs.services import run_ready_tasks
from portal.now import now as moment
from portal.triage.undoing import HOLD
from tests.factories.triage import House, submit
from tests.support.client import Client
from tests.support.statements import counting

YES = "Yes. I would want it so myself."
NO = "The supplier offers it only from version nine on."


def state_of(idea: Idea) -> State:
    """Where the idea stands now."""
    with reading() as unit:
        return unit.get_one(Idea, idea.id).state


def no(head: Client, idea: Idea) -> None:
    """The head says no."""
    typed = {"reason_code": "system", "sentence": NO, "would_change": "The upgrade."}
    assert head.post(f"/triage/I-{idea.number}/decline", typed).status_code == 303


def test_the_toast_and_both_pages_of_the_item_offer_the_way_back(head: Client, idea: Idea) -> None:
    no(head, idea)
    here = f"/triage/I-{idea.number}/undo"
    toast = head.get("/triage").text
    assert f'action="{here}"' in toast
    assert 'data-key="u"' in toast
    for page in (f"/triage/I-{idea.number}", f"/ideas/I-{idea.number}", "/triage/signed"):
        assert f'action="{here}' in head.get(page).text, page
    answer = head.post(here)
    assert (answer.status_code, state_of(idea)) == (303, State.TRIAGE)
    page = head.get(answer.location).text
    assert "is as it was before. Nobody was told." in page
    assert here not in page
    assert NO not in page


def test_nobody_else_is_offered_it_or_reads_what_was_signed(
    house: House, head: Client, new_client: Callable[[], Client], idea: Idea
) -> None:
    no(head, idea)
    for person in (house.billing.deputy, house.agent, house.colleague):
        page = new_client().sign_in(person).get(f"/ideas/I-{idea.number}").text
        assert "undo" not in page
        assert NO not in page
        assert "declined it" not in page
    deputy = new_client().sign_in(house.billing.deputy)
    refused = deputy.post(f"/triage/I-{idea.number}/undo")
    assert refused.status_code == 403
    assert "Whoever signed it can take it back" in refused.text
    assert state_of(idea) is State.DECLINED
    with now.at(moment() + HOLD):
        run_ready_tasks()
    author = new_client().sign_in(house.agent).get(f"/ideas/I-{idea.number}").text
    assert NO in author
    assert "declined it" in author


def test_after_the_minute_it_says_so_and_offers_nothing(head: Client, idea: Idea) -> None:
    no(head, idea)
    head.get("/triage")  # which shows the toast
    with now.at(moment() + HOLD + timedelta(seconds=1)):
        assert "/undo" not in head.get(f"/triage/I-{idea.number}").text
        assert "Nothing to take back" in head.get("/triage/signed").text
        late = head.post(f"/triage/I-{idea.number}/undo")
    assert late.status_code == 409
    assert "The minute is over" in late.text
    assert state_of(idea) is State.DECLINED


def test_a_second_undo_says_that_it_was_done(head: Client, idea: Idea) -> None:
    no(head, idea)
    assert head.post(f"/triage/I-{idea.number}/undo").status_code == 303
    again = head.post(f"/triage/I-{idea.number}/undo")
    assert again.status_code == 409
    assert "undone already" in again.text


def test_a_question_that_was_not_told_is_not_answered(
    house: House, head: Client, new_client: Callable[[], Client], idea: Idea
) -> None:
    head.post(f"/triage/I-{idea.number}/ask", {"question": "How often in a week?"})
    author = new_client().sign_in(house.agent)
    assert author.get(f"/ideas/I-{idea.number}/answer").status_code == 303
    head.post(f"/triage/I-{idea.number}/undo")
    assert "How often in a week?" not in head.get(f"/triage/I-{idea.number}").text


def test_what_was_signed_just_now_takes_as_many_statements_for_one_as_for_ten(
    house: House, head: Client, idea: Idea, database: Database
) -> None:
    no(head, idea)
    head.get("/triage/signed")
    with counting(database) as few:
        head.get("/triage/signed")
    for number in range(9):
        with writing():
            other = submit(house.agent, house.billing.reason, title=f"Idea {number}")
        head.post(f"/triage/I-{other.number}/accept", {"sentence": YES})
    head.get("/triage/signed")
    with counting(database) as many:
        assert head.get("/triage/signed").text.count("/undo") == 10
    assert len(many) == len(few)
