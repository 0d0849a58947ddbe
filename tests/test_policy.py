"""One question for every rule of access, answered from the slices' policies."""

import pytest
from flask import Flask

from portal.actor import Actor, Capability
from portal.errors import NotAllowed
from portal.ideas.models import Comment, Idea
from portal.ideas.policies import can_withdraw
from portal.insights.models import Insight
from portal.policy import REGISTRY, can, policy

WRITER = Actor(id=1, name="Ada", everywhere=frozenset({Capability.READ, Capability.SUBMIT}))
OTHER = Actor(id=2, name="Bo", everywhere=WRITER.everywhere)
IDEA = Idea(id=1, number=1, submitter_id=1)


def test_the_question_is_answered_by_the_policy_of_the_kind_of_thing() -> None:
    assert can(WRITER, "withdraw", IDEA)
    assert not can(OTHER, "withdraw", IDEA)


def test_a_policy_about_a_whole_kind_takes_no_thing() -> None:
    assert can(OTHER, "add", Comment)
    assert not can(Actor(id=3, name="Nobody"), "add", Comment)


@pytest.mark.threat(18)
@pytest.mark.parametrize("thing", [IDEA, Idea, Insight, "a word"])
def test_what_nobody_thought_of_is_a_fault_and_never_a_yes(thing: object) -> None:
    with pytest.raises(LookupError, match="no policy to sell"):
        can(WRITER, "sell", thing)


def test_a_refusal_says_why_in_the_words_of_the_policy() -> None:
    can_withdraw.require(WRITER, IDEA)
    with pytest.raises(NotAllowed, match="Only the person who handed it in"):
        can_withdraw.require(OTHER, IDEA)


def test_an_action_has_one_policy() -> None:
    with pytest.raises(LookupError, match="two policies to withdraw: Idea"):
        policy(Idea, "withdraw")(lambda actor, idea: True)


def test_every_policy_says_whom_it_lets_and_what_it_answers_the_others(app: Flask) -> None:
    for (kind, action), rule in REGISTRY.items():
        assert rule.__doc__, (kind, action)
        assert rule.otherwise.endswith("."), (kind, action)
