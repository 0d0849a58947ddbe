"""The arithmetic of the log: hashes of rows, commitments to asides, and the proof of both.

Each row's hash covers the row before it: ``SHA-256(previous hash, canonical JSON of the row)``.
A changed, removed or reordered row breaks every hash after it.  An aside is committed to by
``SHA-256(salt, text)`` in its row; an erasure commits to the asides it emptied by their number
and a hash over their rows, so that an aside can only be emptied by an act of the log.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

GENESIS = "0" * 64
ERASED = "audit.erased"
"""The action of the row that accounts for asides that were emptied."""


def chain_hash(previous: str, body: Mapping[str, Any]) -> str:
    """The hash of one row: hex SHA-256 over the previous hash and the row's canonical JSON."""
    return hashlib.sha256(f"{previous}\n{canonical(body)}".encode()).hexdigest()


def canonical(value: object) -> str:
    """The one way to write a value down as JSON."""
    return _ENCODER.encode(value)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    raise TypeError(f"{type(value).__name__} cannot stand in the audit log")


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_plain)


def commitment(salt: str, person_id: int | None, text: str) -> str:
    """What a row keeps of its aside; without the salt, nobody can try out what it was."""
    return hashlib.sha256(f"{salt}\n{person_id}\n{text}".encode()).hexdigest()


def body_of(row: Any) -> dict[str, Any]:
    """What a row's hash covers; an aside only where there is one, as in rows from before."""
    body = {
        "seq": row.seq,
        "at": row.at,
        "actor_id": row.actor_id,
        "action": row.action,
        "object_kind": row.object_kind,
        "object_id": row.object_id,
        "details": row.details,
    }
    return body if row.aside_hash is None else {**body, "aside_hash": row.aside_hash}


@dataclass
class Emptied:
    """The asides emptied by one act, summed up in the order of their rows."""

    count: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def add(self, seq: int) -> None:
        """One more."""
        self.count += 1
        self.digest.update(f"{seq}\n".encode())

    def account(self) -> dict[str, object]:
        """Their number and the hash over their rows."""
        return {"asides": self.count, "digest": self.digest.hexdigest()}


class Proof:
    """Goes through the log row by row, keeping nothing but the last hash; stops at a fault."""

    def __init__(self, heads: Mapping[int, str] | None = None) -> None:
        self.seq, self.hash = 0, GENESIS
        self.heads = heads or {}
        self.emptied: dict[int, Emptied] = {}

    def find_fault(self, row: Any) -> str | None:
        """What is wrong with the next row, in a sentence; ``row`` carries its aside's columns."""
        expected = self.seq + 1
        if row.seq != expected:
            return f"Row {expected} is missing."
        if row.previous_hash != self.hash or chain_hash(self.hash, body_of(row)) != row.hash:
            return f"Row {row.seq} was changed."
        self.seq, self.hash = row.seq, row.hash
        if row.seq in self.heads and self.heads[row.seq] != row.hash:
            return f"Row {row.seq} is not the one that its signed head names."
        return self._fault_aside(row) or self._fault_erasure(row)

    def _fault_aside(self, row: Any) -> str | None:
        if (row.aside_hash is None) != (row.aside_seq is None):
            return f"What stands beside row {row.seq} was added or removed."
        if row.aside_hash is None:
            return None
        kept = (row.salt, row.person_id, row.text)
        if row.erased_by is not None and kept == (None, None, None):
            if row.erased_by <= row.seq:
                return f"What stood beside row {row.seq} was erased by no act of the log."
            self.emptied.setdefault(row.erased_by, Emptied()).add(row.seq)
            return None
        is_whole = row.erased_by is None and row.salt is not None and row.text is not None
        if not is_whole or commitment(*kept) != row.aside_hash:
            return f"What stands beside row {row.seq} was changed."
        return None

    def _fault_erasure(self, row: Any) -> str | None:
        emptied = self.emptied.pop(row.seq, None)
        if row.action == ERASED:
            if row.details != (emptied or Emptied()).account():
                return f"Row {row.seq} does not account for what it erased."
        elif emptied is not None:
            return f"Row {row.seq} erased nothing, but something names it as its eraser."
        return None

    def find_end_fault(self, head: tuple[int, str]) -> str | None:
        """What is wrong with the end of the log."""
        if (self.seq, self.hash) != head:
            return f"The log ends at row {self.seq}, its head says {head[0]}."
        if beyond := [seq for seq in self.heads if seq > self.seq]:
            return f"The log ends at row {self.seq}, a signed head names row {max(beyond)}."
        if self.emptied:
            return f"Something was erased by row {min(self.emptied)}, which is not there."
        return None
