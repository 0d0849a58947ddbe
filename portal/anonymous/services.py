"""From anonymous words to ideas, insights, answers: masked at once, published in batches.

A word lets one to four batches leave without it, as many as were drawn when it was staged, and goes
with the next, shuffled.  The time between batches is drawn too, whether anything waits or not: from
the least delay to a fifth of the longest.  So a publication says that its author wrote one to six
hours before, any of these hours as likely as another, and nothing about the order of two authors.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random, SystemRandom
from uuid import uuid4

from sqlalchemy import bindparam, select, update

from portal.actor import Actor
from portal.anonymous import staging
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
from portal.now import now
from portal.people.queries import find_fact
from portal.people.services import set_fact
from portal.rendering import prepare
from portal.text import one_line
from portal.triage.services import answer_question

NEXT_BATCH = "anonymous_next_batch"
DELAY = "anonymous_delay_minutes"
DEFAULT_DELAY = (60, 360)
INTERVALS = staging.MOST_BATCHES + 1
CHANNEL = "reporting_channel"
MAX_CHANNEL = 240
MAX_DELAY = 7 * 24 * 60
MAX_SAID = 2000

_RENDERED = ("problem", "proposal", "text")
_RIPE = select(StagedWord.key).where(StagedWord.batches_left == 0)
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


def get_delay() -> tuple[int, int]:
    """The least and the longest delay, in minutes."""
    stored = find_fact(DELAY)
    if stored is None:
        return DEFAULT_DELAY
    least, _dash, most = stored.partition("-")
    return int(least), int(most)


def set_delay(actor: Actor, least: int, most: int) -> None:
    """Choose how long anonymous words wait, in minutes; 0 and 0 publish with the next look.

    Raises
    ------
    RuleBroken
        Unless the longest is at least five times the least (field ``most``).
    """
    can_set_waiting.require(actor)
    if not 0 <= least * INTERVALS <= most <= MAX_DELAY:
        raise RuleBroken(_("The longest wait is at least five times the shortest."), field="most")
    set_fact(DELAY, f"{least}-{most}")
    record(actor, "authors.delay_set", "portal", None, least=least, most=most)


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
    """Publish what is ripe if its time has come, and draw the next time; how much went out."""
    random = random or SystemRandom()
    least, most = get_delay()
    planned = find_fact(NEXT_BATCH)
    moment = now()
    if planned is not None and most and datetime.fromisoformat(planned) > moment:
        return 0
    keys = sorted(session().scalars(_RIPE if most else select(StagedWord.key)))
    random.shuffle(keys)
    for key in keys:
        _prepare(key)
        _publish(key)
    wait = timedelta(minutes=random.uniform(least, most / INTERVALS))
    with writing():
        session().execute(update(StagedWord).values(batches_left=StagedWord.batches_left - 1))
        staging.forget_old_uses()
        set_fact(NEXT_BATCH, (moment + wait).isoformat())
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
    midnight = datetime.combine(word.on_day, datetime.min.time(), now().tzinfo)
    new = NewInsight(
        text=said["text"],
        expected=said["expected"],
        channel=Channel(said["channel"]) if said["channel"] else None,
        reason_id=said["reason_id"],
        demand_type=DemandType(said["demand_type"]),
        severity=said["severity"],
        occurred_at=midnight,
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
}
