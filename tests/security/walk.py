"""Knocking at every door of the world as everybody; whatever happens is undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.actor import Actor, Capability
from portal.attachments.storage import Storage
from portal.audit.models import AuditRow
from portal.database import active, release
from portal.now import today
from portal.people.store import Sessions
from portal.web.access import list_routes
from tests.factories.files import picture
from tests.security.world import World
from tests.support.client import ORIGIN

SENTENCE = "A plain sentence that says enough to be taken."
NOBODY = Actor(id=None, name="")
AWAY = {"from_on": "{in_2_days}", "until_on": "{in_9_days}"}
DAYS_OFF = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20200101\r\nRRULE:FREQ=YEARLY\r\n"
    b"SUMMARY:New Year\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
_AHEAD = (0, 2, 9, 40, 50)
HOURS = {"time_zone": "Europe/Berlin", "days": "1", "opens": "09:00", "closes": "17:00"}
WORDS = {"sentence": SENTENCE}


def _days() -> dict[str, str]:
    """The days that a form can name, as seen from today."""
    return {f"in_{days}_days": str(today() + timedelta(days=days)) for days in _AHEAD}


FORMS: dict[str, dict[str, Any]] = {
    "admin.erase": {"reason": SENTENCE, "address": "{leader_email}"},
    "delivery.commit": {
        "person_id": "{colleague_id}",
        "due_on": "{in_40_days}",
        "definition_of_done": SENTENCE,
        "track": "quick",
    },
    "delivery.confirm": {"sees_it": "yes"},
    "delivery.implement": {
        "go_live_on": "{in_0_days}",
        "what_changes": SENTENCE,
        "evidence": SENTENCE,
    },
    "delivery.progress": WORDS,
    "contributions.ask": {"department": "{other_department_id}", "task": SENTENCE},
    "contributions.part": {"words": SENTENCE},
    "delivery.change_date": {"due_on": "{in_50_days}", "reason": SENTENCE},
    "delivery.stop": WORDS,
    "delivery.close": WORDS,
    "delivery.roll_back": WORDS,
    "demand.new_reason": {
        "key": "late",
        "name": "Late",
        "parent": "0",
        "owner": "{department_id}",
        "avoidable_cost": "4",
        "full_cost": "8",
    },
    "demand.edit_reason": {"name": "Other", "owner": "{department_id}", "is_active": "y"},
    "demand.set_cost": {"avoidable_cost": "4", "full_cost": "8"},
    "ideas.new": {"problem": SENTENCE, "proposal": SENTENCE, "action": "submit"},
    "ideas.edit": {"problem": SENTENCE, "proposal": SENTENCE, "action": "draft"},
    "ideas.support": {"occurred_on": "{in_0_days}", "example": SENTENCE},
    "ideas.comment": {"body": SENTENCE},
    "ideas.withdraw": WORDS,
    "impact.validate": {
        "outcome": "returned",
        "sentence": SENTENCE,
        "evidence": SENTENCE,
        "analysis": "{analysis_id}",
    },
    "impact.claim": {
        "claim-kind": "soft",
        "claim-label": SENTENCE,
        "claim-evidence": SENTENCE,
        "claim-share_percent": "50",
    },
    "insights.new": {"text": SENTENCE, "demand_type": "failure"},
    "metrics.record": {"period_start": "2026-01-05", "numerator": "9", "denominator": "1000"},
    "metrics.new": {
        "name": "Calls",
        "key": "calls",
        "numerator_name": "calls",
        "denominator_name": "customers",
        "per": "1000",
        "unit": "per 1,000",
        "decimals": "1",
        "direction": "lower",
        "perspective": "operations",
        "department": "{department_id}",
        "reason": "0",
    },
    "people.make_administrator": {
        "name": "Ada",
        "email": "ada@test.example",
        "password": "{password}",
    },
    "people.password": {"current_password": "{password}", "password": "nineteen dry umbrellas"},
    "clocks.new_calendar": {"key": "north", **HOURS},
    "clocks.calendar": HOURS,
    "clocks.give": {"department": "{department_id}"},
    "people.own_absences": AWAY,
    "people.absences_of": AWAY,
    "people.prove": {"proof_password": "{password}"},
    "people.make_link": {"purpose": "invite"},
    "people.give_role": {"role": "leader", "department": ""},
    "authors.ask": {"reason": SENTENCE},
    "authors.seal": {"reason": SENTENCE, "answer": "agree"},
    "authors.modes": {"modes": "named"},
    "admin.mask_settings": {"kinds": "phone", "own_formats": "KD-########"},
    "anonymous.waiting": {"hour": "4", "channel": "https://speak.example"},
    "anonymous.follow_up": {"phrase": "nobody has ever said this before"},
    "routing.set_router": {},
    "triage.appeal": {"reason": SENTENCE, "sentence": SENTENCE},
    "triage.try_out": WORDS,
    "triage.merge": WORDS,
    "triage.unmerge": WORDS,
    "triage.together": {
        "step": "ask",
        "idea": ["{triage}"],
        "all-question": SENTENCE,
    },
    "triage.skip": {"idea": "1"},
    "triage.views": {"name": "Mine and late", "views": ["mine", "overdue"]},
    "triage.rename_view": {"name": "Late and mine"},
    "triage.score": {"effort": "days", "confidence": "sure"},
    "triage.private_notes": {"body": SENTENCE},
    "triage.own_desk": {"hours": "4"},
    "triage.set_rule": {"is_blind": "y"},
    "triage.rate": {"rating": "useful", "is_useful": "yes"},
    "people.sign_in": {"email": "{leader_email}", "password": "{password}"},
    "rewards.redeem": {"nonce": "6f1c9d0e-9d57-4a53-8a43-2f1f3a0b7c11"},
    "triage.answer": {"answer": SENTENCE},
    "triage.act accept": WORDS,
    "triage.act ask": {"question": SENTENCE},
    "triage.act decline": {**WORDS, "reason_code": "cost", "would_change": SENTENCE},
    "triage.act transfer": {"to": "{other_department_id}", "reason": SENTENCE},
    "triage.act return": {"reason": SENTENCE},
}
"""What a form is sent with, so that whoever may do it succeeds."""


@dataclass(frozen=True)
class Seen:
    """What came back, and what the audit log would have kept of it."""

    status: int
    location: str | None
    body: str
    tags: frozenset[str] = field(default_factory=frozenset)

    @property
    def cell(self) -> str:
        """As the matrix writes it: the status, or ``in`` for whoever is asked to sign in."""
        to_sign_in = self.status == 303 and (self.location or "").startswith("/sign-in?")
        return "in" if to_sign_in or self.status == 401 else str(self.status)


def text_of(answer: TestResponse) -> str:
    """What the answer says; of a picture, whatever can be read."""
    return answer.data.decode(errors="replace")


@dataclass
class Walker:
    """Knocks as one of the subjects; between two knocks nothing has happened."""

    app: Flask
    world: World
    tags: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.needs = {one.endpoint: one.says.capability for one in list_routes(self.app)}

    @contextmanager
    def undoing(self) -> Iterator[None]:
        """Every unit runs to its last check and is then undone; bytes that it drops stay."""
        with (
            patch.object(Session, "commit", lambda session: self._undo(session)),
            patch.object(Storage, "remove", lambda _storage, _keys: None),
        ):
            yield

    def _undo(self, session: Session) -> None:
        session.flush()
        if not active().is_sqlite:
            session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        before = self.world.audit_seq
        self.tags |= set(session.scalars(select(AuditRow.action).where(AuditRow.seq > before)))
        session.expunge_all()
        session.rollback()

    def knock(self, who: str, method: str, address: str) -> Seen:
        """Open the door, with the form that belongs to it; ``{words}`` name things."""
        url = address.format(**self.world.words)
        self.tags.clear()
        answer = self.get(who, url) if method == "GET" else self.post(who, url)
        return Seen(answer.status_code, answer.location, text_of(answer), frozenset(self.tags))

    def get(self, who: str, url: str) -> TestResponse:
        """Open an address."""
        return self._browser(who).get(url, base_url=ORIGIN, buffered=True)

    def post(self, who: str, url: str, more: dict[str, Any] | None = None) -> TestResponse:
        """Send what the form at this address is sent with, and ``more``."""
        headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        data = {"csrf_token": self.world.tokens[who], **self.form_of(url), **(more or {})}
        return self._browser(who).post(url, data=data, headers=headers, base_url=ORIGIN)

    def _browser(self, who: str) -> Any:
        browser = self.app.test_client()
        for name, value in self.world.cookies[who].items():
            browser.set_cookie(name, value, domain="127.0.0.1")
        return browser

    def actor(self, who: str) -> Actor:
        """Whom somebody's session stands for."""
        token = self.world.cookies[who].get("sid", "")
        reader = Sessions().load(token.removeprefix("s.")) if token.startswith("s.") else None
        release()
        return reader.actor if reader else NOBODY

    def need_of(self, method: str, address: str) -> Capability | None:
        """What a door needed when the world was made."""
        url = address.format(**self.world.words)
        return self.needs[self.endpoint_of(method, url)[0]]

    def endpoint_of(self, method: str, url: str) -> tuple[str, dict[str, Any]]:
        """The view behind an address, and the values in it."""
        adapter = self.app.url_map.bind("127.0.0.1")
        return adapter.match(urlsplit(url).path, method=method)

    def form_of(self, url: str) -> dict[str, Any]:
        """The form that is sent to an address."""
        endpoint, values = self.endpoint_of("POST", url)
        if endpoint.endswith(".attach"):
            return {"files": (BytesIO(picture(size=(20, 10))), "picture.png")}
        if endpoint == "clocks.read_file":
            return {"file": (BytesIO(DAYS_OFF), "days.ics")}
        if endpoint.endswith(".redact_file"):
            return {"reason": SENTENCE}
        step = f"{endpoint} {values['step']}" if "step" in values else endpoint
        fields = FORMS.get(step, {})
        return {name: self._said(value) for name, value in fields.items()}

    def _said(self, value: str | list[str]) -> str | list[str]:
        words = self.world.words | _days()
        return (
            [one.format(**words) for one in value]
            if isinstance(value, list)
            else value.format(**words)
        )
