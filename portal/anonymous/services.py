"""From anonymous words to ideas, insights, answers: masked at once, published in batches.

A batch leaves once a day, at an hour when hardly anybody begins or ends, and takes everything that
was said since the one before, shuffled.  So a publication says that its author wrote on that day,
which begins and ends at this hour; it says nothing about the shift, and nothing about the order of
two authors.
"""

from collections.abc import Callable
from random import Random, SystemRandom
from uuid import uuid4

from sqlalchemy import bindparam, select

from portal.actor import Actor
from portal.anonymous import following, staging
from portal.audit.services import record
from portal.authors.models import AuthorMode, FollowUp, StagedWord
from portal.authors.policies import can_set_waiting
from portal.authors.queries import persona_actor
from portal.authors.services import make_persona, require_offered, shared_persona
from portal.columns import JsonObject
from portal.database import session, writing
from portal.errors import Conflict, NotAllowed, RuleBroken
from portal.i18n import gettext as _
from portal.ideas.drafting import require_texts, write
from portal.ideas.models import Control, Idea, Lens
from portal.ideas.queries import find_by_nonce, get_idea
from portal.ideas.services import submit_idea, withdraw_idea
from portal.ideas.writing import mask_fields, require_room
from portal.insights.capture import NewInsight, ReadyInsight
from portal.insights.models import Channel, DemandType
from portal.insights.services import add_ready_insight
from portal.notifications.services import notify
from portal.now import midnight
from portal.people.queries import find_fact
from portal.people.services import set_fact
from portal.rendering import prepare
from portal.text import one_line
from portal.triage.services import answer_question

CHANNEL = "reporting_channel"
MAX_CHANNEL = 240
MAX_SAID = 2000

_RENDERED = ("problem", "proposal", "text")
_RIPE = select(StagedWord.key).where(StagedWord.on_day < bindparam("day"))
_ONE = select(StagedWord).where(StagedWord.key == bindparam("key"))


def prepare_idea(
    *,
    title: str,
    problem: str,
    proposal: str,
    lens: str | None,
    control: str | None,
    reason_id: int,
) -> JsonObject:
    """An idea as it may wait: in bounds and masked; raises RuleBroken on the field at fault."""
    written = write(title, problem, proposal)
    require_texts(written)
    return {**written.text, "lens": lens, "control": control, "reason_id": reason_id or None}


def prepare_insight(ready: ReadyInsight) -> JsonObject:
    """An insight as it may wait, from what was masked already."""
    new = ready.new
    return {
        "text": new.text,
        "expected": new.expected,
        "channel": new.channel,
        "reason_id": new.reason_id,
        "demand_type": new.demand_type,
        "severity": new.severity,
        "masked": ready.masked,
    }


def hand_in(kind: str, payload: JsonObject, *, phrase_tag: bytes, key: str, browser: str) -> None:
    """Let an idea or insight wait for its batch; inside a unit.

    Raises
    ------
    RuleBroken
        Where this portal does not offer it.
    TooMany
        Where this browser, or everybody, sent too much.
    """
    require_offered(AuthorMode.ANONYMOUS)
    staging.refuse_flood()
    staging.count_use(browser, staging.MOST_A_DAY)
    if find_by_nonce(key) is None:
        staging.stage(kind, payload, phrase_tag, key)


def say(kind: str, followed: FollowUp, said: str, *, key: str) -> None:
    """Let an answer, or a word of withdrawal, wait for its batch; inside a unit."""
    text = mask_fields(said=said).text["said"]
    require_room(text, MAX_SAID, field="said")
    if kind == "answer" and not text:
        raise RuleBroken(_("There is nothing to send yet."), field="said")
    payload = {"idea_id": followed.subject_id, "persona_id": followed.persona_id, "said": text}
    staging.stage(kind, payload, followed.phrase_tag, key)


def set_batch_hour(actor: Actor, hour: int) -> None:
    """Choose the hour, 0 to 23 in the portal's time zone, at which a day's words come out.

    Raises
    ------
    RuleBroken
        Where there is no such hour (field ``hour``).
    """
    can_set_waiting.require(actor)
    if not 0 <= hour <= 23:
        raise RuleBroken(_("A day has the hours 0 to 23."), field="hour")
    set_fact(staging.BATCH_HOUR, str(hour))
    record(actor, "authors.batch_hour_set", "portal", None, hour=hour)


def find_channel() -> str | None:
    """Where the company hears of people and breaches of law, in the administrators' words."""
    return find_fact(CHANNEL)


