"""People, what they may do where, and how they sign in."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.actor import Role
from portal.columns import BigId, UtcDateTime, enum_of
from portal.database import Base


class Department(Base):
    """A unit in a dated tree, with a head and a deputy.

    ``path`` is the chain of ids from the root, such as ``/1/4/``: a department and all below
    it share a prefix.  ``takes_orphans`` marks the desk of the named executive who gets what
    nobody owns.
    """

    __tablename__ = "departments"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    path: Mapped[str] = mapped_column(String(255), index=True)
    head_id: Mapped[int | None] = mapped_column(
        ForeignKey("persons.id", use_alter=True, name="fk_departments_head_id_persons"), index=True
    )
    deputy_id: Mapped[int | None] = mapped_column(
        ForeignKey("persons.id", use_alter=True, name="fk_departments_deputy_id_persons"),
        index=True,
    )
    takes_orphans: Mapped[bool] = mapped_column(default=False)
    is_team: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))


class Person(Base):
    """Somebody with an account.  ``named_on_boards`` is their own consent."""

    __tablename__ = "persons"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    hue: Mapped[int] = mapped_column(default=0)
    home_department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    locale: Mapped[str | None] = mapped_column(String(8))
    time_zone: Mapped[str | None] = mapped_column(String(64))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    is_active: Mapped[bool] = mapped_column(default=True)
    named_on_boards: Mapped[bool] = mapped_column(default=False)
    single_keys: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RoleAssignment(Base):
    """A role held for a department and all below it; without a department, everywhere."""

    __tablename__ = "role_assignments"
    __table_args__ = (Index("ix_role_assignments_person", "person_id", "ended_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    role: Mapped[Role] = mapped_column(enum_of(Role))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Absence(Base):
    """Days on which somebody is away, the last of them included; kept when it was called off.

    ``begins_at`` and ``ends_at`` bound the days as they fall where the person works.
    """

    __tablename__ = "absences"
    __table_args__ = (
        Index("ix_absences_person", "person_id", "ends_at"),
        Index("ix_absences_ends", "ends_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    begins_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    called_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInSession(Base):
    """A signed-in browser; only the SHA-256 of its secret id is stored.

    ``proved_at`` is when the person last showed a password or a code; ``must_enrol`` holds
    them at the page that sets up a second factor.
    """

    __tablename__ = "sign_in_sessions"

    id_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    method: Mapped[str] = mapped_column(String(16))
    network: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(120))
    must_enrol: Mapped[bool] = mapped_column(default=False)


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    SIGN_IN = "sign_in"
    RESET = "reset"
    INVITE = "invite"
    ADMINISTRATOR = "administrator"


class OneTimeLink(Base):
    """A link that signs somebody in once, or makes the first administrator (no person yet)."""

    __tablename__ = "one_time_links"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(enum_of(LinkPurpose))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FailedSignIn(Base):
    """A wrong password or code, counted before it is checked and forgotten when it was right.

    ``account_key`` stands for what is braked: an account, or one known device of it.
    """

    __tablename__ = "failed_sign_ins"
    __table_args__ = (
        Index("ix_failed_sign_ins_account", "account_key", "at"),
        Index("ix_failed_sign_ins_network", "network", "at"),
        Index("ix_failed_sign_ins_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    network: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInBrake(Base):
    """How many wrong passwords in a row an account, real or not, has had."""

    __tablename__ = "sign_in_brakes"

    account_key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failed_count: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SecondFactor(Base):
    """The secret that a person's app shares with us, sealed, and the last step it was used for."""

    __tablename__ = "second_factors"

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary(128))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Base):
    """One of ten codes that stand in for the app once; only its hash is stored."""

    __tablename__ = "recovery_codes"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PortalFact(Base):
    """A fact about this installation, such as that its people and passwords are a demo."""

    __tablename__ = "portal_facts"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(String(255))
