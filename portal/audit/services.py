"""Writing the audit log, and proving that nobody changed it.

Each row's hash covers the row before it: ``SHA-256(previous hash, canonical JSON of the row)``.
A changed, removed or reordered row breaks every hash after it.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select, update

from portal.actor import Actor
from portal.audit.models import AuditHead, AuditRow
from portal.columns import JsonObject
from portal.database import AUDIT_ORDER, at_end_of_unit, lock_row, session
from portal.now import now

GENESIS = "0" * 64

_HEAD = select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == 1)
_PENDING = "audit_pending"


def record(
    actor: Actor, action: str, object_kind: str, object_id: int | None, **details: object
) -> None:
    """Note what was done; the row is written at the end of the unit, in its transaction.

    ``action`` is a verb tag such as ``idea.declined``; ``details`` must be plain JSON values
    and never carry personal text.
    """
    pending = session().info.setdefault(_PENDING, [])
    if not pending:
        at_end_of_unit(AUDIT_ORDER, _write_pending)
    pending.append((now(), actor.id, action, object_kind, object_id, details))


def _write_pending() -> None:
    pending = session().info.pop(_PENDING, [])
    seq, previous = session().execute(lock_row(_HEAD)).one()
    rows = []
    for at, actor_id, action, kind, object_id, details in pending:
        seq += 1
        body = {
            "seq": seq,
            "at": at,
            "actor_id": actor_id,
            "action": action,
            "object_kind": kind,
            "object_id": object_id,
            "details": details,
        }
        digest = chain_hash(previous, body)
        rows.append({**body, "previous_hash": previous, "hash": digest})
        previous = digest
    session().execute(insert(AuditRow), rows)
    session().execute(update(AuditHead).where(AuditHead.id == 1).values(seq=seq, hash=previous))


def chain_hash(previous: str, body: JsonObject) -> str:
    """The hash of one row: hex SHA-256 over the previous hash and the row's canonical JSON."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    raise TypeError(f"{type(value).__name__} cannot stand in the audit log")


def find_break(rows: Iterable[AuditRow], head: tuple[int, str]) -> str | None:
    """The first fault of the chain in one sentence, or None if it holds from first to head."""
    expected, previous = 1, GENESIS
    for row in rows:
        if row.seq != expected:
            return f"Row {expected} is missing."
        body = {
            "seq": row.seq,
            "at": row.at,
            "actor_id": row.actor_id,
            "action": row.action,
            "object_kind": row.object_kind,
            "object_id": row.object_id,
            "details": row.details,
        }
        if row.previous_hash != previous or chain_hash(previous, body) != row.hash:
            return f"Row {row.seq} was changed."
        expected, previous = row.seq + 1, row.hash
    if (expected - 1, previous) != head:
        return f"The log ends at row {expected - 1}, its head says {head[0]}."
    return None


def verify_chain() -> str | None:
    """Check the whole stored log; the fault in one sentence, or None."""
    rows = session().scalars(
        select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=1000)
    )
    seq, digest = session().execute(_HEAD).one()
    try:
        return find_break(rows, (seq, digest))
    finally:
        rows.close()
