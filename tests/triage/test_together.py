"""Several ideas decided on one page, each with its own sentence, without JavaScript."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.database import Database, reading, session, writing
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.now import today
from portal.triage.models import Decision
from portal.triage.services import accept_idea
from portal.triage.together import MOST_TOGETHER
from tests.factories.people import actor_of
from tests.factories.triage import House, submit
from tests.support.client import Client
from tests.support.statements import counting

HERE = "/triage/together"
NO = "The supplier offers it only from version nine on."


def desk(house: House, count: int) -> list[Idea]:
    """So many ideas on the desk of billing."""
    with writing():
        return [
            submit(house.agent, house.billing.reason, title=f"Idea {number}")
            for number in range(count)
        ]


def asked(step: str, ideas: list[Idea]) -> str:
    """The address that the inbox leads to."""
    return f"{HERE}?step={step}" + "".join(f"&idea=I-{one.number}" for one in ideas)


def typed(step: str, ideas: list[Idea], **own: str) -> dict[str, object]:
    """What is sent: the ticks, the versions, and ``field_0`` for the first idea's field."""
    sent: dict[str, object] = {"step": step, "idea": [f"I-{one.number}" for one in ideas]}
    sent |= {f"i{one.number}-version": str(one.version) for one in ideas}
    for name, value in own.items():
        field, _line, place = name.rpartition("_")
        key = "all" if place == "all" else f"i{ideas[int(place)].number}"
        sent[f"{key}-{field}"] = value
    return sent


def states(*ideas: Idea) -> list[State]:
    """Where they stand."""
    with reading() as unit:
        return [unit.get_one(Idea, one.id).state for one in ideas]


def sentences(*ideas: Idea) -> list[str]:
    """What was said to each."""
    with reading() as unit:
        found = select(Decision.idea_id, Decision.sentence)
        said = {row.idea_id: row.sentence for row in unit.execute(found)}
    return [said[one.id] for one in ideas]


def test_the_inbox_ticks_ideas_and_leads_to_one_page_for_them(head: Client, house: House) -> None:
    ideas = desk(house, 3)
    page = head.get("/triage").text
    assert page.count('name="idea"') == 3
    assert f'action="{HERE}"' in page
    both = head.get(asked("decline", ideas[:2]))
    assert both.status_code == 200
    assert both.text.count("<h1") == 1
    assert "Idea 0" in both.text
    assert "Idea 2" not in both.text
    assert both.text.count("The bill is twice the last one") == 2, "nobody decides unread"
    for idea in ideas[:2]:
        assert f'name="i{idea.number}-sentence"' in both.text


def test_each_is_answered_in_its_own_words_and_can_be_taken_back(
    head: Client, house: House
) -> None:
    ideas = desk(house, 2)
    sent = typed("ask", ideas, question_0="How often in a week?", question_1="Which letter was it?")
    answer = head.post(HERE, sent)
    assert (answer.status_code, answer.location) == (303, "/triage/signed")
    assert sentences(*ideas) == ["How often in a week?", "Which letter was it?"]
    page = head.get("/triage/signed").text
    assert "2 ideas are decided." in page
    assert head.post(f"/triage/I-{ideas[0].number}/undo").status_code == 303
    assert states(*ideas) == [State.TRIAGE, State.NEEDS_INFO]


def test_what_is_written_once_fills_what_is_empty_and_can_be_changed(
    head: Client, house: House
) -> None:
    ideas = desk(house, 2)
    common = {"reason_code_all": "system", "sentence_all": NO, "would_change_all": "The upgrade."}
    sent = typed("decline", ideas, sentence_1="Ours is another supplier, who refuses.", **common)
    filled = head.post(HERE, {**sent, "fill": "1"})
    assert filled.status_code == 200
    assert states(*ideas) == [State.TRIAGE] * 2
    texts = dict(re.findall(r'name="(i\d+-sentence)"[^>]*>\s*([^<]*)</textarea>', filled.text))
    assert texts[f"i{ideas[0].number}-sentence"] == NO
    assert texts[f"i{ideas[1].number}-sentence"] == "Ours is another supplier, who refuses."
    assert filled.text.count('<option selected value="system">') == 3
    assert head.post(HERE, sent).status_code == 303
    assert sentences(*ideas) == [NO, "Ours is another supplier, who refuses."]


def test_what_moved_on_is_shown_again_and_the_others_are_done(head: Client, house: House) -> None:
    ideas = desk(house, 3)
    with writing():
        moved = session().get_one(Idea, ideas[1].id)
        accept_idea(actor_of(house.billing.deputy), moved, sentence="Yes, with pleasure.")
    sent = typed(
        "decline",
        ideas,
        reason_code_all="system",
        sentence_0=NO,
        sentence_1="Mine was another <answer>, kept here.",
        sentence_2="Too short.",
        would_change_all="The upgrade.",
    )
    page = head.post(HERE, sent)
    assert page.status_code == 409
    assert states(*ideas) == [State.DECLINED, State.ACCEPTED, State.TRIAGE]
    assert "1 is decided:" in page.text
    assert "Deputy of Billing decided this" in page.text
    assert "Mine was another &lt;answer&gt;, kept here." in page.text
    assert "20 characters" in page.text
    assert f'id="i{ideas[2].number}-sentence-error"' in page.text
    assert f'name="i{ideas[0].number}-sentence"' not in page.text


