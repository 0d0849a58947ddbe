"""What is counted of a request, and what the audit log keeps of one that changes nothing."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from flask import Flask, Response, request
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from portal.database import after_commit, start_units_with
from portal.web.access import SAFE, Declaration, actor, current_declaration, ports, reader
from portal.web.arrivals import Key, find_key
from portal.web.ports import Limits
from portal.web.rates import LIMITS, Rate, TooMany


def init_watching(app: Flask) -> None:
    """Count every request that has got past the check of access, and keep what it took away."""
    app.before_request(count)
    app.after_request(note_export)
    app.teardown_request(lambda _error: stop_counting())


def count() -> None:
    """Have what is done counted in the unit that does it; what writes nothing, at once."""
    says = current_declaration()
    if says is None or says.is_public:
        return
    limits = ports().limits
    if _is_export(says):
        _refuse_too_many(limits.count_alone, reader().id, Rate.EXPORT)
    elif says.rate is Rate.PREVIEW:
        _refuse_too_many(limits.count_alone, reader().id, Rate.PREVIEW)
    elif says.rate is not None and request.method not in SAFE:
        key = find_key(reader().id) if says.takes_key else None
        if key is not None or says.rate in LIMITS:
            start_units_with(partial(_begin, limits, reader().id, says.rate, key))


def _is_export(says: Declaration) -> bool:
    """Whether this request fetches a file that the audit log keeps."""
    rule = request.url_rule
    return bool(says.audit and rule is not None and (rule.methods or set()) <= SAFE)


def _begin(limits: Limits, person_id: int, rate: Rate, key: Key | None) -> None:
    """At the start of the unit: a form is taken once, and what it does is counted once."""
    is_first = key is None or key.take()
    if is_first and rate in LIMITS:
        _refuse_too_many(limits.count, person_id, rate)
    after_commit(stop_counting)


def _refuse_too_many(
    counting: Callable[[int, str, int], int | None], person_id: int, rate: Rate
) -> None:
    most = LIMITS[rate]
    seconds = counting(person_id, rate.value, most)
    if seconds is not None:
        raise TooMany(most, seconds)


def stop_counting() -> None:
    """What else this request writes is not counted."""
    start_units_with(None)


def note_denied() -> None:
    """Have the audit log keep that this request was refused to somebody who is known."""
    stop_counting()
    if request.endpoint and current_user.is_authenticated:
        with suppress(OperationalError):  # a busy writer must not turn a refusal into a fault
            ports().journal.note_denied(actor(), request.endpoint, request.method)


def note_export(response: Response) -> Response:
    """Have the audit log keep that a file was handed out."""
    says = current_declaration()
    if says and says.audit and _is_export(says) and response.status_code == 200:
        ports().journal.note_export(actor(), says.audit[0])
    return response
