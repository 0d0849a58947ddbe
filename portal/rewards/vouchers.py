"""Points of authors who are not named, in fixed sizes, for whoever shows the code.

An idea's hidden author earns like anybody, on the account of the persona.  They take points out as
vouchers of a few sizes: the persona's account gives, a common account holds, and later somebody
who is signed in shows the code and gets.  The postings on either side name no idea, no code and
no size that would be rare, so while several vouchers of a size are out, none of them leads to an
author.  Whoever takes one over says that they are such an author; pages say so first.
"""

import base64
import hashlib
import hmac
import re
from uuid import uuid4

from sqlalchemy import bindparam, delete, func, select

from portal.actor import Actor
from portal.audit.services import record
from portal.database import session
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.rewards import ledger, policies
from portal.rewards.ledger import Place, Transfer
from portal.rewards.models import AccountKind, Voucher
from portal.rewards.rules import Rule

SIZES = (10, 50, 100, 500, 1_000, 5_000)
"""What a voucher is worth, in points; an amount that only one author has would name them."""

_POOL = Place(AccountKind.VOUCHERS)
_FIND = select(Voucher.points).where(Voucher.code_hash == bindparam("code_hash"))
_TAKE = delete(Voucher).where(Voucher.code_hash == bindparam("code_hash"))


def make_code(secret: str, nonce: str) -> str:
    """The code of the voucher that a form makes, in groups; 130 bits that nobody can guess."""
    digest = hmac.new(secret.encode(), f"voucher code {nonce}".encode(), hashlib.sha256).digest()
    letters = base64.b32encode(digest).decode().lower()[:26]
    return "-".join(letters[place : place + 5] for place in range(0, 26, 5))


def clean_code(typed: str) -> str:
    """A code as it is hashed: without case, spaces and hyphens."""
    return re.sub(r"[\s-]+", "", typed).lower()


def hash_code(typed: str) -> bytes:
    """What is kept of a code."""
    return hashlib.sha256(f"voucher {clean_code(typed)}".encode()).digest()


def list_sizes(balance: int) -> list[int]:
    """The vouchers that a balance suffices for."""
    return [size for size in SIZES if size <= balance]


def check_size(points: int) -> None:
    """Raise RuleBroken (field ``points``) for another size than the fixed ones."""
    if points not in SIZES:
        raise RuleBroken(_("Choose one of the sizes."), field="points")


def make_voucher(persona: Actor, points: int, code_hash: bytes) -> None:
    """Take points out of a persona's account, for whoever shows the code; inside a unit.

    Raises
    ------
    RuleBroken
        On ``points``: for another size, or where the account holds less.
    """
    check_size(points)
    place = Place(AccountKind.PERSON, persona.id)
    if session().scalar(_FIND, {"code_hash": code_hash}) is not None:
        return
    if ledger.lock_balance(place) < points:
        raise RuleBroken(_("There are fewer points than that."), field="points")
    session().add(Voucher(code_hash=code_hash, points=points))
    session().flush()
    ledger.move([_transfer(place, _POOL, points, Rule.VOUCHER_MADE)])
    record(persona, "voucher.made", "account", None, points=points)


def take_voucher(actor: Actor, code: str) -> int:
    """Take a voucher's points over onto one's own account; how many.

    Raises
    ------
    RuleBroken
        On ``code``, where nothing answers to it (any more).
    """
    policies.can_order.require(actor)
    code_hash = hash_code(code)
    points = session().scalar(_FIND, {"code_hash": code_hash})
    taken = session().connection().execute(_TAKE, {"code_hash": code_hash}).rowcount
    if points is None or taken != 1:
        raise RuleBroken(
            _(
                "Nothing answers to this code. A new one counts once the next batch is out, and "
                "each counts once."
            ),
            field="code",
        )
    ledger.move([_transfer(_POOL, Place(AccountKind.PERSON, actor.id), points, Rule.VOUCHER_TAKEN)])
    record(actor, "voucher.taken", "account", None, points=points)
    return points


def _transfer(debit: Place, credit: Place, points: int, rule: Rule) -> Transfer:
    return Transfer(f"{rule}:{uuid4()}", debit, credit, points, rule, "voucher", 0, "voucher")


def sum_outstanding() -> int:
    """What all vouchers that are out are worth; as much as their account holds."""
    return int(session().scalar(select(func.coalesce(func.sum(Voucher.points), 0))) or 0)
