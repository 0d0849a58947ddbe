"""Signed decisions."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, Json, JsonObject, UtcDateTime, enum_of
from portal.database import Base
from portal.rendering import Rendered
from portal.written import MaskedJson, MaskedString, MaskedText

LONGEST_VIEW_NAME = 40


class DecisionKind(StrEnum):
    """What was decided."""

    ACCEPT = "accept"
    ASK = "ask"
    DECLINE = "decline"
    DEFER = "defer"
    ACCEPT_COST = "accept_cost"
    POINT_OUT = "point_out"
    TEST = "test"
    STOP = "stop"
    VETO = "veto"
    MERGE = "merge"


class DeclineReason(StrEnum):
    """Why something is not done; what a board can count, beside the sentence for the author."""

    NOT_NOW = "not_now"
    COST = "cost"
    TOO_FEW = "too_few"
    SYSTEM = "system"
    LAW = "law"
    PRIVACY = "privacy"
    RISK = "risk"
    ALREADY_PLANNED = "already_planned"
    ALREADY_THERE = "already_there"
    OTHER_WAY = "other_way"
    CUSTOMERS_DIFFER = "customers_differ"
    HARMS_OTHERS = "harms_others"
    NOT_OURS = "not_ours"
    TOO_UNCLEAR = "too_unclear"


class Decision(Base):
    """What a head signed: a kind, a reason code, and a sentence a human wrote.

    For a question, ``answer`` is what came back.  ``review_on`` is the day on which what was
    put off or accepted opens again; ``yearly_minor`` what the calls that go on cost a year, as
    it was counted at the signature; ``details`` holds the further words of a kind: the
    ``alternative`` that was considered, where it ``exists``, how far a test goes (``scope``)
    and when it ends early (``stop_rule``).  One with ``undone_at`` was taken back by its signer
    before anybody was told: it counts for nothing.
    """

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), index=True)
    kind: Mapped[DecisionKind] = mapped_column(enum_of(DecisionKind))
    reason_code: Mapped[str | None] = mapped_column(String(32))
    sentence: Mapped[str] = mapped_column(MaskedText)
    would_change: Mapped[str | None] = mapped_column(MaskedText)
    review_on: Mapped[date | None]
    yearly_minor: Mapped[int | None] = mapped_column(BigId)
    details: Mapped[JsonObject] = mapped_column(MaskedJson)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(MaskedText)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HeldDecision(Base):
    """A decision that holds already, and that nobody has been told of: its signer can undo it.

    The row is there only as long as that is so; whoever takes it away first, the worker that
    tells or the signer, has won.  ``before`` keeps what the decision changed, as it stood;
    ``after`` the idea as the decision left it; ``move_ids`` are the steps still to be told.
    """

    __tablename__ = "held_decisions"

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    before: Mapped[JsonObject] = mapped_column(Json)
    after: Mapped[JsonObject] = mapped_column(Json)
    move_ids: Mapped[list[int]] = mapped_column(Json)


class Appeal(Base):
    """An author took an answer to the head's head; once per idea, so one row each.

    ``against_id`` is who signed the answer and has no further say.  Whoever hears it decides
    anew, and that is the last word.
    """

    __tablename__ = "appeals"
    __table_args__ = (UniqueConstraint("idea_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    against_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    reason: Mapped[str] = mapped_column(MaskedText)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    heard_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StandIn(Base):
    """Somebody answers for whoever is away, on one idea; at most one at a time for each.

    ``until_on`` is the last day away, as it was known then.
    """

    __tablename__ = "stand_ins"
    __table_args__ = (
        Index(
            "uq_stand_ins_open",
            "idea_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    absent_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    until_on: Mapped[date | None]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AnswerRating(Base):
    """Whether an author found an answer useful: one tap each, which can be changed."""

    __tablename__ = "answer_ratings"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    is_useful: Mapped[bool]
    rated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Merge(Base):
    """One idea was joined to another that says the same; in force until ``unmerged_at``.

    ``before`` keeps the joined idea as it stood, with its clocks; ``own_shares`` what the authors
    of the other one had before anything was joined to it, as pairs of person and percent.
    """

    __tablename__ = "merges"
    __table_args__ = (
        Index(
            "uq_merges_in_force",
            "idea_id",
            unique=True,
            sqlite_where=text("unmerged_at IS NULL"),
            postgresql_where=text("unmerged_at IS NULL"),
        ),
        Index("ix_merges_into", "into_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    into_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    before: Mapped[JsonObject] = mapped_column(Json)
    own_shares: Mapped[list[list[int]]] = mapped_column(Json)
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    unmerged_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    unmerged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SavedView(Base):
    """A reader's own view of the inbox: a name for several views at once.

    ``look`` is their combination, as in an address of the inbox.
    """

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    name: Mapped[str] = mapped_column(MaskedString(LONGEST_VIEW_NAME))
    look: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Sitting(Base):
    """Somebody goes through a view of the inbox, one idea after another; one at a time for each.

    ``left_count`` is what the view still held at the end, beside what was left for later.
    """

    __tablename__ = "sittings"
    __table_args__ = (
        Index(
            "uq_sittings_open",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    look: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_count: Mapped[int | None]


class SittingStop(Base):
    """An idea in a sitting; ``step`` is what was done with it, or None where it was left."""

    __tablename__ = "sitting_stops"

    sitting_id: Mapped[int] = mapped_column(
        ForeignKey("sittings.id", ondelete="CASCADE"), primary_key=True
    )
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    step: Mapped[str | None] = mapped_column(String(16))


class Effort(StrEnum):
    """How much work an idea is, in bands, the smallest first."""

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class Confidence(StrEnum):
    """How sure a reviewer is of what they said."""

    GUESS = "guess"
    FAIRLY = "fairly"
    SURE = "sure"


class Score(Base):
    """What one reviewer says of an idea: how much work it is, and how sure they are."""

    __tablename__ = "scores"

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    effort: Mapped[Effort] = mapped_column(enum_of(Effort))
    confidence: Mapped[Confidence] = mapped_column(enum_of(Confidence))
    scored_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuthorShown(Base):
    """A reviewer asked who the author is, before they had scored or decided."""

    __tablename__ = "authors_shown"

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    shown_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReviewRule(Base):
    """How a department reviews; without a row, as :data:`portal.triage.reviewing.PLAIN`.

    ``is_blind`` hides an author at the first look, ``shows_spread`` lets reviewers see what the
    others said once they have said something themselves.
    """

    __tablename__ = "review_rules"

    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    is_blind: Mapped[bool]
    shows_spread: Mapped[bool]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReviewHours(Base):
    """How many hours a week somebody has for deciding, as they say themselves."""

    __tablename__ = "review_hours"

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    hours: Mapped[int]
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Note(Rendered, Base):
    """Something said on the bench among those who decide; its author can take it back.

    A note that was taken back stays with its text, which nobody reads any more.
    """

    __tablename__ = "notes"
    markdown = ("body",)
    __table_args__ = (Index("ix_notes_idea", "idea_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    body: Mapped[str] = mapped_column(MaskedText)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    nonce: Mapped[str | None] = mapped_column(String(36), unique=True)


class NoteMention(Base):
    """Somebody was named in a note, so they may read it; see ``policies.can_read_note``."""

    __tablename__ = "note_mentions"

    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True, index=True)
