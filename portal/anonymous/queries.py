"""What somebody sees who comes back with their phrase; a few statements for each thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, select

from portal.authors.models import AuthorMode, FollowUp
from portal.authors.queries import list_followed, persona_actor
from portal.database import session
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move, State, can_move
from portal.ideas.models import Idea
from portal.ideas.policies import can_withdraw
from portal.ideas.queries import TimelineRow, get_timeline
from portal.insights.models import Insight
from portal.notifications.models import Notice
from portal.people.models import Department
from portal.rewards.queries import Wallet, get_wallet
from portal.rewards.shares import list_credit_shares
from portal.rewards.vouchers import list_sizes
from portal.triage.appealing import is_appealable
from portal.triage.models import Decision, DecisionKind
from portal.triage.queries import find_appeal, find_open_question, find_told_decision

_NOTICES = (
    select(Notice.title, Notice.body, Notice.created_at)
    .where(Notice.person_id == bindparam("persona_id"))
    .order_by(Notice.id.desc())
    .limit(20)
)
_INSIGHT = (
    select(Insight.number, Insight.text, Department.name.label("department"))
    .join(Department, Department.id == Insight.department_id)
    .where(Insight.id == bindparam("insight_id"))
)


@dataclass(frozen=True, slots=True)
class FollowedIdea:
    """An idea of whoever has the phrase; ``question`` is what they may answer now.

    ``answer`` is the last decision that was none; ``share`` the percent of the credit.
    """

    key: str
    idea: Idea
    department: str | None
    timeline: Sequence[TimelineRow]
    notices: Sequence[Row[*tuple[Any, ...]]]
    question: Decision | None
    answer: Decision | None
    can_withdraw: bool
    can_appeal: bool
    wallet: Wallet
    sizes: Sequence[int]
    share: int


@dataclass(frozen=True, slots=True)
class Followed:
    """Everything one phrase gives access to."""

    ideas: Sequence[FollowedIdea]
    insights: Sequence[Row[*tuple[Any, ...]]]

    def __bool__(self) -> bool:
        return bool(self.ideas or self.insights)


def get_followed(phrase_tag: bytes) -> Followed:
    """What a phrase gives access to, the newest idea first."""
    rows = list_followed(phrase_tag)
    ideas = [_idea(row) for row in rows if row.subject_kind == "idea"]
    insights = [
        session().execute(_INSIGHT, {"insight_id": row.subject_id}).one()
        for row in rows
        if row.subject_kind == "insight"
    ]
    return Followed(
        sorted(ideas, key=lambda one: -one.idea.number),
        sorted(insights, key=lambda row: -row.number),
    )


def get_one_followed(phrase_tag: bytes, key: str) -> FollowUp:
    """One thing of a phrase by its key; raises NotFound for one that is not its."""
    for row in list_followed(phrase_tag):
        if row.key == key:
            return row
    raise NotFound(_("There is nothing here that you can see."))


def _idea(row: FollowUp) -> FollowedIdea:
    idea = session().get_one(Idea, row.subject_id)
    department = session().get(Department, idea.owner_department_id or 0)
    persona_id = row.persona_id or 0
    author = persona_actor(persona_id, AuthorMode.ANONYMOUS)
    last, wallet = find_told_decision(idea.id), get_wallet(persona_id)
    is_asked = last is not None and last.kind is DecisionKind.ASK
    return FollowedIdea(
        key=row.key,
        idea=idea,
        department=department.name if department else None,
        timeline=get_timeline(idea.id),
        notices=session().execute(_NOTICES, {"persona_id": persona_id}).all(),
        question=find_open_question(idea.id) if idea.state is State.NEEDS_INFO else None,
        answer=None if is_asked else last,
        can_withdraw=can_withdraw(author, idea) and can_move(idea.state, Move.WITHDRAW),
        can_appeal=is_appealable(idea) and find_appeal(idea.id) is None,
        wallet=wallet,
        sizes=list_sizes(wallet.points),
        share=list_credit_shares(idea.id).get(persona_id, 0),
    )
