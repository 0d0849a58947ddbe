"""The pages of tasks, as those who ask and those who are asked use them."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.contributions.models import Contribution
from portal.database import Database, reading
from portal.ideas.models import Idea
from tests.factories.triage import House
from tests.support.client import Client
from tests.support.statements import counting

TASK = "Say what a second reading on request costs you."
DONE = "A reading on request takes 20 minutes; we can do 40 a week."


@pytest.fixture
def other(house: House, new_client: Callable[[], Client]) -> Client:
    """The browser of the head of metering."""
    return new_client().sign_in(house.metering.head)


@pytest.fixture
def agent(house: House, new_client: Callable[[], Client]) -> Client:
    """The browser of the author."""
    return new_client().sign_in(house.agent)


def asking(idea: Idea) -> str:
    """Where a department is asked."""
    return f"/ideas/I-{idea.number}/contributions"


def ask(head: Client, house: House, idea: Idea, **changes: str) -> str:
    """Billing asks metering; where the task is."""
    values = {"department": str(house.metering.department.id), "task": TASK, **changes}
    done = head.post(asking(idea), values)
    assert done.status_code == 303
    with reading() as reader:
        newest = reader.scalars(select(Contribution.id).order_by(Contribution.id.desc())).first()
    return f"{asking(idea)}/{newest}"


def test_the_story_of_a_task_on_its_pages(
    house: House, head: Client, idea: Idea, other: Client, agent: Client
) -> None:
    assert "Ask another department" in head.get(f"/triage/I-{idea.number}").text
    form = head.get(asking(idea)).text
    assert "Metering" in form
    assert ">Billing<" not in form.split("<select")[1].split("</select>")[0]
    there = ask(head, house, idea)
    page = agent.get(f"/ideas/I-{idea.number}").text
    assert TASK in page, "its author reads what is asked and whom it waits on"
    assert "Head of Metering" in page
    assert "Not needed any more" not in page
    home = other.get("/").text
    assert "Your part: Say that the reading was estimated" in home
    assert "One thing waits on you." in home
    listed = other.get("/contributions").text
    assert TASK in listed
    assert re.search(r'href="/triage"[^>]*aria-current', listed), "a part of the inbox"
    assert TASK in other.get(there).text
    done = other.post(there, {"words": DONE})
    assert (done.status_code, done.location) == (303, "/contributions")
    assert "Nobody needs a part of yours" in other.get("/contributions").text
    assert "Nothing waits on you." in other.get("/").text
    for reader in (agent, head):
        text = reader.get(f"/ideas/I-{idea.number}").text
        assert text.count(DONE) == 2, "beside the task, and on the timeline"
        assert "Metering did its part: Head of Metering signed it" in text
    assert DONE in head.get(f"/triage/I-{idea.number}").text


def test_nobody_else_finds_the_pages(
    house: House, head: Client, idea: Idea, other: Client, agent: Client
) -> None:
    there = ask(head, house, idea)
    for reader, address in (
        (agent, asking(idea)),
        (agent, there),
        (agent, "/contributions"),
        (other, asking(idea)),
        (head, there),
        (other, f"{asking(idea)}/999999"),
    ):
        assert reader.get(address).status_code == 404, address
    assert other.post(f"{there}/withdraw").status_code == 404
    assert head.post(there, {"words": DONE}).status_code == 404


def test_what_is_missing_is_named_and_what_was_typed_is_still_there(
    house: House, head: Client, idea: Idea, other: Client
) -> None:
    for values, said in (
        ({"department": "0", "task": TASK}, "This is missing."),
        ({"department": "soon", "task": TASK}, "Choose one from the list."),
        ({"department": str(10**14), "task": TASK}, "Choose a department."),
        ({"department": str(house.billing.department.id), "task": TASK}, "has the idea itself"),
    ):
        again = head.post(asking(idea), values)
        assert (again.status_code, said in again.text) == (422, True), values
        assert TASK in again.text
    there = ask(head, house, idea)
    empty = other.post(there, {"words": "  "})
    assert empty.status_code == 422
    assert "Write a sentence." in empty.text or "This is missing." in empty.text
    long = other.post(there, {"words": "x" * 4001, "refuse": "1"})
    assert long.status_code == 422
    assert "x" * 4001 in long.text


def test_what_came_too_late_is_not_lost(
    house: House,
    head: Client,
    idea: Idea,
    other: Client,
    new_client: Callable[[], Client],
) -> None:
    there = ask(head, house, idea)
    deputy = new_client().sign_in(house.metering.deputy)
    deputy.post(there, {"words": "The deputy was faster."})
    late = other.post(there, {"words": DONE})
    assert late.status_code == 409
    assert DONE in late.text
    assert other.get(there).status_code == 200
    gone = head.post(f"{there}/withdraw")
    assert gone.status_code == 409


def test_it_is_taken_back_with_one_button(
    house: House, head: Client, idea: Idea, other: Client
) -> None:
    there = ask(head, house, idea)
    assert "Not needed any more" in head.get(f"/ideas/I-{idea.number}").text
    back = head.post(f"{there}/withdraw")
    assert (back.status_code, back.location.endswith("#parts")) == (303, True)
    assert "This task is not needed any more." in other.get(there).text


def test_what_is_private_is_masked_and_said_so(
    house: House, head: Client, idea: Idea, other: Client
) -> None:
    there = ask(head, house, idea, task="Call the customer back on 4111 1111 1111 1111 please.")
    assert "4111 1111" not in other.get(there).text
    assert "4111 1111" not in head.get(f"/ideas/I-{idea.number}").text


def test_the_lists_cost_the_same_however_long_they_are(
    house: House, head: Client, idea: Idea, other: Client, database: Database
) -> None:
    ask(head, house, idea)
    addresses = ("/contributions", "/", f"/ideas/I-{idea.number}")
    before = []
    for address in addresses:
        other.get(address)
        with counting(database) as seen:
            other.get(address)
        before.append(len(seen))
    for number in range(3):
        there = ask(head, house, idea, task=f"Task {number}") if number else None
        if there is None:
            with reading() as reader:
                first = reader.scalars(select(Contribution.id)).one()
            there = f"{asking(idea)}/{first}"
        other.post(there, {"words": f"Done {number}"})
    ask(head, house, idea, task="The last one")
    for address, count in zip(addresses, before, strict=True):
        with counting(database) as seen:
            other.get(address)
        assert len(seen) == count, address
