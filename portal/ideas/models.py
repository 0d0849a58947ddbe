"""Ideas, their authors, what supports them, what is said about them, and how they moved."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, Json, JsonObject, UtcDateTime, enum_of
from portal.database import Base
from portal.ideas.lifecycle import State
from portal.insights.models import Channel
from portal.rendering import Rendered
from portal.written import MaskedJson, MaskedString, MaskedText


class Lens(StrEnum):
    """Who gains."""

    CUSTOMER = "customer"
    EMPLOYEE = "employee"
    BUSINESS = "business"


class Control(StrEnum):
    """Who can change it: the team itself, somebody it can influence, only an executive."""

    OURS = "ours"
    INFLUENCE = "influence"
    NEEDS_EXECUTIVE = "needs_executive"


class Idea(Rendered, Base):
    """What happens today and what would be better.

    The current facts that pages need stand here, written by the slice that knows them: whom
    it waits on (``handler_id``), since when, and until when.  ``version`` counts the moves:
    a decision names the version it was made on, so that of two at once one is told.
    """

    __tablename__ = "ideas"
    markdown = ("problem", "proposal")
    __table_args__ = (
        Index("ix_ideas_newest", "submitted_at", "id"),
        Index("ix_ideas_state_newest", "state", "submitted_at", "id"),
        Index("ix_ideas_department_newest", "owner_department_id", "submitted_at", "id"),
        Index("ix_ideas_reason_newest", "reason_id", "submitted_at", "id"),
        Index("ix_ideas_support", "support_count", "id"),
        Index("ix_ideas_waiting", "handler_id", "due_at"),
        Index("ix_ideas_inbox", "owner_department_id", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[int] = mapped_column(BigId, unique=True)
    title: Mapped[str] = mapped_column(MaskedString(140))
    problem: Mapped[str] = mapped_column(MaskedText)
    proposal: Mapped[str] = mapped_column(MaskedText)
    lens: Mapped[Lens | None] = mapped_column(enum_of(Lens))
    control: Mapped[Control | None] = mapped_column(enum_of(Control))
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("contact_reasons.id"))
    state: Mapped[State] = mapped_column(enum_of(State))
    submitter_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    owner_department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    waits_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_paused: Mapped[bool] = mapped_column(default=False)
    routed_because: Mapped[JsonObject] = mapped_column(Json)
    support_count: Mapped[int] = mapped_column(default=0)
    comment_count: Mapped[int] = mapped_column(default=0)
    masked: Mapped[JsonObject] = mapped_column(Json)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    nonce: Mapped[str | None] = mapped_column(String(36), unique=True)


class IdeaAuthor(Base):
    """An originator of an idea; shares are whole percent and sum to 100."""

    __tablename__ = "idea_authors"

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True, index=True)
    share_percent: Mapped[int]


class IdeaMove(Base):
    """One step in an idea's life: the author's timeline.  Never changed."""

    __tablename__ = "idea_moves"
    __table_args__ = (Index("ix_idea_moves_idea", "idea_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    verb: Mapped[str] = mapped_column(String(32))
    from_state: Mapped[State | None] = mapped_column(enum_of(State))
    to_state: Mapped[State] = mapped_column(enum_of(State))
    sentence: Mapped[str | None] = mapped_column(MaskedText)
    details: Mapped[JsonObject] = mapped_column(MaskedJson)


class SilentMove(Base):
    """A step that nobody reads of: it is still to be told, or was undone before it was."""

    __tablename__ = "silent_moves"

    move_id: Mapped[int] = mapped_column(ForeignKey("idea_moves.id"), primary_key=True)


IS_SILENT = select(SilentMove.move_id).where(SilentMove.move_id == IdeaMove.id).exists()
"""Whether a step is one that nobody reads of."""


class MarkKind(StrEnum):
    """What can happen to an idea without a step of its life."""

    OVER = "over"
    """Its time is gone, and the head was told."""
    TWICE = "twice"
    """It has taken twice its time, and the head's superior was told."""
    RAISED = "raised"
    """An author asked the head's superior to step in."""
    STOOD_IN = "stood_in"
    """Whom it waits on is away, so somebody stands in."""
    CAME_BACK = "came_back"
    """Whom it waited on is back."""
    PASSED = "passed"
    """Somebody else answers for it from now on."""
    OFFERED = "offered"
    """The desk whose turn it was is full, so it lies on another."""
    TAKEN_BACK = "taken_back"
    """Whose turn it was took it back onto their own desk."""
    REPLANNED = "replanned"
    """Business hours changed, so it is due at another moment."""
    PART_ASKED = "part_asked"
    """Another department was asked for its part."""
    PART_GIVEN = "part_given"
    """That department did its part."""
    PART_REFUSED = "part_refused"
    """That department gave the task back."""
    PART_WITHDRAWN = "part_withdrawn"
    """The task is not needed any more."""


class IdeaMark(Base):
    """Something that happened to an idea where it stands; on the author's timeline too.

    ``person_id`` is who was told or whom it waits on now; ``key`` keeps a mark from being made
    twice.  Never changed.
    """

    __tablename__ = "idea_marks"
    __table_args__ = (Index("ix_idea_marks_idea", "idea_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[MarkKind] = mapped_column(enum_of(MarkKind))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    sentence: Mapped[str | None] = mapped_column(MaskedText)
    details: Mapped[JsonObject] = mapped_column(MaskedJson)
    key: Mapped[str | None] = mapped_column(String(64), unique=True)


class Support(Base):
    """ "Me too": dated evidence that others meet the same, one per person and idea.

    One that came along with an idea that was joined to this one is a copy of ``copied_from_id``,
    until its person says something of their own here.
    """

    __tablename__ = "supports"
    __table_args__ = (
        UniqueConstraint("idea_id", "person_id"),
        Index("ix_supports_newest", "created_at", "idea_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    occurred_on: Mapped[date]
    channel: Mapped[Channel | None] = mapped_column(enum_of(Channel))
    example: Mapped[str | None] = mapped_column(MaskedText)
    minutes: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("supports.id"), index=True)


class Comment(Rendered, Base):
    """Something said about an idea, in safe markdown, stored masked."""

    __tablename__ = "comments"
    markdown = ("body",)
    __table_args__ = (Index("ix_comments_idea", "idea_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    body: Mapped[str] = mapped_column(MaskedText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    nonce: Mapped[str | None] = mapped_column(String(36), unique=True)


class Term(Base):
    """The beginning of a word, and how many ideas hold it; see :mod:`portal.ideas.likeness`."""

    __tablename__ = "terms"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    letters: Mapped[str] = mapped_column(String(8), unique=True)
    idea_count: Mapped[int]


class IdeaTerm(Base):
    """A term of an idea; what is searched by is the key, so that it reads one run of rows."""

    __tablename__ = "idea_terms"
    __table_args__ = ({"sqlite_with_rowid": False},)

    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    weight: Mapped[int]
