"""What somebody does with their phrase beside answering: it all goes out with the next batch."""

from typing import Any

from portal.actor import Actor
from portal.anonymous import staging
from portal.authors.models import AuthorMode, FollowUp, StagedWord
from portal.authors.queries import persona_actor
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.ideas.queries import get_idea
from portal.rewards import vouchers
from portal.rewards.queries import get_balance
from portal.routing.words import signed_words
from portal.triage import appealing
from portal.triage.queries import get_decision

_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_DIGITS = str.maketrans("abcdefghijklmnop", "0123456789abcdef")
"""A hash is staged in letters alone: sixteen of its digits could pass for a card."""


def appeal(followed: FollowUp, reason: str, *, key: str) -> None:
    """Let an appeal wait for its batch; RuleBroken (field ``said``) without a reason."""
    words = signed_words(reason, field="said", least=appealing.LEAST_REASON)
    _stage("appeal", followed, key, said=words)


def rate(followed: FollowUp, decision_id: int, *, is_useful: bool, key: str) -> None:
    """Let it wait whether an answer was useful; raises NotFound for another idea's answer."""
    decision = get_decision(followed.subject_id, decision_id)
    _stage("rate", followed, key, decision_id=decision.id, is_useful=is_useful)


def ask_voucher(followed: FollowUp, points: int, code: str, *, key: str) -> None:
    """Let a voucher wait for its batch; RuleBroken (field ``points``) for what cannot be."""
    vouchers.check_size(points)
    if get_balance(followed.persona_id or 0) < points:
        raise RuleBroken(_("There are fewer points than that."), field="points")
    code_hash = vouchers.hash_code(code).hex().translate(_LETTERS)
    _stage("voucher", followed, key, points=points, code=code_hash)


def _stage(kind: str, followed: FollowUp, key: str, **said: Any) -> None:
    payload = {"idea_id": followed.subject_id, "persona_id": followed.persona_id, **said}
    staging.stage(kind, payload, followed.phrase_tag, key)


def publish_appeal(word: StagedWord) -> None:
    """Take the answer to the head's head."""
    idea = get_idea(word.payload["idea_id"])
    appealing.appeal(author_of(word), idea, reason=word.payload["said"])


def publish_rating(word: StagedWord) -> None:
    """Note whether the answer was useful."""
    decision = get_decision(word.payload["idea_id"], word.payload["decision_id"])
    appealing.rate_answer(author_of(word), decision, is_useful=word.payload["is_useful"])


def publish_voucher(word: StagedWord) -> None:
    """Take the points out of the persona's account."""
    code_hash = bytes.fromhex(word.payload["code"].translate(_DIGITS))
    vouchers.make_voucher(author_of(word), word.payload["points"], code_hash)


def author_of(word: StagedWord) -> Actor:
    """The persona that a staged word acts as."""
    return persona_actor(word.payload["persona_id"], AuthorMode.ANONYMOUS)
