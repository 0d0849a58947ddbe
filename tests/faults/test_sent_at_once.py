"""One form that arrives many times at once is done once, and every arrival is answered alike.

Whoever meets the first one while it is under way waits for it: for as long as the database
waits for a lock.  After that the answer is 409 with ``Retry-After``, and to send again is safe.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.audit.models import AuditRow
from portal.database import Database, reading, writing
from portal.ideas.models import Comment, Idea, Support
from portal.insights.models import Insight
from portal.limits.models import RateCount, SentForm
from portal.now import today
from portal.people.models import Person
from portal.rewards.models import Posting, Redemption
from tests.factories.ideas import make_idea
from tests.factories.people import make_headed_department, make_person
from tests.factories.rewards import make_item, make_rich_person
from tests.faults.crowd import Visitor, all_at_once, serving, sign_in

TIMES = 50
SUPPORTS = 100
SENTENCE = "A plain sentence that says enough to be taken."
WROTE = {"problem": SENTENCE, "proposal": SENTENCE, "action": "submit"}


def _count(model: type[Any]) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.slow
@pytest.mark.threat(48)
@pytest.mark.threat(50)
def test_one_key_fifty_times_at_once_has_one_effect_and_fifty_equal_answers(
    database: Database, tmp_path: Path
) -> None:
    with writing():
        home = make_headed_department("Customer Office", takes_orphans=True)[0]
        person, item = make_rich_person(TIMES * 10), make_item(price=10, stock=TIMES)
        idea = make_idea(make_person(home=home))
    comments = f"/ideas/I-{idea.number}/comments"
    forms: dict[str, tuple[dict[str, str], type[Any]]] = {
        "/insights/new": ({"text": SENTENCE}, Insight),
        "/ideas/new": (WROTE, Idea),
        comments: ({"body": SENTENCE}, Comment),
        f"/rewards/catalogue/{item.key}/redeem": ({}, Redemption),
    }
    with serving(database, tmp_path) as port:
        visitor = sign_in(port, person)
        for path, (fields, model) in forms.items():
            before, sent, answers = _count(model), {**fields, "nonce": str(uuid4())}, set()
            assert all_at_once(TIMES, _sending(visitor, path, sent, answers)) == {303: TIMES}, path
            assert len(answers) == 1, answers
            assert _count(model) == before + 1, path
        me_too = {"occurred_on": str(today()), "example": SENTENCE}
        address = f"/ideas/I-{idea.number}/support"
        assert all_at_once(SUPPORTS, lambda _: visitor.post(address, me_too)) == {303: SUPPORTS}
    _each_was_kept_once(person)
    assert "Traceback" not in (tmp_path / "server.log").read_text()


def _sending(
    visitor: Visitor, path: str, sent: dict[str, str], answers: set[tuple[int, str]]
) -> Callable[[int], tuple[int, str]]:
    """Sends the same form each time, and keeps how it was answered."""

    def send(_number: int) -> tuple[int, str]:
        answer = visitor.post(path, sent)
        answers.add(answer)
        return answer

    return send


def _each_was_kept_once(person: Person) -> None:
    assert _count(Support) == 1
    with reading() as session:
        counts = dict(
            session.execute(
                select(Idea.support_count, func.count()).group_by(Idea.support_count)
            ).all()
        )
        assert counts == {0: 1, 1: 1}
        actions = session.scalars(
            select(AuditRow.action).where(AuditRow.actor_id == person.id)
        ).all()
        for done in (
            "insight.added",
            "idea.submit",
            "idea.commented",
            "redemption.requested",
            "idea.supported",
        ):
            assert actions.count(done) == 1, done
        assert session.scalar(select(func.count()).where(Posting.memo.like("R-%"))) == 2
        counted = dict(session.execute(select(RateCount.kind, RateCount.times)).all())
    assert {kind: counted[kind] for kind in ("insight", "idea", "comment", "order")} == {
        "insight": 1,
        "idea": 1,
        "comment": 1,
        "order": 1,
    }, "sending again costs nothing"
    assert _count(SentForm) == 4
