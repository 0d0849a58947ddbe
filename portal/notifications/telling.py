"""What the worker does about a notice: plan its letter, write it, hand it over, note it.

Planning and noting are short units; writing and handing over happen outside any.  Everything is
safe to repeat: a letter that was sent is not sent again, and one that a dying worker sent without
noting it goes out again under the same Message-ID.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update

from portal.clocks.queries import get_calendar
from portal.database import insert_ignoring, reading, session, writing
from portal.jobs.services import enqueue
from portal.notifications import post, queries, services
from portal.notifications.letters import write_digest, write_letter
from portal.notifications.models import Channel, Delivery, DeliveryState, NoticeClass, Rhythm
from portal.notifications.post import MailRefused
from portal.notifications.timing import end_of_quiet, next_digest
from portal.now import house_zone, now

DIGEST = "mail.digest"
IN_A_UNIT = 50


def plan(notice_ids: Sequence[int]) -> None:
    """Decide when and how each notice goes by mail, by what its person wants."""
    for start in range(0, len(notice_ids), IN_A_UNIT):
        with writing():
            moment = now()
            for row in queries.list_to_tell(notice_ids[start : start + IN_A_UNIT]):
                if row.state in {None, DeliveryState.WAITING}:
                    _plan_one(row, moment)


def _plan_one(row: Any, moment: datetime) -> None:
    rhythm = row.rhythm or Rhythm.DAILY
    is_digest = row.notice_class is NoticeClass.INFORMATION and rhythm is not Rhythm.AT_ONCE
    values: dict[str, Any] = {
        "person_id": row.person_id,
        "is_digest": is_digest,
        "due_at": moment,
        "settled_at": None,
        "reason": None,
    }
    if row.refused_address == row.email:
        values |= {"state": DeliveryState.FAILED, "settled_at": moment, "address": row.email}
        values["reason"] = "the address takes no mail"
    elif is_digest and rhythm is Rhythm.PORTAL:
        values |= {"state": DeliveryState.MUTED, "settled_at": moment}
    elif is_digest:
        values |= {"state": DeliveryState.WAITING, "due_at": _digest_at(row, rhythm, moment)}
    else:
        zone = _zone(row)
        due_at = end_of_quiet(moment, zone, row.quiet_from, row.quiet_until)
        values |= {"state": DeliveryState.QUEUED, "due_at": due_at}
    _keep_plan(row, values)


def _zone(row: Any) -> ZoneInfo:
    return ZoneInfo(row.time_zone) if row.time_zone else house_zone()


def _digest_at(row: Any, rhythm: Rhythm, moment: datetime) -> datetime:
    calendar = get_calendar(row.home_department_id)
    return next_digest(
        moment, _zone(row), rhythm, is_working_day=calendar.is_business_day, hour=row.quiet_until
    )


def _keep_plan(row: Any, values: dict[str, Any]) -> None:
    if row.state is None:
        insert = insert_ignoring(Delivery, ["notice_id", "channel"]).values(
            notice_id=row.id, channel=Channel.MAIL, copy=1, **values
        )
        delivery_id = session().scalar(insert.returning(Delivery.id))
    else:
        change = update(Delivery).where(
            Delivery.notice_id == row.id, Delivery.state == DeliveryState.WAITING
        )
        delivery_id = session().scalar(change.values(**values).returning(Delivery.id))
    if delivery_id is None:
        return
    due_at = values["due_at"]
    if values["state"] is DeliveryState.QUEUED:
        enqueue(services.LETTER, {"delivery": delivery_id, "copy": 1}, run_at=due_at)
    elif values["state"] is DeliveryState.WAITING:
        payload = {"person": row.person_id, "until": due_at.isoformat()}
        key = f"{DIGEST}:{row.person_id}:{due_at:%Y%m%dT%H%M}"
        enqueue(DIGEST, payload, key=key, run_at=due_at)


def send_letter(delivery_id: int, copy: int) -> None:
    """Send the letter about one notice, unless that was done or is no longer wanted.

    Raises
    ------
    MailAway
        When the server does not take it now; the task is tried again.
    """
    with reading():
        row = queries.find_letter(delivery_id)
    if row is None or row.state is not DeliveryState.QUEUED or row.copy != copy:
        return
    moment = now()
    if not row.is_active or row.refused_address == row.email:
        reason = "the address takes no mail" if row.is_active else "the account is closed"
        with writing():
            services.settle(
                [row.id], DeliveryState.FAILED, at=moment, address=row.email, reason=reason
            )
        return
    _hand_over([row], lambda: write_letter(row, moment), moment)


def send_digest(person_id: int, until: datetime) -> None:
    """Send a person's digest of a moment: what was waiting for it and has not been read."""
    with reading():
        rows = queries.list_digest(person_id, until)
        waiting = queries.list_waiting_on(person_id)
    read = [row.id for row in rows if row.read_at is not None]
    news = [row for row in rows if row.read_at is None]
    moment = now()
    if read:
        with writing():
            services.settle(read, DeliveryState.READ, at=moment)
    if not news:
        return
    if not news[0].is_active or news[0].refused_address == news[0].email:
        with writing():
            services.settle(
                [row.id for row in news],
                DeliveryState.FAILED,
                at=moment,
                address=news[0].email,
                reason="the address takes no mail",
            )
        return
    _hand_over(news, lambda: write_digest(news, waiting, moment), moment)


def _hand_over(rows: Sequence[Any], write: Any, moment: datetime) -> None:
    ids, person = [row.id for row in rows], rows[0]
    try:
        post.send(write())
    except MailRefused as error:
        state = DeliveryState.BOUNCED if error.is_address else DeliveryState.FAILED
        with writing():
            services.settle(ids, state, at=moment, address=person.email, reason=error.reason)
            if error.is_address:
                services.refuse_address(person.person_id, person.email, error.reason)
        return
    with writing():
        services.settle(ids, DeliveryState.SENT, at=moment, address=person.email)
