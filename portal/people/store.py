"""The port through which the web glue finds out who is signed in."""

from contextlib import suppress

from sqlalchemy.exc import OperationalError

from portal.database import writing
from portal.people.queries import SignedIn, find_by_session
from portal.people.sign_in import close_session, is_alive, limits_of, touch_session
from portal.people.tokens import digest


class Sessions:
    """Signed-in sessions as rows; see :class:`portal.web.ports.SessionStore`."""

    def load(self, token: str, *, is_passive: bool = False) -> SignedIn | None:
        """The person behind a session that is still alive; notes its use once a minute."""
        id_hash = digest(token)
        found = find_by_session(id_hash)
        if found is None:
            return None
        person, times = found
        limits = limits_of(person.roles)
        if not is_alive(times.created_at, times.last_seen_at, times.expires_at, limits):
            self.close(token)
            return None
        if not is_passive:
            with suppress(OperationalError):  # a busy writer must not sign anybody out
                touch_session(id_hash, times.last_seen_at)
        return person

    def close(self, token: str) -> None:
        """End a session, in a unit of its own."""
        with writing():
            close_session(digest(token))
