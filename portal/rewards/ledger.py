"""Double entry: every posting moves an amount from one account to another.

An account's balance is what was credited minus what was debited, so all balances of a unit
always add up to zero.  A balance changes only by one conditional UPDATE, which leaves a limited
account alone where it would go below zero; the number of rows says whether it happened.

Two units never wait for each other in a circle because all lock in the same order: rows of the
business (an idea, an order), then accounts of persons, then the other accounts, both by id, then
the head of the audit log.  Awards cannot fail, so their balances are collected and move at the
end of the unit, when the accounts that everybody shares are held for a moment only.  A
redemption must know at once; it moves its balances directly, in the same order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from portal.database import at_end_of_unit, insert_once, session
from portal.now import now
from portal.rewards.models import Account, AccountKind, Posting, Unit
from portal.rewards.rules import DEFAULT_RULES, Rule

LEDGER_ORDER = 80
"""Balances move after everything else of a unit and before its audit rows."""

_PENDING = "ledger_pending"
_UNLIMITED = frozenset({AccountKind.ISSUED, AccountKind.SUPPLIER})
_PIECES = frozenset(
    {
        AccountKind.SUPPLIER,
        AccountKind.STOCK,
        AccountKind.RESERVED,
        AccountKind.HANDED_OUT,
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where points or pieces are: an account by what it stands for, whether it has a row or not."""

    kind: AccountKind
    person_id: int | None = None
    item_id: int | None = None

    @property
    def key(self) -> str:
        """The account's name, such as ``person:7``."""
        owner = self.person_id or self.item_id
        return f"{self.kind}:{owner}" if owner else str(self.kind)

    @property
    def unit(self) -> Unit:
        """What the account counts."""
        return Unit.PIECES if self.kind in _PIECES else Unit.POINTS


ISSUED = Place(AccountKind.ISSUED)
"""Where every award comes from."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """``amount`` from one place to another, once per ``key``."""

    key: str
    debit: Place
    credit: Place
    amount: int
    rule: Rule
    subject_kind: str
    subject_id: int
    memo: str
    reverses_id: int | None = None


class Overdrawn(Exception):
    """A limited account does not hold enough; the unit must be left by raising."""

    def __init__(self, place: Place) -> None:
        super().__init__(f"{place.key} does not hold enough")
        self.place = place


_IDS = select(Account.key, Account.id).where(Account.key.in_(bindparam("keys", expanding=True)))
_LOCKED_BALANCE = (
    select(Account.balance)
    .where(Account.id == bindparam("account_id"))
    .with_for_update(key_share=True)
)
"""As an UPDATE locks; postings that refer to the account need not wait.  SQLite has no row locks,
and its writing unit is alone anyway."""
_MOVE = (
    update(Account)
    .where(
        Account.id == bindparam("account_id"),
        or_(Account.balance + bindparam("delta") >= 0, Account.is_limited.is_(False)),
    )
    .values(balance=Account.balance + bindparam("delta"))
    .execution_options(synchronize_session=False)
)


def open_accounts(places: Iterable[Place]) -> dict[Place, int]:
    """The ids of the accounts of these places, opened in the order of their names if missing."""
    wanted = {place.key: place for place in places}
    known = _account_ids(wanted)
    missing = sorted(wanted.keys() - known.keys())
    for key in missing:
        _open(wanted[key], is_limited=wanted[key].kind not in _UNLIMITED)
    if missing:
        known = _account_ids(wanted)
    return {place: known[key] for key, place in wanted.items()}


def open_endless_stock(item_id: int) -> None:
    """Open an item's stock without a limit: there is always one more."""
    _open(Place(AccountKind.STOCK, item_id=item_id), is_limited=False)


def _open(place: Place, *, is_limited: bool) -> None:
    insert_once(
        Account,
        {
            "key": place.key,
            "kind": place.kind,
            "unit": place.unit,
            "person_id": place.person_id,
            "item_id": place.item_id,
            "is_limited": is_limited,
            "balance": 0,
        },
    )


def _account_ids(keys: Iterable[str]) -> dict[str, int]:
    rows = session().execute(_IDS, {"keys": list(keys)})
    return {row.key: row.id for row in rows}


def lock_balance(place: Place) -> int:
    """The balance of a person's account, which nobody else changes until this unit ends."""
    settle()
    account_id = open_accounts([place])[place]
    return int(session().scalars(_LOCKED_BALANCE, {"account_id": account_id}).one())


def post(transfers: Sequence[Transfer]) -> dict[str, int]:
    """Post what cannot fail; balances move at the end of the unit.

    Returns the ids of the new postings by key; a key that was used before posts nothing.
    """
    ids = open_accounts(_places(transfers))
    posted = {}
    for transfer in transfers:
        posting_id = _insert_posting(transfer, ids)
        if posting_id is not None:
            posted[transfer.key] = posting_id
            _collect(transfer)
    return posted


def move(transfers: Sequence[Transfer]) -> None:
    """Post and move balances at once.

    Raises
    ------
    Overdrawn
        If a limited account does not hold enough; leave the unit, so that nothing is kept.
    """
    settle()
    ids = open_accounts(_places(transfers))
    for transfer in transfers:
        if _insert_posting(transfer, ids) is not None:
            _collect(transfer, at_end=False)
    settle()


def settle() -> None:
    """Move the balances that were collected: persons' accounts first, each kind by id."""
    deltas: dict[Place, int] = session().info.pop(_PENDING, {})
    ids = open_accounts(deltas) if deltas else {}
    for place in sorted(deltas, key=lambda place: (place.person_id is None, ids[place])):
        moved: Any = session().execute(_MOVE, {"account_id": ids[place], "delta": deltas[place]})
        if moved.rowcount != 1:
            raise Overdrawn(place)


def _places(transfers: Iterable[Transfer]) -> set[Place]:
    return {place for transfer in transfers for place in (transfer.debit, transfer.credit)}


def _collect(transfer: Transfer, *, at_end: bool = True) -> None:
    pending: dict[Place, int] = session().info.setdefault(_PENDING, {})
    if at_end and not pending:
        at_end_of_unit(LEDGER_ORDER, settle)
    for place, delta in ((transfer.debit, -transfer.amount), (transfer.credit, transfer.amount)):
        pending[place] = pending.get(place, 0) + delta


def _insert_posting(transfer: Transfer, ids: dict[Place, int]) -> int | None:
    if transfer.debit.unit is not transfer.credit.unit:
        raise ValueError("a posting never crosses units")
    return insert_once(
        Posting,
        {
            "key": transfer.key,
            "debit_account_id": ids[transfer.debit],
            "credit_account_id": ids[transfer.credit],
            "amount": transfer.amount,
            "rule": transfer.rule.value,
            "rule_version": DEFAULT_RULES.version,
            "subject_kind": transfer.subject_kind,
            "subject_id": transfer.subject_id,
            "memo": transfer.memo,
            "reverses_id": transfer.reverses_id,
            "posted_at": now(),
        },
    )


def find_posting(key: str) -> int | None:
    """The id of the posting with this key."""
    return session().scalar(select(Posting.id).where(Posting.key == key))
