"""Who hears of what: the originators of an idea, and the person it waits on now."""

from sqlalchemy import select

from portal.authors.events import OpeningAnswered, OpeningAsked
from portal.authors.models import Opening, Seal
from portal.authors.opening import find_person_id, list_guards
from portal.database import session
from portal.events import reacts_to
from portal.i18n import format_number
from portal.i18n import gettext as _
from portal.ideas.events import IdeaMoved
from portal.ideas.models import Idea, IdeaAuthor
from portal.impact.events import AnalysisReady, ValidationReturned
from portal.insights.models import Insight
from portal.notifications.models import NoticeClass
from portal.notifications.sentences import Words, about_order, to_author, to_handler
from portal.notifications.services import notify
from portal.people.models import Department
from portal.rewards.events import PointsAwarded, RedemptionMoved
from portal.rewards.models import Posting, Redemption, RewardItem

WORTH_TELLING = 100
"""From this many points on, an award is news of its own."""


@reacts_to(IdeaMoved)
def tell_of_a_move(event: IdeaMoved) -> None:
    """Every move reaches the originators, except the one who made it, and the next handler."""
    idea = session().get_one(Idea, event.idea_id)
    department = session().get(Department, idea.owner_department_id or 0)
    name = department.name if department else _("Nobody yet")
    words = to_author(event.move, title=idea.title, department=name)
    if words is not None:
        _tell(idea, words, event, _list_authors(idea.id) - {event.actor_id})
    handler = to_handler(event.move, title=idea.title)
    if handler is not None and idea.handler_id not in {None, event.actor_id}:
        _tell(idea, handler, event, {idea.handler_id})


def _list_authors(idea_id: int) -> set[int | None]:
    return set(session().scalars(select(IdeaAuthor.person_id).where(IdeaAuthor.idea_id == idea_id)))


def _tell(idea: Idea, words: Words, event: IdeaMoved, people: set[int | None]) -> None:
    for person_id in sorted(person_id for person_id in people if person_id is not None):
        notify(
            person_id,
            notice_class=words.notice_class,
            kind=f"idea.{event.move}",
            title=words.title,
            subject_kind="idea",
            subject_number=idea.number,
            key=f"idea:{idea.id}:{idea.version}:{event.move}:{person_id}",
        )


@reacts_to(AnalysisReady)
def ask_for_a_signature(event: AnalysisReady) -> None:
    """The validator whom a measured change waits on hears of it."""
    _tell_handler(
        session().get_one(Idea, event.idea_id),
        _("“%(title)s” is measured. Check the evidence and sign."),
        f"analysis:{event.analysis_id}",
    )


@reacts_to(ValidationReturned)
def ask_for_more(event: ValidationReturned) -> None:
    """Whoever promised the change hears that the case came back."""
    _tell_handler(
        session().get_one(Idea, event.idea_id),
        _("“%(title)s” came back from the validator, with a reason."),
        f"returned:{event.validation_id}",
    )


@reacts_to(OpeningAsked)
def ask_the_guards(event: OpeningAsked) -> None:
    """Every person of trust hears that a seal is asked for."""
    for person_id in list_guards():
        _tell_of_seal(person_id, event.opening_id, _("An administrator asks to open a seal."))


@reacts_to(OpeningAnswered)
def tell_of_an_answer(event: OpeningAnswered) -> None:
    """Who asked hears the answer; if the seal was opened, its author is told."""
    opening = session().get_one(Opening, event.opening_id)
    sentence = _("The seal is open for an hour.") if event.is_open else _("The seal stays shut.")
    _tell_of_seal(opening.asked_by_id, opening.id, sentence)
    if event.is_open:
        _tell_the_author(opening, session().get_one(Seal, opening.seal_id))


def _tell_of_seal(person_id: int, opening_id: int, sentence: str) -> None:
    notify(
        person_id,
        notice_class=NoticeClass.OWED,
        kind="seal.owed",
        title=sentence,
        subject_kind="seal",
        subject_number=opening_id,
        key=f"seal:{opening_id}:{person_id}:{sentence}"[:160],
    )


def _tell_the_author(opening: Opening, seal: Seal) -> None:
    """An idea's persona is told; an insight has none of its own, so its author is."""
    is_idea = seal.subject_kind == "idea"
    number = select(Idea.number if is_idea else Insight.number).where(
        (Idea.id if is_idea else Insight.id) == seal.subject_id
    )
    notify(
        seal.persona_id if is_idea else find_person_id(seal),
        notice_class=NoticeClass.OWED,
        kind="seal.opened",
        title=_("The seal on what you handed in was opened. Two people saw your name."),
        body=opening.answered_because,
        subject_kind=seal.subject_kind,
        subject_number=session().scalar(number) or 0,
        key=f"seal-opened:{opening.id}",
    )


def _tell_handler(idea: Idea, sentence: str, key: str) -> None:
    if idea.handler_id is None:
        return
    notify(
        idea.handler_id,
        notice_class=NoticeClass.OWED,
        kind="impact.owed",
        title=sentence % {"title": idea.title},
        subject_kind="impact",
        subject_number=idea.number,
        key=f"impact:{idea.id}:{key}:{idea.handler_id}",
    )


@reacts_to(RedemptionMoved)
def tell_of_an_order(event: RedemptionMoved) -> None:
    """Whoever ordered a reward hears what became of it, unless they did it themselves."""
    order = session().get_one(Redemption, event.redemption_id)
    if order.person_id == event.actor_id:
        return
    item = session().get_one(RewardItem, order.item_id)
    notify(
        order.person_id,
        notice_class=NoticeClass.INFORMATION,
        kind=f"redemption.{event.state}",
        title=about_order(event.state, item.name),
        subject_kind="redemption",
        subject_number=order.number,
        key=f"redemption:{order.id}:{event.state}",
    )


@reacts_to(PointsAwarded)
def tell_of_points(event: PointsAwarded) -> None:
    """Points for an outcome are announced; the small ones come with the news they are for."""
    if event.is_provisional or event.amount < WORTH_TELLING:
        return
    posting = session().get_one(Posting, event.posting_id)
    idea = session().get(Idea, posting.subject_id) if posting.subject_kind == "idea" else None
    if idea is None:
        return
    notify(
        event.person_id,
        notice_class=NoticeClass.INFORMATION,
        kind="points.arrived",
        title=_("%(n)s points arrived.", n=format_number(event.amount)),
        body=_("For “%(title)s”.", title=idea.title),
        subject_kind="idea",
        subject_number=idea.number,
        key=f"points:{event.posting_id}",
    )
