"""Reading balances, statements, the catalogue and orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, func, select, union_all
from sqlalchemy.orm import aliased

from portal.actor import Actor
from portal.authors.queries import OWN_IDS, list_own_ids
from portal.database import lock_row, session
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.paging import Keyset, Page
from portal.people.models import Department, Person
from portal.rewards.models import (
    Account,
    AccountKind,
    Posting,
    Redemption,
    RedemptionState,
    RewardItem,
)
from portal.rewards.policies import can_see

OPEN_STATES = (RedemptionState.REQUESTED, RedemptionState.APPROVED)


@dataclass(frozen=True, slots=True)
class Wallet:
    """A person's points: to spend, provisional until an idea goes live, held for orders."""

    points: int
    provisional: int
    held: int


def _balance_of(kind: AccountKind) -> Any:
    return (
        select(Account.balance)
        .where(Account.person_id == bindparam("person_id"), Account.kind == kind)
        .scalar_subquery()
    )


_HELD = (
    select(func.sum(Redemption.price_points))
    .where(Redemption.person_id == bindparam("person_id"), Redemption.state.in_(OPEN_STATES))
    .scalar_subquery()
)
_WALLET = select(
    func.coalesce(_balance_of(AccountKind.PERSON), 0).label("points"),
    func.coalesce(_balance_of(AccountKind.PROVISIONAL), 0).label("provisional"),
    func.coalesce(_HELD, 0).label("held"),
)


def get_wallet(person_id: int) -> Wallet:
    """What a person has, in one statement."""
    row = session().execute(_WALLET, {"person_id": person_id}).one()
    return Wallet(int(row.points), int(row.provisional), int(row.held))


def get_balance(person_id: int) -> int:
    """The points a person can spend."""
    return get_wallet(person_id).points


def _entries() -> Any:
    """A person's postings, signed, with the balance after each of them."""
    columns = (
        Posting.id,
        Posting.posted_at,
        Posting.rule,
        Posting.memo,
        Posting.subject_kind,
        Posting.subject_id,
    )
    key: Any = bindparam("account_key")
    credits_ = select(*columns, Posting.amount.label("amount")).join(
        Account, Account.id == Posting.credit_account_id
    )
    debits = select(*columns, (-Posting.amount).label("amount")).join(
        Account, Account.id == Posting.debit_account_id
    )
    both = union_all(credits_.where(Account.key == key), debits.where(Account.key == key))
    rows = both.subquery("moves")
    balance = func.sum(rows.c.amount).over(order_by=rows.c.id).label("balance")
    return select(rows, balance).subquery("entries")


_ENTRIES = _entries()
_STATEMENT = Keyset(
    select(
        _ENTRIES,
        Idea.number.label("idea_number"),
        Idea.title.label("idea_title"),
        Redemption.number.label("redemption_number"),
    )
    .outerjoin(Idea, and_(_ENTRIES.c.subject_kind == "idea", Idea.id == _ENTRIES.c.subject_id))
    .outerjoin(
        Redemption,
        and_(
            _ENTRIES.c.subject_kind == "redemption",
            Redemption.id == _ENTRIES.c.subject_id,
        ),
    ),
    [_ENTRIES.c.id.desc()],
)


def list_statement(person_id: int, cursor: str | None = None, limit: int = 20) -> Page[Row[Any]]:
    """A person's postings, newest first, with the balance after each; in one statement.

    Raises :class:`portal.paging.BadCursor` for a cursor that we did not give out.
    """
    values = {"account_key": f"{AccountKind.PERSON}:{person_id}"}
    return _STATEMENT.page(session(), values, cursor, limit)


_WHOLE_STATEMENT = select(_ENTRIES).order_by(_ENTRIES.c.id)


def list_whole_statement(person_id: int) -> Sequence[Row[Any]]:
    """All of a person's postings, oldest first."""
    values = {"account_key": f"{AccountKind.PERSON}:{person_id}"}
    return session().execute(_WHOLE_STATEMENT, values).all()


_SEALED: Any = (
    select(Idea.number, Idea.title, Account.person_id.label("persona_id"), Account.balance)
    .join(Account, Account.person_id == Idea.submitter_id)
    .where(Account.kind == AccountKind.PERSON, Idea.submitter_id.in_(OWN_IDS))
    .order_by(Idea.number)
)


