"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes.

The secret shared with the app is sealed with a key derived from the portal's own (HKDF-SHA256,
AES-256-GCM, bound to the person); a recovery code is 80 random bits, of which a hash is kept.
A code works once: the step it belongs to is stored, and no step up to it works again.
"""

import hmac
import logging
import os
import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import pyotp
import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import bindparam, delete, func, insert, select, update

from portal.actor import Actor
from portal.audit.services import record
from portal.database import session, writing
from portal.errors import Conflict, NotFound, PortalError
from portal.i18n import gettext as _
from portal.now import now
from portal.people import throttle
from portal.people.models import RecoveryCode, SecondFactor
from portal.people.tokens import digest

PERIOD_SECONDS = 30
TOLERATED_STEPS = 1
"""A clock may be one step off, before or after."""
RECOVERY_CODES = 10
_NONCE_BYTES = 12

_log = logging.getLogger(__name__)


class WrongCode(PortalError):
    """The code is not the one of this half minute, was used, or is no recovery code."""

    def __init__(self) -> None:
        super().__init__(_("This code does not fit. Wait for the next one, then try that."))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a person's second factor is set up; ``codes_left`` are recovery codes."""

    is_begun: bool
    confirmed_at: datetime | None
    codes_left: int

    @property
    def is_on(self) -> bool:
        """Whether codes are asked for."""
        return self.confirmed_at is not None


_STANDING = select(
    SecondFactor.confirmed_at,
    select(func.count())
    .select_from(RecoveryCode)
    .where(RecoveryCode.person_id == bindparam("person_id"), RecoveryCode.used_at.is_(None))
    .scalar_subquery(),
).where(SecondFactor.person_id == bindparam("person_id"))


def get_standing(person_id: int) -> Standing:
    """How far a person's second factor is set up."""
    row = session().execute(_STANDING, {"person_id": person_id}).one_or_none()
    return Standing(False, None, 0) if row is None else Standing(True, row[0], row[1])


def _cipher(key: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factor")
    return AESGCM(derived.derive(key.encode()))


def _seal(key: str, person_id: int, secret: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(key).encrypt(nonce, secret.encode(), str(person_id).encode())


def _unseal(key: str, factor: SecondFactor) -> str:
    sealed = factor.sealed_secret
    about = str(factor.person_id).encode()
    return _cipher(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about).decode()


def begin(actor: Actor, key: str) -> None:
    """Make a secret for the actor's app; it counts for nothing until a code has confirmed it.

    Raises
    ------
    Conflict
        If a second factor is on already.
    """
    assert actor.id is not None
    if get_standing(actor.id).is_on:
        raise Conflict(_("Your second factor is on already."))
    sealed = _seal(key, actor.id, pyotp.random_base32())
    session().merge(SecondFactor(person_id=actor.id, sealed_secret=sealed, last_step=0))
    record(actor, "second_factor.begun", "person", actor.id)


def get_secret(person_id: int, key: str) -> str:
    """The secret to type into an app, while it is not confirmed.

    Raises
    ------
    NotFound
        If none was begun, or it is on: then nobody sees it again.
    """
    factor = session().get(SecondFactor, person_id)
    if factor is None or factor.confirmed_at is not None:
        raise NotFound(_("There is nothing to set up just now. Begin again."))
    return _unseal(key, factor)


def draw_secret(secret: str, *, account: str, site: str) -> bytes:
    """The secret as a QR code that apps read: an SVG, dark on white whatever the theme."""
    address = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=site)
    drawn = BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=5, border=4, light="#fff")
    return drawn.getvalue()


def check_code(person_id: int, code: str, key: str) -> None:
    """Take a code of the app, or a recovery code, for the one time it works.

    Raises
    ------
    TooManyAttempts
        After five wrong ones within an hour.
    WrongCode
        Also for one that was used.
    """
    attempt = throttle.count_code(person_id)
    with writing() as unit:
        factor = unit.get(SecondFactor, person_id)
        is_right = (
            factor is not None
            and factor.confirmed_at is not None
            and (_take_step(factor, code, key) or _take_recovery_code(person_id, code))
        )
        if is_right:
            throttle.forgive(unit, attempt, throttle.code_key(person_id))
    if not is_right:
        raise WrongCode


def _take_step(factor: SecondFactor, code: str, key: str) -> bool:
    """Use up the step that this code belongs to; of two who try at once, one succeeds."""
    typed = "".join(code.split())
    here = int(now().timestamp()) // PERIOD_SECONDS
    try:
        secret = pyotp.TOTP(_unseal(key, factor))
    except InvalidTag:
        _log.error("a second factor was sealed with another PORTAL_SECRET_KEY")
        return False
    for step in range(here - TOLERATED_STEPS, here + TOLERATED_STEPS + 1):
        expected = secret.at(step * PERIOD_SECONDS)
        if hmac.compare_digest(expected.encode(), typed.encode()):
            used = session().scalar(
                update(SecondFactor)
                .where(SecondFactor.person_id == factor.person_id, SecondFactor.last_step < step)
                .values(last_step=step)
                .returning(SecondFactor.person_id)
            )
            return used is not None
    return False


def _recovery_hash(person_id: int, code: str) -> bytes:
    letters = "".join(character for character in code.upper() if character.isalnum())
    return digest(f"recovery:{person_id}:{letters}")


def _take_recovery_code(person_id: int, code: str) -> bool:
    used = session().scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.code_hash == _recovery_hash(person_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.person_id)
    )
    if used is None:
        return False
    record(Actor(id=person_id, name=""), "recovery_code.used", "person", person_id)
    return True


def confirm(actor: Actor, code: str, key: str) -> list[str]:
    """Turn the second factor on with a first code of the app; the recovery codes, shown once.

    Raises
    ------
    NotFound
        If there is nothing to confirm.
    WrongCode
        If the app and we do not agree yet.
    """
    assert actor.id is not None
    get_secret(actor.id, key)
    factor = session().get_one(SecondFactor, actor.id)
    if not _take_step(factor, code, key):
        raise WrongCode
    factor.confirmed_at = now()
    record(actor, "second_factor.confirmed", "person", actor.id)
    return renew_recovery_codes(actor)


def renew_recovery_codes(actor: Actor) -> list[str]:
    """Ten new recovery codes, shown once; the older ones stop working."""
    assert actor.id is not None
    codes = [_new_code() for _each in range(RECOVERY_CODES)]
    session().execute(delete(RecoveryCode).where(RecoveryCode.person_id == actor.id))
    session().execute(
        insert(RecoveryCode),
        [{"code_hash": _recovery_hash(actor.id, one), "person_id": actor.id} for one in codes],
    )
    record(actor, "recovery_code.renewed", "person", actor.id, count=len(codes))
    return codes


def _new_code() -> str:
    letters = b32encode(secrets.token_bytes(10)).decode()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def turn_off(actor: Actor, person_id: int) -> None:
    """Forget a person's secret and recovery codes."""
    for table in (RecoveryCode, SecondFactor):
        session().execute(delete(table).where(table.person_id == person_id))
    record(actor, "second_factor.removed", "person", person_id)
