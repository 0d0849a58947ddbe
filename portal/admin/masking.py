"""What the portal masks: the administrators' choice, read anew by every process.

The choice is a fact of the installation.  A session reads it once, when it first meets a text
that may hold something, so a unit that begins after a change masks by it, in the web server and
in the worker.  Card numbers are always masked.
"""

import json
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, select

from portal.actor import Actor
from portal.admin.policies import can_set_masking
from portal.audit.services import record
from portal.database import find_session, reading, session
from portal.identifiers import Kind
from portal.masking import DEFAULT_POLICY, MaskingPolicy
from portal.own_formats import check_formats
from portal.people.models import PortalFact
from portal.people.services import set_fact

FACT = "masking"
CHOICES = (Kind.ACCOUNT, Kind.EMAIL, Kind.PHONE)
"""The kinds that an administrator may leave as they are."""

_STORED = select(PortalFact.value).where(PortalFact.name == bindparam("name"))


def read_policy() -> MaskingPolicy:
    """What is masked now; one statement a session, which flushes nothing."""
    current = find_session()
    if current is None:
        with reading() as fresh:
            return _read(fresh.connection())
    if FACT not in current.info:
        current.info[FACT] = _read(current.connection())
    policy: MaskingPolicy = current.info[FACT]
    return policy


def _read(connection: Connection) -> MaskingPolicy:
    return _parse(connection.scalar(_STORED, {"name": FACT}))


@lru_cache(maxsize=8)
def _parse(stored: str | None) -> MaskingPolicy:
    if stored is None:
        return DEFAULT_POLICY
    said = json.loads(stored)
    return MaskingPolicy(
        kinds=frozenset({Kind.CARD, *(kind for kind in CHOICES if kind.value in said["kinds"])}),
        own_formats=tuple(said["own_formats"]),
    )


def make_policy(kinds: Collection[str], formats: str) -> MaskingPolicy:
    """The policy of these kinds and of formats typed one a line; RuleBroken for a bad format."""
    chosen = frozenset({Kind.CARD, *(kind for kind in CHOICES if kind.value in kinds)})
    return MaskingPolicy(kinds=chosen, own_formats=check_formats(formats))


def set_policy(actor: Actor, policy: MaskingPolicy) -> None:
    """Mask by this from now on; what was stored before stays as it is."""
    can_set_masking.require(actor)
    before = read_policy()
    said: dict[str, Any] = {
        "kinds": sorted(kind.value for kind in policy.kinds),
        "own_formats": list(policy.own_formats),
    }
    set_fact(FACT, json.dumps(said))
    session().info.pop(FACT, None)
    record(
        actor,
        "masking.set",
        "portal",
        None,
        **said,
        kinds_before=sorted(kind.value for kind in before.kinds),
        own_formats_before=list(before.own_formats),
    )
