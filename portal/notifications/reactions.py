"""Who hears of what: the originators of an idea, who meets it too, and whom it waits on now.

A decision reaches every author and every supporter, whatever they chose; whom an idea waits on
next is always told.  Nobody is told of what they did themselves.
"""

from collections.abc import Iterable

from sqlalchemy import select

from portal.authors.events import OpeningAnswered, OpeningAsked
from portal.authors.models import Opening, Seal
from portal.authors.opening import find_person_id, list_guards
from portal.database import session
from portal.delivery.events import DateChanged, ProgressAdded
from portal.delivery.models import DateChange, ProgressNote
from portal.events import tells_of
from portal.i18n import format_number
from portal.i18n import gettext as _
from portal.ideas.events import CommentAdded, IdeaMoved
from portal.ideas.models import Comment, Idea, IdeaMove
from portal.impact.events import AnalysisReady, ValidationReturned
from portal.insights.models import Insight
from portal.notifications import climbing, handing, noting, parts
from portal.notifications.recipients import list_concerned
from portal.notifications.sentences import KINDS
from portal.notifications.services import notify
from portal.people.models import Department
from portal.rewards.events import PointsAwarded, RedemptionMoved
from portal.rewards.models import Posting, Redemption, RewardItem
from portal.triage.events import IdeaJoined, IdeaParted
from portal.triage.models import Merge

__all__ = ["climbing", "handing", "noting", "parts"]

WORTH_TELLING = 100
"""From this many points on, an award is news of its own."""


@tells_of(IdeaMoved)
def tell_of_a_move(event: IdeaMoved) -> None:
    """Every move reaches the originators, decisions the supporters, and the handler is told."""
    if not any(f"{part}.{event.move}" in KINDS for part in ("author", "supporter", "handler")):
        return
    idea = session().get_one(Idea, event.idea_id)
    concerned = list_concerned(idea)
    department = session().get(Department, idea.owner_department_id or 0)
    values = {
        "title": idea.title,
        "department": department.name if department else _("Nobody yet"),
    }
    said = session().get_one(IdeaMove, event.move_id).sentence
    key = f"idea:{idea.id}:{idea.version}"
    heard = {event.actor_id}
    for part, people in (
        ("author", concerned.authors),
        ("handler", concerned.handler),
        ("supporter", concerned.supporters),
    ):
        kind = f"{part}.{event.move}"
        if kind in KINDS:
            _tell(idea, people - heard, kind, values=values, body=said, key=key)


def _tell(
    idea: Idea,
    people: Iterable[int],
    kind: str,
    *,
    values: dict[str, str] | None = None,
    body: str | None = None,
    subject_kind: str = "idea",
    key: str,
) -> None:
    notify(
        people,
        kind,
        values=values or {"title": idea.title},
        body=body,
        subject_kind=subject_kind,
        subject_number=idea.number,
        key=key,
    )


@tells_of(CommentAdded)
def tell_of_a_comment(event: CommentAdded) -> None:
    """The authors, and whom the idea waits on, hear that somebody wrote about it."""
    idea = session().get_one(Idea, event.idea_id)
    comment = session().get_one(Comment, event.comment_id)
    concerned = list_concerned(idea)
    people = (concerned.authors | concerned.handler) - {event.person_id}
    _tell(idea, people, "idea.comment", body=comment.body, key=f"comment:{comment.id}")


@tells_of(ProgressAdded)
def tell_of_progress(event: ProgressAdded) -> None:
    """Authors and supporters hear how far a promised change is."""
    idea = session().get_one(Idea, event.idea_id)
    note = session().get_one(ProgressNote, event.note_id)
    concerned = list_concerned(idea)
    people = (concerned.authors | concerned.supporters) - {note.person_id}
    _tell(idea, people, "idea.progress", body=note.sentence, key=f"progress:{note.id}")


@tells_of(DateChanged)
def tell_of_a_new_date(event: DateChanged) -> None:
    """Authors and supporters hear that a promised date moved, and why."""
    idea = session().get_one(Idea, event.idea_id)
    change = session().get_one(DateChange, event.change_id)
    concerned = list_concerned(idea)
    people = (concerned.authors | concerned.supporters) - {change.changed_by_id}
    _tell(idea, people, "idea.date_changed", body=change.reason, key=f"date:{change.id}")


@tells_of(IdeaJoined)
def tell_of_a_join(event: IdeaJoined) -> None:
    """The other one's people hear what was joined to it; those of the joined one know."""
    _tell_the_other(event.merge_id, "idea.joined")


