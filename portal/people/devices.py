"""The cookie by which a browser is known as one that a person has signed in from.

It opens nothing.  It only spares them the brakes that somebody else may have set off, so
that nobody can lock a colleague out by guessing.  It holds a random name and a day, signed
together with the person's id, which is not in it.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from portal.now import today
from portal.people.tokens import digest

LIFE = timedelta(days=180)


def make_device(secret: str, person_id: int) -> str:
    """A cookie for a browser this person has just signed in from."""
    name, day = secrets.token_urlsafe(16), str(today().toordinal())
    return f"{name}.{day}.{_signature(secret, person_id, name, day)}"


def find_device(secret: str, person_id: int | None, cookie: str | None) -> bytes | None:
    """The key under which this person's known device is braked, or None for any other."""
    name, _, rest = (cookie or "").partition(".")
    day, _, signature = rest.partition(".")
    expected = _signature(secret, person_id or 0, name, day)
    if not hmac.compare_digest(expected.encode(), signature.encode()) or person_id is None:
        return None
    if not 0 <= today().toordinal() - int(day) <= LIFE.days:
        return None
    return digest(f"device:{person_id}:{name}")


def _signature(secret: str, person_id: int, name: str, day: str) -> str:
    text = f"device:{person_id}:{name}:{day}".encode()
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
