"""The last week of the demo year: authors who are not named, and one seal that was opened.

Everything goes the way it goes in life: under seal through the service, without a name over the
stage and a morning's batch.  Who sealed what is as unreadable here as anywhere; ``PHRASE`` opens
what was told without a name.
"""

from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

from portal.actor import PROGRAM, Actor, Role
from portal.anonymous import services as anonymous
from portal.authors import opening
from portal.authors.phrases import tag_of
from portal.database import session, writing
from portal.demand.queries import find_reason
from portal.demo.days import at_local
from portal.demo.people import BY_KEY, TRUSTED
from portal.ideas.confidential import submit_confidentially
from portal.ideas.models import Idea
from portal.jobs.services import run_ready_tasks
from portal.notifications.services import as_history
from portal.now import at
from portal.people.models import Person
from portal.people.queries import find_person_by_email, get_actor
from portal.people.services import grant_role
from portal.triage.services import accept_idea

PHRASE = "four green umbrellas in the canteen"
"""The phrase of the demo's ideas without a name."""

SEALED = (
    (
        "amina-yusuf",
        "unclear-letter",
        "Stop asking callers to wait while we know that the print run is late",
        "When letters go out late we are told to say nothing until the department says so. "
        "Customers call three times, and we know the answer all along.",
        "Let us say on the first call that the letters are late and until when.",
    ),
    (
        "nadia-rahimi",
        "chat-dropped",
        "Do not count a call twice when the customer was cut off",
        "A call that drops and comes back counts against the agent as a repeat call. "
        "Some of us hold on to calls that should have been passed on.",
        "Count a call that comes back within five minutes as the same one.",
    ),
)
"""Author, contact reason, title, what happens today, what would be better."""

UNNAMED = (
    (
        "reminder-crossed",
        "Let us waive the reminder fee when the fault was ours",
        "Three customers a week are charged for a reminder that we sent to an old address. "
        "Asking a lead takes longer than the fee is worth.",
        "Let every agent take the fee back, up to once a year and customer.",
    ),
    (
        "estimated-reading",
        "Say on the bill which part is a guess",
        "A third of the callers with a high bill has an estimated reading and does not know it.",
        "Print the word estimated in bold beside the reading, and how to send the real one.",
    ),
)
"""Contact reason, title, what happens today, what would be better."""

ASKED = "The staff council asks who wrote this, to protect the author from a complaint about it."
AGREED = "The council and I talked to the author's lead; the author is better off when we know."


def tell_hidden(day: date) -> int:
    """What authors without a name did in the week before ``day``; how many ideas they told."""
    with as_history():
        with at(at_local(day - timedelta(days=6), 9 * 60)), writing():
            grant_role(PROGRAM, _person(TRUSTED), Role.PERSON_OF_TRUST, None)
        sealed = _seal(day - timedelta(days=5))
        _tell_unnamed(day - timedelta(days=4))
        with at(at_local(day - timedelta(days=2), 11 * 60)):
            _answer(sealed[1])
            _open(sealed[0])
        with at(at_local(day, 0)):
            run_ready_tasks(limit=1000)
    return len(SEALED) + len(UNNAMED)


def _person(key: str) -> Person:
    found = find_person_by_email(BY_KEY[key].email)
    assert found is not None
    return found


def _actor(key: str) -> Actor:
    return get_actor(_person(key).id)


def _reason_id(key: str) -> int:
    found = find_reason(key)
    return found.id if found is not None else 0


def _seal(day: date) -> list[int]:
    made = []
    for place, (author, reason, title, problem, proposal) in enumerate(SEALED):
        with at(at_local(day, 10 * 60 + 25 * place)), writing():
            idea = submit_confidentially(
                _actor(author),
                title=title,
                problem=problem,
                proposal=proposal,
                reason_id=_reason_id(reason) or None,
                nonce=str(uuid5(NAMESPACE_URL, title)),
            )
            made.append(idea.id)
    return made


def _tell_unnamed(day: date) -> None:
    """Staged on a day, published with the next morning's batch."""
    tag = tag_of(PHRASE)
    for place, (reason, title, problem, proposal) in enumerate(UNNAMED):
        payload = anonymous.prepare_idea(
            title=title,
            problem=problem,
            proposal=proposal,
            lens=None,
            control=None,
            reason_id=_reason_id(reason),
        )
        key = str(uuid5(NAMESPACE_URL, title))
        with at(at_local(day, 11 * 60 + 40 * place)), writing():
            anonymous.hand_in("idea", payload, phrase_tag=tag, key=key, browser=key)
    with at(at_local(day + timedelta(days=1), 7 * 60)):
        anonymous.publish_due()


def _answer(idea_id: int) -> None:
    """The department says yes, without knowing to whom."""
    with writing():
        idea = session().get_one(Idea, idea_id)
        accept_idea(
            get_actor(idea.handler_id or 0),
            idea,
            sentence="Yes. From the first of next month a call that comes back counts once.",
        )


def _open(idea_id: int) -> None:
    with writing():
        asked = opening.ask_to_open(_actor("bram-de-wit"), "idea", idea_id, reason=ASKED)
    with writing():
        opening.answer_request(_actor(TRUSTED), asked.id, agrees=True, reason=AGREED)