@tells_of(IdeaParted)
def tell_of_a_parting(event: IdeaParted) -> None:
    """The other one's people hear that it was taken out again."""
    _tell_the_other(event.merge_id, "idea.parted")


def _tell_the_other(merge_id: int, kind: str) -> None:
    merge = session().get_one(Merge, merge_id)
    idea, joined = session().get_one(Idea, merge.into_id), session().get_one(Idea, merge.idea_id)
    here, there = list_concerned(idea), list_concerned(joined)
    doer = merge.merged_by_id if kind == "idea.joined" else merge.unmerged_by_id
    people = (here.authors | here.handler) - there.authors - {doer}
    values = {"title": idea.title, "other": joined.title}
    _tell(idea, people, kind, values=values, key=f"{kind}:{merge.id}")


@tells_of(AnalysisReady)
def ask_for_a_signature(event: AnalysisReady) -> None:
    """The validator whom a measured change waits on hears of it."""
    _tell_handler(event.idea_id, "impact.measured", f"analysis:{event.analysis_id}")


@tells_of(ValidationReturned)
def ask_for_more(event: ValidationReturned) -> None:
    """Whoever promised the change hears that the case came back."""
    _tell_handler(event.idea_id, "impact.returned", f"returned:{event.validation_id}")


def _tell_handler(idea_id: int, kind: str, key: str) -> None:
    idea = session().get_one(Idea, idea_id)
    people = list_concerned(idea).handler
    _tell(idea, people, kind, subject_kind="impact", key=f"impact:{idea.id}:{key}")


@tells_of(OpeningAsked)
def ask_the_guards(event: OpeningAsked) -> None:
    """Every person of trust hears that a seal is asked for."""
    _tell_of_seal(list_guards(), "seal.asked", event.opening_id)


@tells_of(OpeningAnswered)
def tell_of_an_answer(event: OpeningAnswered) -> None:
    """Who asked hears the answer; if the seal was opened, its author is told."""
    opening = session().get_one(Opening, event.opening_id)
    kind = "seal.open" if event.is_open else "seal.shut"
    _tell_of_seal({opening.asked_by_id}, kind, opening.id)
    if event.is_open:
        _tell_the_author(opening, session().get_one(Seal, opening.seal_id))


def _tell_of_seal(people: Iterable[int], kind: str, opening_id: int) -> None:
    notify(
        people,
        kind,
        values={},
        subject_kind="seal",
        subject_number=opening_id,
        key=f"seal:{opening_id}",
    )


def _tell_the_author(opening: Opening, seal: Seal) -> None:
    """An idea's persona is told; an insight has none of its own, so its author is."""
    is_idea = seal.subject_kind == "idea"
    number = select(Idea.number if is_idea else Insight.number).where(
        (Idea.id if is_idea else Insight.id) == seal.subject_id
    )
    notify(
        {seal.persona_id if is_idea else find_person_id(seal)},
        "seal.opened",
        values={},
        body=opening.answered_because,
        subject_kind=seal.subject_kind,
        subject_number=session().scalar(number) or 0,
        key=f"seal-opened:{opening.id}",
    )


@tells_of(RedemptionMoved)
def tell_of_an_order(event: RedemptionMoved) -> None:
    """Whoever ordered a reward hears what became of it, unless they did it themselves."""
    order = session().get_one(Redemption, event.redemption_id)
    if order.person_id == event.actor_id:
        return
    item = session().get_one(RewardItem, order.item_id)
    kind = f"redemption.{event.state}"
    notify(
        {order.person_id},
        kind if kind in KINDS else "redemption.moved",
        values={"item": item.name},
        subject_kind="redemption",
        subject_number=order.number,
        key=f"redemption:{order.id}:{event.state}",
    )


@tells_of(PointsAwarded)
def tell_of_points(event: PointsAwarded) -> None:
    """Points for an outcome are announced; the small ones come with the news they are for."""
    if event.is_provisional or event.amount < WORTH_TELLING:
        return
    posting = session().get_one(Posting, event.posting_id)
    idea = session().get(Idea, posting.subject_id) if posting.subject_kind == "idea" else None
    if idea is None:
        return
    values = {"title": idea.title, "points": format_number(event.amount)}
    _tell(idea, {event.person_id}, "points.arrived", values=values, key=f"points:{posting.id}")
