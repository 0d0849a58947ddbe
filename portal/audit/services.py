"""Writing the audit log, proving that nobody changed it, and erasing what is personal in it."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, insert, select, update

from portal.actor import Actor
from portal.audit.chain import ERASED, Emptied, Proof, body_of, canonical, chain_hash, commitment
from portal.audit.models import AuditAside, AuditHead, AuditRow
from portal.columns import JsonObject
from portal.database import AUDIT_ORDER, at_end_of_unit, lock_row, session
from portal.now import midnight, now, today
from portal.written import gate_json

_HEAD = select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == 1)
_PENDING = "audit_pending"
_FETCH = 2000

_came_from: ContextVar[Mapping[str, str] | None] = ContextVar("came_from", default=None)


@dataclass(slots=True)
class _Entry:
    """A row in the making, with the columns that its hash covers and what stands beside it."""

    at: datetime
    actor_id: int | None
    action: str
    object_kind: str
    object_id: int | None
    details: JsonObject
    personal: dict[str, Any]
    seq: int = 0
    aside_hash: str | None = None


def come_from(network: str | None, browser: str | None) -> None:
    """Let what is recorded from now on in this context say where it was done."""
    known = {"network": network, "browser": browser}
    _came_from.set({name: value for name, value in known.items() if value})


@contextmanager
def coming_from_nowhere() -> Iterator[None]:
    """Record nothing about where things are done: for what an unknown author does."""
    token = _came_from.set(None)
    try:
        yield
    finally:
        _came_from.reset(token)


def record(
    actor: Actor,
    action: str,
    object_kind: str,
    object_id: int | None,
    *,
    personal: Mapping[str, str] | None = None,
    is_anonymous: bool = False,
    **details: object,
) -> None:
    """Note what was done; the row is written at the end of the unit, in its transaction.

    ``action`` is a verb tag such as ``idea.declined``; ``details`` must be plain JSON values
    and never carry personal text: that is what ``personal`` is for, which can be erased.  With
    ``is_anonymous``, and for a hidden author, the row names nobody, nor from where, nor any time
    finer than the day.
    """
    pending: list[_Entry] = session().info.setdefault(_PENDING, [])
    if not pending:
        at_end_of_unit(AUDIT_ORDER, _write_pending)
    at, actor_id, beside = now(), actor.id, dict(personal or {})
    if is_anonymous or actor.is_hidden:
        at, actor_id = midnight(today()), None
    elif actor_id is not None:
        beside |= _came_from.get() or {}
    gated = gate_json(details)
    pending.append(_Entry(at, actor_id, action, object_kind, object_id, gated, beside))


def _write_pending() -> None:
    pending: list[_Entry] = session().info.pop(_PENDING, [])
    seq, previous = session().execute(lock_row(_HEAD)).one()
    rows, asides = [], []
    for entry in pending:
        seq += 1
        entry.seq = seq
        if entry.personal:
            asides.append(_aside(entry))
        body = body_of(entry)
        digest = chain_hash(previous, body)
        commits = {"aside_hash": entry.aside_hash, "previous_hash": previous, "hash": digest}
        rows.append({**body, **commits})
        previous = digest
    session().execute(insert(AuditRow), rows)
    if asides:
        session().execute(insert(AuditAside), asides)
    session().execute(update(AuditHead).where(AuditHead.id == 1).values(seq=seq, hash=previous))


def _aside(entry: _Entry) -> dict[str, Any]:
    """The aside of an entry, which from now on is committed to it."""
    salt, text = secrets.token_hex(16), canonical(entry.personal)
    about = entry.object_id if entry.object_kind == "person" else None
    person_id = entry.actor_id or about
    entry.aside_hash = commitment(salt, person_id, text)
    return {
        "seq": entry.seq,
        "person_id": person_id,
        "salt": salt,
        "text": text,
        "erased_by": None,
    }


_OF_PERSON = (
    select(AuditAside.seq)
    .where(AuditAside.person_id == bindparam("person_id"), AuditAside.erased_by.is_(None))
    .order_by(AuditAside.seq)
)


def erase_asides(actor: Actor, person_id: int) -> int:
    """Empty everything personal that the log holds about what a person did; how much it was.

    The rows stay and so does their chain: an act of its own accounts for what was emptied.
    It holds the head of the log from here on, so it comes last in its unit.
    """
    seqs = session().scalars(_OF_PERSON, {"person_id": person_id}).all()
    if not seqs:
        return 0
    emptied = Emptied()
    for seq in seqs:
        emptied.add(seq)
    said = emptied.account()
    with coming_from_nowhere():
        record(actor, ERASED, "person", person_id, asides=said["asides"], digest=said["digest"])
    head = session().execute(lock_row(_HEAD)).one()
    eraser = head.seq + len(session().info[_PENDING])
    session().execute(
        update(AuditAside)
        .where(AuditAside.person_id == person_id, AuditAside.erased_by.is_(None))
        .values(salt=None, person_id=None, text=None, erased_by=eraser)
        .execution_options(synchronize_session=False)
    )
    return len(seqs)


_EVERYTHING = (
    select(
        *(column for column in AuditRow.__table__.columns),
        AuditAside.seq.label("aside_seq"),
        AuditAside.person_id,
        AuditAside.salt,
        AuditAside.text,
        AuditAside.erased_by,
    )
    .outerjoin(AuditAside, and_(AuditAside.seq == AuditRow.seq))
    .order_by(AuditRow.seq)
    .execution_options(yield_per=_FETCH)
)


def verify_chain(heads: Mapping[int, str] | None = None) -> str | None:
    """Check the whole stored log; the fault in one sentence, or None.

    ``heads`` are hashes by row that were signed and kept elsewhere.  Memory does not grow with
    the log: rows stream past.
    """
    proof = Proof(heads)
    rows = session().execute(_EVERYTHING)
    try:
        for row in rows:
            if fault := proof.find_fault(row):
                return fault
    finally:
        rows.close()
    return _find_head_fault(proof) or _find_stray_aside()


def _find_head_fault(proof: Proof) -> str | None:
    heads = session().execute(select(AuditHead.id, AuditHead.seq, AuditHead.hash)).all()
    if [head.id for head in heads] != [1]:
        return "The log has no head, or more than one."
    return proof.find_end_fault((heads[0].seq, heads[0].hash))


def _find_stray_aside() -> str | None:
    """An aside without its row; the database refuses it unless its guards were taken away."""
    stray = session().scalar(
        select(AuditAside.seq)
        .outerjoin(AuditRow, AuditRow.seq == AuditAside.seq)
        .where(AuditRow.seq.is_(None))
        .limit(1)
    )
    return None if stray is None else f"Something stands beside row {stray}, which is not there."


def get_head() -> tuple[int, str]:
    """The number and the hash of the last row."""
    seq, digest = session().execute(_HEAD).one()
    return seq, digest
