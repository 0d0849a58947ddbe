"""Forms that carry a key: what arrives twice is done once.

The key is the form's ``nonce``.  It is taken in the unit that does what the form says, so it is
undone with it.  What comes with a key that is taken waits until the first is done, and then:

- the same again is led to what the first one made, by the service that knows the key;
- something else under the same key is refused, 422, and may be sent as a new form;
- where the first is not done within the database's patience, the answer is 409 with
  ``Retry-After``: to send again later is safe.

Kept are the hashes of key and content under the portal's secret, and no person: a row must not
tell who sent the form of a confidential idea.  A draft takes no key, for it is written again
and again; nor do forms that know nobody, whose key goes another way.
"""

import hashlib
import hmac

from flask import current_app, g, request

from portal.database import was_kept_waiting
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.web.access import ports

KEY = "nonce"
_NOT_CONTENT = frozenset({KEY, "csrf_token"})
_CHUNK = 65536
RETRY_SECONDS = 1


class SentDifferently(RuleBroken):
    """The form's key was used for something else."""

    def __init__(self, key: str) -> None:
        super().__init__(
            _(
                "This form was sent before, with something else in it (key %(key)s). What it said "
                "then is done. Send again to hand this in as a new one.",
                key=key,
            )
        )


class Key:
    """The key of the form that this request brings, to be taken once by the unit that acts."""

    def __init__(self, person_id: int) -> None:
        self.shown = request.form[KEY][:36]
        self.hash = _start(f"{person_id} {request.form[KEY]}").hexdigest()
        self.body_hash = _hash_content()
        self.is_taken = False

    def take(self) -> bool:
        """Within the unit that is open: whether this form arrives for the first time.

        Raises
        ------
        SentDifferently
            If the key was used with something else in the form.
        """
        before = ports().arrivals.claim(self.hash, self.body_hash)
        self.is_taken = True
        if before not in {None, self.body_hash}:
            raise SentDifferently(self.shown)
        return before is None


def find_key(person_id: int) -> Key | None:
    """The key of this request's form, if it has one that counts; before any unit."""
    if not request.form.get(KEY) or request.form.get("action") == "draft":
        return None
    key = g.form_key = Key(person_id)
    return key


def may_be_in_flight(error: Exception) -> bool:
    """Whether this form may have waited in vain for its twin, which is not done yet."""
    key: Key | None = g.get("form_key")
    return key is not None and not key.is_taken and was_kept_waiting(error)


def _start(said: str) -> "hmac.HMAC":
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"form {said}".encode(), hashlib.sha256)


def _hash_content() -> str:
    """Where the form goes and everything it holds, files too."""
    digest = _start(f"{request.method} {request.path}")
    for name, values in sorted(request.form.lists()):
        if name not in _NOT_CONTENT:
            digest.update(repr((name, values)).encode())
    for name, files in sorted(request.files.lists()):
        for file in files:
            digest.update(repr((name, file.filename)).encode())
            while chunk := file.stream.read(_CHUNK):
                digest.update(chunk)
            file.stream.seek(0)
    return digest.hexdigest()