def list_sealed(actor: Actor) -> Sequence[Row[Any]]:
    """What the actor's own sealed ideas have earned, for themselves alone."""
    own_ids = [one for one in list_own_ids(actor) if one != actor.id]
    return session().execute(_SEALED, {"own_ids": own_ids}).all()


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A card of the catalogue; ``stock`` is None where there is always one more."""

    id: int
    key: str
    name: str
    description: str
    icon: str
    price_points: int
    is_taxed: bool
    stock: int | None


_ITEMS = (
    select(
        RewardItem.id,
        RewardItem.key,
        RewardItem.name,
        RewardItem.description,
        RewardItem.icon,
        RewardItem.price_points,
        (RewardItem.tax_class == "taxed").label("is_taxed"),
        case((Account.is_limited.is_(False), None), else_=func.coalesce(Account.balance, 0)).label(
            "stock"
        ),
    )
    .outerjoin(Account, and_(Account.item_id == RewardItem.id, Account.kind == AccountKind.STOCK))
    .where(RewardItem.is_active)
    .order_by(RewardItem.price_points, RewardItem.id)
)


def list_items() -> list[ItemRow]:
    """The catalogue, cheapest first."""
    return [ItemRow(*row) for row in session().execute(_ITEMS)]


_ITEM_ROW = _ITEMS.where(RewardItem.key == bindparam("key"))


def get_item_row(key: str) -> ItemRow:
    """One card of the catalogue; raises NotFound."""
    row = session().execute(_ITEM_ROW, {"key": key}).one_or_none()
    if row is None:
        raise NotFound(_("This is not in the catalogue."))
    return ItemRow(*row)


def find_item(key: str) -> RewardItem | None:
    """An item by key, offered or not."""
    return session().scalar(select(RewardItem).where(RewardItem.key == key))


def get_item_by_id(item_id: int) -> RewardItem:
    """An item by id, offered or not."""
    return session().get_one(RewardItem, item_id)


def get_item(key: str) -> RewardItem:
    """An item that is offered; raises NotFound."""
    item = find_item(key)
    if item is None or not item.is_active:
        raise NotFound(_("This is not in the catalogue."))
    return item


def _orders(condition: ColumnElement[bool]) -> Any:
    return (
        select(
            Redemption.id,
            Redemption.number,
            Redemption.state,
            Redemption.price_points,
            Redemption.requested_at,
            Redemption.changed_at,
            Redemption.person_id,
            RewardItem.name.label("item_name"),
            RewardItem.icon,
            Person.name.label("person_name"),
        )
        .join(RewardItem, RewardItem.id == Redemption.item_id)
        .join(Person, Person.id == Redemption.person_id)
        .where(condition)
    )


_MINE = (
    _orders(Redemption.person_id == bindparam("person_id")).order_by(Redemption.id.desc()).limit(20)
)


def list_own_redemptions(person_id: int) -> Sequence[Row[Any]]:
    """A person's twenty latest orders."""
    return session().execute(_MINE, {"person_id": person_id}).all()


_IN_STATE = Keyset(_orders(Redemption.state == bindparam("state")), [Redemption.id.desc()])
_WAITING = (
    select(Redemption.state, func.count().label("waiting"))
    .where(Redemption.state.in_(OPEN_STATES))
    .group_by(Redemption.state)
)


def list_redemptions(
    state: RedemptionState, cursor: str | None = None, limit: int = 30
) -> Page[Row[Any]]:
    """Everybody's orders in a state, latest first; raises BadCursor."""
    return _IN_STATE.page(session(), {"state": state}, cursor, limit)


def count_waiting_redemptions() -> dict[RedemptionState, int]:
    """How many orders wait for approval and for being handed over."""
    return {row.state: row.waiting for row in session().execute(_WAITING)}


_BY_NUMBER = select(Redemption).where(Redemption.number == bindparam("number"))


def get_visible_redemption(actor: Actor, number: int, *, for_update: bool = False) -> Redemption:
    """An order that the actor may see; raises NotFound."""
    statement = lock_row(_BY_NUMBER) if for_update else _BY_NUMBER
    redemption: Redemption | None = session().scalar(statement, {"number": number})
    if redemption is None or not can_see(actor, redemption):
        raise NotFound(_("There is no such order."))
    return redemption


def find_redemption_by_nonce(nonce: str) -> Redemption | None:
    """The order that a form made, if it arrived before."""
    return session().scalar(select(Redemption).where(Redemption.nonce == nonce))


_Below = aliased(Department, name="below")
_SUPERIORS = (
    select(Department.head_id, Department.deputy_id)
    .join(_Below, _Below.path.startswith(Department.path))
    .where(_Below.id == bindparam("department_id"))
)


def list_superiors(department_id: int | None) -> set[int]:
    """Who heads or deputises for a department or one above it."""
    if department_id is None:
        return set()
    rows = session().execute(_SUPERIORS, {"department_id": department_id})
    return {person_id for row in rows for person_id in row if person_id is not None}