def test_who_is_told_of_a_change_can_still_decide_on_what_stands_now(
    head: Client, house: House
) -> None:
    (idea,) = desk(house, 1)
    stale = typed("accept", [idea], sentence_0="Yes. I would want it so myself.")
    stale[f"i{idea.number}-version"] = "1"
    page = head.post(HERE, stale)
    assert page.status_code == 409
    fields = head.fields(page, f"{HERE}?view=decide")
    assert fields[f"i{idea.number}-version"] == str(idea.version)
    again = {**stale, f"i{idea.number}-version": fields[f"i{idea.number}-version"]}
    assert head.post(HERE, again).status_code == 303
    assert states(idea) == [State.ACCEPTED]


def test_an_idea_of_somebody_else_is_neither_shown_nor_decided(head: Client, house: House) -> None:
    with writing():
        own = submit(house.billing.head, house.billing.reason, title="My very own")
        other = submit(house.agent, house.metering.reason, title="Not for billing")
    page = head.get(asked("accept", [own, other]))
    assert page.status_code == 200
    assert "My very own" not in page.text
    assert "Not for billing" not in page.text
    assert page.text.count("It is not yours to decide any more.") == 2
    answer = head.post(HERE, typed("accept", [own, other], sentence_all="Yes, with pleasure."))
    assert answer.status_code == 409
    assert states(own, other) == [State.TRIAGE] * 2


def test_more_than_fit_stay_in_the_inbox(head: Client, house: House) -> None:
    ideas = desk(house, MOST_TOGETHER + 2)
    page = head.get(asked("accept", ideas))
    assert page.text.count('-sentence" name="i') == MOST_TOGETHER
    assert "2 more stay in the inbox" in page.text
    head.post(HERE, typed("accept", ideas, sentence_all="Yes, with pleasure."))
    assert states(*ideas).count(State.ACCEPTED) == MOST_TOGETHER


def test_sent_twice_it_decides_once(head: Client, house: House) -> None:
    ideas = desk(house, 2)
    sent = typed("accept", ideas, sentence_all="Yes, with pleasure.")
    assert [head.post(HERE, sent).status_code for _time in range(2)] == [303, 303]
    with reading() as unit:
        assert len(unit.scalars(select(Decision)).all()) == 2


def test_who_unticks_everything_loses_nothing(head: Client, house: House) -> None:
    ideas = desk(house, 2)
    sent = typed("accept", ideas, sentence_0="Yes, with <pleasure>.")
    del sent["idea"]
    page = head.post(HERE, sent)
    assert page.status_code == 422
    assert "Tick at least one idea, or go back." in page.text
    assert "Yes, with &lt;pleasure&gt;." in page.text
    sent |= {"idea": [f"I-{ideas[0].number}"]}
    assert head.post(HERE, sent).status_code == 303
    assert states(*ideas) == [State.ACCEPTED, State.TRIAGE]


def test_without_a_choice_the_page_says_how_it_is_done(head: Client) -> None:
    page = head.get(HERE)
    assert page.status_code == 200
    assert "Tick ideas in the inbox" in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("step=accept", "Tick at least one idea"),
        ("step=accept&idea=x&idea=I--3&idea=I-99999999999", "Tick at least one idea"),
        ("idea=I-1001", "Choose what to decide"),
        ("step=withdraw&idea=I-1001", "Choose what to decide"),
    ],
)
def test_what_does_not_fit_is_told_in_words(head: Client, query: str, said: str) -> None:
    page = head.get(f"{HERE}?{query}")
    assert page.status_code == 422
    assert said in page.text


def test_a_day_that_is_none_is_told_at_its_idea(head: Client, house: House) -> None:
    ideas = desk(house, 2)
    sent = typed(
        "defer", ideas, sentence_all=NO, review_on_0="2026-02-31", review_on_1=str(_later())
    )
    page = head.post(HERE, sent)
    assert page.status_code == 422
    assert states(*ideas) == [State.TRIAGE, State.DEFERRED]
    assert f'id="i{ideas[0].number}-review_on-error"' in page.text


def _later() -> object:
    return today() + timedelta(days=60)


def test_the_page_takes_as_many_statements_for_one_as_for_many(
    head: Client, house: House, database: Database
) -> None:
    ideas = desk(house, 12)
    head.get(asked("accept", ideas[:1]))
    with counting(database) as few:
        head.get(asked("accept", ideas[:1]))
    with counting(database) as many:
        head.get(asked("accept", ideas))
    assert len(many) == len(few)