def name_channel(actor: Actor, words: str) -> None:
    """Say where to go with what is about a person or a breach of law (field ``channel``)."""
    can_set_waiting.require(actor)
    text = one_line(words)
    require_room(text, MAX_CHANNEL, field="channel")
    set_fact(CHANNEL, text)
    record(actor, "authors.channel_named", "portal", None)


def publish_due(random: Random | None = None) -> int:
    """Publish, in no order, what was said on a day that is over; how much went out."""
    keys = sorted(session().scalars(_RIPE, {"day": staging.current_day()}))
    (random or SystemRandom()).shuffle(keys)
    for key in keys:
        _prepare(key)
        _publish(key)
    with writing():
        staging.forget_old_uses()
    return len(keys)


def _prepare(key: str) -> None:
    """Render what is to be published, before the unit that stores it."""
    word = session().scalar(_ONE, {"key": key})
    if word is not None:
        prepare(*(word.payload[name] for name in _RENDERED if word.payload.get(name)))


def _publish(key: str) -> None:
    """Publish one thing and take it off the stage, in one unit; what has no place is told."""
    try:
        with writing():
            word = session().scalar(_ONE, {"key": key})
            if word is not None:
                _PUBLISHERS[word.kind](word)
                session().delete(word)
    except (Conflict, NotAllowed, RuleBroken) as error:
        with writing():
            word = session().scalar(_ONE, {"key": key})
            if word is not None:
                _tell_refused(word, error.message)
                session().delete(word)


def _publish_idea(word: StagedWord) -> None:
    if find_by_nonce(word.key) is not None:
        return
    said, persona = word.payload, make_persona(AuthorMode.ANONYMOUS)
    idea = submit_idea(
        persona,
        title=said["title"],
        problem=said["problem"],
        proposal=said["proposal"],
        lens=Lens(said["lens"]) if said["lens"] else None,
        control=Control(said["control"]) if said["control"] else None,
        reason_id=said["reason_id"],
        nonce=word.key,
    )
    _give_access(word, "idea", idea.id, persona.id)


def _publish_insight(word: StagedWord) -> None:
    said, persona = dict(word.payload), shared_persona(AuthorMode.ANONYMOUS)
    masked = said.pop("masked")
    new = NewInsight(
        text=said["text"],
        expected=said["expected"],
        channel=Channel(said["channel"]) if said["channel"] else None,
        reason_id=said["reason_id"],
        demand_type=DemandType(said["demand_type"]),
        severity=said["severity"],
        occurred_at=midnight(word.on_day),
        author_id=persona.id,
    )
    insight = add_ready_insight(persona, ReadyInsight(new, masked), nonce=word.key)
    _give_access(word, "insight", insight.id, None)


def _give_access(word: StagedWord, kind: str, subject_id: int, persona_id: int | None) -> None:
    session().add(
        FollowUp(
            key=str(uuid4()),
            phrase_tag=word.phrase_tag,
            subject_kind=kind,
            subject_id=subject_id,
            persona_id=persona_id,
        )
    )


def _publish_answer(word: StagedWord) -> None:
    idea, author = _idea_and_author(word)
    answer_question(author, idea, answer=word.payload["said"])


def _publish_withdrawal(word: StagedWord) -> None:
    idea, author = _idea_and_author(word)
    withdraw_idea(author, idea, sentence=word.payload["said"] or None)


def _idea_and_author(word: StagedWord) -> tuple[Idea, Actor]:
    idea = get_idea(word.payload["idea_id"])
    return idea, persona_actor(word.payload["persona_id"], AuthorMode.ANONYMOUS)


def _tell_refused(word: StagedWord, sentence: str) -> None:
    """Say to the author, where they come back, that what they sent came too late."""
    persona_id = word.payload.get("persona_id")
    if persona_id is None:
        return
    idea = get_idea(word.payload["idea_id"])
    notify(
        {persona_id},
        "anonymous.refused",
        values={"title": idea.title},
        body=sentence,
        subject_kind="idea",
        subject_number=idea.number,
        key=f"anonymous:{word.key}",
    )


_PUBLISHERS: dict[str, Callable[[StagedWord], None]] = {
    "idea": _publish_idea,
    "insight": _publish_insight,
    "answer": _publish_answer,
    "withdraw": _publish_withdrawal,
    "appeal": following.publish_appeal,
    "rate": following.publish_rating,
    "voucher": following.publish_voucher,
}
