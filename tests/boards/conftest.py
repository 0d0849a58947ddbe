"""An idea whose benefit is signed, on the day it was."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.database import writing
from portal.impact.models import BenefitKind, Outcome
from portal.impact.services import claim_benefit, validate_idea
from portal.now import at
from portal.people.queries import get_person
from tests.factories.impact import JUDGED, Measured, latest, make_judged
from tests.factories.people import actor_of, make_person

SENTENCE = "The partner's invoice fell by what the calls say."
EVIDENCE = "Overflow partner, invoice line 4."


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with at(JUDGED):
        yield


@pytest.fixture
def proven(app: Flask) -> Measured:
    """An idea whose benefit is signed; its author agreed to be named."""
    measured = make_judged()
    with writing():
        idea = measured.idea
        claim_benefit(
            actor_of(measured.accepted.head),
            idea,
            kind=BenefitKind.HARD,
            label="Overflow partner",
            evidence=EVIDENCE,
        )
        get_person(measured.accepted.author.id).named_on_boards = True
        for _place in range(5):
            make_person()  # who is not named is one of many
    with writing():
        validate_idea(
            actor_of(measured.validator),
            measured.idea,
            outcome=Outcome.APPROVED,
            sentence=SENTENCE,
            analysis_id=latest(measured).id,
            evidence=EVIDENCE,
        )
    return measured
