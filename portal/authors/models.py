"""What the portal keeps about authors who are not named, and nothing beyond it.

A hidden author is a *persona*: a row among the persons with no name, address, home or sign-in,
one for each idea.  Shares, notices, points and timelines refer to it like to anybody, so no other
table knows whether an author is hidden.  What ties a persona to a human stands here alone: for a
confidential one a seal that only the key file opens, for an anonymous one a phrase that nobody
but its author knows.

Tables of anonymous words have a random key, no row order and no time finer than a day.
"""

from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, JsonObject, UtcDateTime
from portal.database import Base
from portal.written import MaskedJson, MaskedText


class AuthorMode(StrEnum):
    """How an author stands by what they hand in."""

    NAMED = "named"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


HUES = MappingProxyType({AuthorMode.CONFIDENTIAL: -1, AuthorMode.ANONYMOUS: -2})
"""The hue of a persona: below zero, where nobody's colour is; pages draw a glyph for it."""

NAMES = MappingProxyType(
    {AuthorMode.CONFIDENTIAL: "Confidential", AuthorMode.ANONYMOUS: "Anonymous"}
)
"""What a persona is called on every page."""


class Seal(Base):
    """Whose a confidential thing is, readable with the key file alone.

    ``owner_token`` finds an author's own: a keyed hash of the person and of how many they sealed
    before, so that no two are alike and nobody without the key can count or group them.
    ``persona_id`` is the author the thing shows; insights share one persona and have no token.
    """

    __tablename__ = "seals"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int] = mapped_column(BigId)
    persona_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary(88))
    owner_token: Mapped[bytes | None] = mapped_column(LargeBinary(16), unique=True)


class Opening(Base):
    """A request to open a seal: an administrator asks, a person of trust agrees or refuses."""

    __tablename__ = "seal_openings"
    __table_args__ = (Index("ix_seal_openings_seal", "seal_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    seal_id: Mapped[int] = mapped_column(ForeignKey("seals.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    asked_because: Mapped[str] = mapped_column(MaskedText)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    answered_because: Mapped[str | None] = mapped_column(MaskedText)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    open_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FollowUp(Base):
    """What a phrase gives access to; ``phrase_tag`` is its argon2id hash."""

    __tablename__ = "follow_ups"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[str] = mapped_column(String(36), primary_key=True)
    phrase_tag: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int] = mapped_column(BigId)
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class StagedWord(Base):
    """Something anonymous that waits for its batch, masked; gone once it is published.

    ``key`` is the form's random nonce, so that a form sent twice waits once.  ``on_day`` begins
    at the hour at which batches leave, and is all that is known of when.
    """

    __tablename__ = "staged_words"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    payload: Mapped[JsonObject] = mapped_column(MaskedJson)
    phrase_tag: Mapped[bytes] = mapped_column(LargeBinary(32))
    on_day: Mapped[date]


class DayUse(Base):
    """How often a random token that a browser holds for a day was used."""

    __tablename__ = "day_uses"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    on_day: Mapped[date] = mapped_column(index=True)
    count: Mapped[int]
