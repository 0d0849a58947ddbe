"""Proving the ledger: every balance, every sum and every order against the postings."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, case, func, select, union_all
from sqlalchemy.orm import aliased

from portal.database import active, session
from portal.i18n import gettext as _
from portal.rewards.models import Account, AccountKind, Posting, Redemption, RedemptionState
from portal.rewards.vouchers import sum_outstanding


def check_ledger() -> list[str]:
    """Every fault of the ledger in a sentence of its own; empty if it holds.

    The balances of a unit add up to zero; each balance is what its postings add up to; no
    limited account is below zero; no posting crosses units; a reversal is the exact opposite of
    what it reverses; an order holds, or has spent, exactly its price and one piece; the vouchers
    that are out are worth what their account holds.  Inside a
    ``reading()`` block all of it is one moment, also while others write.
    """
    if not active().is_sqlite and not session().in_transaction():
        session().connection(execution_options={"isolation_level": "REPEATABLE READ"})
    checks = (_sums, _balances, _overdrawn, _units, _reversals, _orders, _vouchers)
    return [fault for check in checks for fault in check()]


def _sums() -> Iterator[str]:
    total = func.sum(Account.balance)
    for unit, amount in session().execute(select(Account.unit, total).group_by(Account.unit)):
        if amount:
            yield _("All %(unit)s add up to %(amount)s, not to zero.", unit=unit, amount=amount)


def _balances() -> Iterator[str]:
    moves = union_all(
        select(Posting.credit_account_id.label("account_id"), Posting.amount.label("amount")),
        select(Posting.debit_account_id, -Posting.amount),
    ).subquery("moves")
    posted = func.coalesce(func.sum(moves.c.amount), 0)
    rows = session().execute(
        select(Account.key, Account.balance, posted)
        .outerjoin(moves, moves.c.account_id == Account.id)
        .group_by(Account.id, Account.key, Account.balance)
        .having(posted != Account.balance)
        .order_by(Account.id)
    )
    for key, balance, amount in rows:
        yield _(
            "Account %(key)s says %(balance)s, its postings add up to %(amount)s.",
            key=key,
            balance=balance,
            amount=amount,
        )


def _overdrawn() -> Iterator[str]:
    keys = select(Account.key).where(Account.is_limited, Account.balance < 0).order_by(Account.id)
    for key in session().scalars(keys):
        yield _("Account %(key)s is below zero.", key=key)


def _units() -> Iterator[str]:
    debit, credit = aliased(Account), aliased(Account)
    ids = session().scalars(
        select(Posting.id)
        .join(debit, debit.id == Posting.debit_account_id)
        .join(credit, credit.id == Posting.credit_account_id)
        .where(debit.unit != credit.unit)
    )
    for posting_id in ids:
        yield _("Posting %(id)s turns one unit into another.", id=posting_id)


def _reversals() -> Iterator[str]:
    first = aliased(Posting)
    is_opposite = and_(
        first.debit_account_id == Posting.credit_account_id,
        first.credit_account_id == Posting.debit_account_id,
        first.amount == Posting.amount,
    )
    ids = session().scalars(
        select(Posting.id).join(first, first.id == Posting.reverses_id).where(~is_opposite)
    )
    for posting_id in ids:
        yield _("Posting %(id)s is not the opposite of what it reverses.", id=posting_id)


_HOLDINGS = (
    AccountKind.HELD,
    AccountKind.SPENT,
    AccountKind.RESERVED,
    AccountKind.HANDED_OUT,
)


def _orders() -> Iterator[str]:
    for row in session().execute(_ORDERS):
        found = tuple(getattr(row, kind.value) for kind in _HOLDINGS)
        if found != _expected(row.state, row.price_points):
            yield _(
                "Order R-%(number)s is %(state)s, but its postings say otherwise.",
                number=row.number,
                state=row.state,
            )


def _vouchers() -> Iterator[str]:
    held = select(Account.balance).where(Account.kind == AccountKind.VOUCHERS)
    if (session().scalar(held) or 0) != sum_outstanding():
        yield _("The vouchers that are out are not worth what their account holds.")


def _expected(state: RedemptionState, price: int) -> tuple[int, int, int, int]:
    """What an order has held, spent, reserved and handed out."""
    if state is RedemptionState.REFUNDED:
        return (0, 0, 0, 0)
    if state in {RedemptionState.REQUESTED, RedemptionState.APPROVED}:
        return (price, 0, 1, 0)
    return (0, price, 0, 1)


def _net(kind: AccountKind, credit: Any, debit: Any) -> Any:
    """What an order's postings leave in accounts of a kind."""
    signed = case((credit.kind == kind, Posting.amount), else_=0) - case(
        (debit.kind == kind, Posting.amount), else_=0
    )
    return func.coalesce(func.sum(signed), 0).label(kind.value)


def _orders_with_holdings() -> Any:
    debit, credit = aliased(Account), aliased(Account)
    return (
        select(
            Redemption.number,
            Redemption.state,
            Redemption.price_points,
            *(_net(kind, credit, debit) for kind in _HOLDINGS),
        )
        .outerjoin(
            Posting,
            and_(Posting.subject_kind == "redemption", Posting.subject_id == Redemption.id),
        )
        .outerjoin(debit, debit.id == Posting.debit_account_id)
        .outerjoin(credit, credit.id == Posting.credit_account_id)
        .group_by(Redemption.id, Redemption.number, Redemption.state, Redemption.price_points)
        .order_by(Redemption.id)
    )


_ORDERS = _orders_with_holdings()
