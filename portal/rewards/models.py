"""The ledger, the catalogue, and what was redeemed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, UtcDateTime, enum_of
from portal.database import Base
from portal.written import MaskedString, MaskedText


class AccountKind(StrEnum):
    """What an account stands for; ``Unit`` says what it counts."""

    ISSUED = "issued"
    """Points given out, by everybody's account; goes below zero."""
    PROVISIONAL = "provisional"
    """A person's points for an accepted idea, until it goes live or is stopped."""
    PERSON = "person"
    """A person's points to spend."""
    HELD = "held"
    """Points of orders that wait."""
    SPENT = "spent"
    """Points of orders that were handed over."""
    VOUCHERS = "vouchers"
    """Points of hidden authors on their way to whoever shows the code."""
    SUPPLIER = "supplier"
    """Pieces bought; goes below zero."""
    STOCK = "stock"
    """Pieces of an item that can be ordered; without a limit where there is always one."""
    RESERVED = "reserved"
    """Pieces of an item that were ordered."""
    HANDED_OUT = "handed_out"
    """Pieces of all items that people have."""


class Unit(StrEnum):
    """What an account counts; a posting never crosses units."""

    POINTS = "points"
    PIECES = "pieces"


class Account(Base):
    """A balance in whole units.

    A limited account can never go below zero, which the database itself refuses; issuing
    accounts (points given out, pieces bought) may.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("balance >= 0 OR NOT is_limited", name="never_overdrawn"),
        Index("uq_accounts_owner", "kind", "person_id", "item_id", unique=True),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[AccountKind] = mapped_column(enum_of(AccountKind))
    unit: Mapped[Unit] = mapped_column(enum_of(Unit))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("reward_items.id"))
    is_limited: Mapped[bool]
    balance: Mapped[int] = mapped_column(BigInteger, default=0)


class Posting(Base):
    """``amount`` moved from one account to another; never changed, corrected by a reversal.

    ``key`` makes it happen once: the rule, the subject, the person and the event.
    """

    __tablename__ = "postings"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("debit_account_id <> credit_account_id", name="two_accounts"),
        Index("ix_postings_debit", "debit_account_id", "id"),
        Index("ix_postings_credit", "credit_account_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    debit_account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    credit_account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    amount: Mapped[int] = mapped_column(BigInteger)
    rule: Mapped[str] = mapped_column(String(48))
    rule_version: Mapped[int]
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int] = mapped_column(BigId)
    memo: Mapped[str] = mapped_column(MaskedString(240))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("postings.id"), unique=True)
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TaxClass(StrEnum):
    """How payroll treats a reward."""

    UNTAXED = "untaxed"
    TAXED = "taxed"


class RewardItem(Base):
    """Something points buy; its stock is an account of pieces."""

    __tablename__ = "reward_items"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(MaskedString(64), unique=True)
    name: Mapped[str] = mapped_column(MaskedString(120))
    description: Mapped[str] = mapped_column(MaskedText)
    icon: Mapped[str] = mapped_column(String(32))
    price_points: Mapped[int] = mapped_column(BigInteger)
    tax_class: Mapped[TaxClass] = mapped_column(enum_of(TaxClass))
    is_active: Mapped[bool] = mapped_column(default=True)


class RedemptionState(StrEnum):
    """Where an order stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    FULFILLED = "fulfilled"
    RECEIVED = "received"
    REFUNDED = "refunded"


class Redemption(Base):
    """An order: points held and a piece reserved, until handed over or refunded."""

    __tablename__ = "redemptions"
    __table_args__ = (Index("ix_redemptions_state", "state", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[int] = mapped_column(BigId, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("reward_items.id"), index=True)
    price_points: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[RedemptionState] = mapped_column(enum_of(RedemptionState))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    nonce: Mapped[str | None] = mapped_column(String(36), unique=True)


class Voucher(Base):
    """Points that whoever knows the code may take over; gone once that was done.

    Nothing here leads back to whose points they were: no author, no time and no row order.
    """

    __tablename__ = "vouchers"
    __table_args__ = ({"sqlite_with_rowid": False},)

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    points: Mapped[int] = mapped_column(BigInteger)
