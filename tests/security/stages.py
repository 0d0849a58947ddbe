"""A stage for every route that succeeds only with what the still world has not.

Each builds what its route needs (a code, a link, a seal, a rule, a letter that did not arrive)
and says who sends which form where.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pyotp
from flask import Flask
from sqlalchemy import select

from portal.actor import PROGRAM, Role
from portal.authors.models import AuthorMode, Seal
from portal.authors.opening import ask_to_open
from portal.authors.queries import persona_actor
from portal.database import reading, writing
from portal.ideas.confidential import submit_confidentially
from portal.jobs.models import OutboxTask
from portal.notifications.letters import write_ticket
from portal.notifications.models import Channel, Delivery, DeliveryState, Notice, NoticeClass
from portal.now import at, now
from portal.people import links, second_factor
from portal.people.models import Person
from portal.people.passwords import hash_password
from portal.rewards.vouchers import SIZES, hash_code, make_code, make_voucher
from portal.routing.models import RoutingRule
from portal.routing.room import MOST_UNDECIDED
from portal.routing.rules import Conditions
from portal.routing.ruling import Draft, add_rule, update_rule
from portal.triage.models import Sitting
from tests.factories.people import actor_of, make_person
from tests.factories.rewards import give_points
from tests.factories.triage import House, make_house, submit
from tests.support.client import Client

REASON = "The text threatens a colleague, the police asked for it."
PROBLEM = "Customers call because the reminder arrives after the payment."
PROPOSAL = "Hold the reminder back for three days. Then most have paid."
PASSWORD = "the meter hums at night"
RULES = "/admin/routing/rules"


@dataclass(frozen=True)
class Play:
    """Who sends which form where; ``fields`` are made anew for each try."""

    client: Client
    url: str
    fields: Callable[[], dict[str, Any]] = field(default=dict)


class Stage:
    """An otherwise empty portal with a house, an administrator, and browsers to sign people in."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with writing():
            self.house: House = make_house()
            self.administrator = make_person("Bram de Wit", role=Role.ADMINISTRATOR)

    def browser_of(self, person: Person | None = None) -> Client:
        """A browser of somebody; without a name, of the administrator."""
        return Client(self.app).sign_in(person or self.administrator)


def _failed_task(stage: Stage) -> int:
    with writing() as unit:
        task = OutboxTask(
            kind="test.letter",
            payload={},
            delivery_id="d-1",
            created_at=now(),
            run_at=now(),
            attempts=8,
            finished_at=now(),
            has_failed=True,
            last_error="ConnectionRefusedError",
        )
        unit.add(task)
        unit.flush()
        return task.id


def try_task_again(stage: Stage) -> Play:
    """A task that failed for good."""
    return Play(stage.browser_of(), f"/admin/jobs/{_failed_task(stage)}/again")


def give_up(stage: Stage) -> Play:
    """The same, left undone."""
    url = f"/admin/jobs/{_failed_task(stage)}/give-up"
    return Play(stage.browser_of(), url, lambda: {"reason": REASON})


def _sealed(stage: Stage) -> Seal:
    with writing():
        submit_confidentially(actor_of(stage.house.agent), problem=PROBLEM, proposal=PROPOSAL)
    with writing() as unit:
        return unit.scalars(select(Seal)).one()


def ask(stage: Stage) -> Play:
    """An idea handed in under seal."""
    url = f"/seals/ask/idea/{_sealed(stage).subject_id}"
    return Play(stage.browser_of(), url, lambda: {"reason": REASON})


def seal(answer: str, stage: Stage) -> Play:
    """A request to open it, and a person of trust."""
    sealed = _sealed(stage)
    with writing():
        asked = ask_to_open(actor_of(stage.administrator), "idea", sealed.subject_id, reason=REASON)
        guard = make_person("Ines Duarte", role=Role.PERSON_OF_TRUST)
    fields = {"reason": REASON, "answer": answer}
    return Play(stage.browser_of(guard), f"/seals/{asked.id}", lambda: fields)


def telling(stage: Stage) -> Play:
    """Nothing but somebody who chooses."""
    return Play(stage.browser_of(stage.house.agent), "/me/notices", lambda: {"rhythm": "weekly"})


def end_digests(stage: Stage) -> Play:
    """The ticket of a digest; nobody is signed in."""
    with stage.app.app_context():
        ticket = write_ticket(stage.house.agent.id)
    return Play(Client(stage.app), f"/no-digests/{ticket}")


def _lost_letter(stage: Stage) -> int:
    with writing() as unit:
        notice = Notice(
            person_id=stage.house.agent.id,
            notice_class=NoticeClass.OWED,
            kind="idea.accept",
            title="Billing said yes",
            subject_kind="idea",
            subject_number=1,
            key="a letter",
            created_at=now(),
        )
        unit.add(notice)
        unit.flush()
        delivery = Delivery(
            notice_id=notice.id,
            person_id=notice.person_id,
            channel=Channel.MAIL,
            state=DeliveryState.FAILED,
            due_at=now(),
            settled_at=now(),
            reason="554 no thanks",
        )
        unit.add(delivery)
        unit.flush()
        return delivery.id


def resend(stage: Stage) -> Play:
    """One's own letter that did not arrive."""
    url = f"/notifications/{_lost_letter(stage)}/resend"
    return Play(stage.browser_of(stage.house.agent), url)


def resend_any(stage: Stage) -> Play:
    """Somebody's letter that did not arrive."""
    return Play(stage.browser_of(), f"/admin/letters/{_lost_letter(stage)}/resend")


def code(stage: Stage) -> Play:
    """A password that was right, and the app of a second factor; a code works once."""
    agent, secret = stage.house.agent, str(stage.app.config["SECRET_KEY"])
    known = hash_password(PASSWORD)
    with at(now() - timedelta(minutes=10)):
        with writing() as unit:
            unit.merge(agent).password_hash = known
            second_factor.begin(actor_of(agent), secret)
        with writing():
            app = pyotp.TOTP(second_factor.get_secret(agent.id, secret))
            codes = second_factor.confirm(actor_of(agent), app.at(now()), secret)
    client = Client(stage.app)
    client.post("/sign-in", {"email": agent.email, "password": PASSWORD})
    return Play(client, "/sign-in/code", lambda: {"code": codes.pop()})


def make_administrator(app: Flask) -> Play:
    """The link that the first start prints, before there is anybody."""
    with writing():
        token = links.make_link(PROGRAM, None)
    typed = {"name": "Ada", "email": "ada@test.example", "password": PASSWORD}
    return Play(Client(app), f"/link/{token}/administrator", lambda: typed)


def second_factor_confirm(stage: Stage) -> Play:
    """A second factor that was begun, and the app's first code."""
    agent, secret = stage.house.agent, str(stage.app.config["SECRET_KEY"])
    with writing():
        second_factor.begin(actor_of(agent), secret)
    with writing():
        app = pyotp.TOTP(second_factor.get_secret(agent.id, secret))
    return Play(
        stage.browser_of(agent), "/me/second-factor/confirm", lambda: {"code": app.at(now())}
    )


def _draft(stage: Stage, *words: str) -> Draft:
    home = stage.house.billing.department.id
    return Draft("Refund words", home, Conditions(words=words))


def _typed(stage: Stage) -> dict[str, Any]:
    home = stage.house.billing.department.id
    typed = {"name": "Words of money", "department": home, "words": "refund", "words_mode": "any"}
    return {**typed, "kind": "", "severity": "", "version": "1"}


def _rule(stage: Stage) -> int:
    """A rule in its second version, above another one."""
    with writing():
        rule = add_rule(PROGRAM, _draft(stage, "refund"))
        add_rule(PROGRAM, _draft(stage, "meter"))
        return rule.id


def new_rule(stage: Stage) -> Play:
    """A rule as it is typed."""
    return Play(stage.browser_of(), f"{RULES}/new", partial(_typed, stage))


def edit_rule(stage: Stage) -> Play:
    """A rule that is there."""
    return Play(stage.browser_of(), f"{RULES}/{_rule(stage)}", partial(_typed, stage))


def move_rule(stage: Stage) -> Play:
    """A rule with one below it."""
    return Play(stage.browser_of(), f"{RULES}/{_rule(stage)}/move", lambda: {"way": "down"})


def switch_rule(way: str, stage: Stage) -> Play:
    """A rule that is on; to be switched on, it was switched off."""
    client, url = stage.browser_of(), f"{RULES}/{_rule(stage)}/switch"
    if way == "on":
        client.post(url, {"way": "off"})
    return Play(client, url, lambda: {"way": way})


def restore_rule(stage: Stage) -> Play:
    """A rule with a past."""
    rule_id = _rule(stage)
    with writing() as unit:
        rule = unit.get_one(RoutingRule, rule_id)
        update_rule(PROGRAM, rule, _draft(stage, "credit"), version=1)
    return Play(stage.browser_of(), f"{RULES}/{rule_id}/restore", lambda: {"way": "1"})


def set_router(stage: Stage) -> Play:
    """Nothing but an administrator who sets it."""
    fields = {"is_on": "y", "confidence_percent": "92"}
    return Play(stage.browser_of(), "/admin/routing/router", lambda: fields)


def try_out(stage: Stage) -> Play:
    """An idea on a desk, which its author tries out."""
    with writing():
        number = submit(stage.house.agent, stage.house.billing.reason).number
    fields = {
        "plan": "We read the new line out on the late shift.",
        "undo": "We stop reading it out.",
        "days": "5",
        "money": "0",
        "is_harmless": "y",
    }
    return Play(stage.browser_of(stage.house.agent), f"/ideas/I-{number}/try", lambda: fields)


def undo(stage: Stage) -> Play:
    """A yes that its head has just signed."""
    browser = stage.browser_of(stage.house.billing.head)
    with writing():
        number = submit(stage.house.agent, stage.house.billing.reason).number
    browser.post(f"/triage/I-{number}/accept", {"sentence": REASON})
    return Play(browser, f"/triage/I-{number}/undo")


def _sitting(stage: Stage) -> tuple[Client, int, int]:
    """The head's browser in a sitting over one idea, with the keys of both."""
    browser = stage.browser_of(stage.house.billing.head)
    with writing():
        number = submit(stage.house.agent, stage.house.billing.reason).number
    browser.post("/triage/sitting")
    with reading() as unit:
        return browser, number, unit.scalars(select(Sitting.id)).one()


def skip(stage: Stage) -> Play:
    """The idea that is open in a sitting."""
    browser, number, _sitting_id = _sitting(stage)
    return Play(browser, "/triage/sitting/next", lambda: {"idea": str(number)})


def end_sitting(stage: Stage) -> Play:
    """A sitting that goes on."""
    browser, _number, sitting_id = _sitting(stage)
    return Play(browser, f"/triage/sitting/{sitting_id}/end")


def take_back(stage: Stage) -> Play:
    """A head whose desk was full when one more came."""
    with writing():
        for _ in range(MOST_UNDECIDED + 1):
            number = submit(stage.house.agent, stage.house.billing.reason).number
    return Play(stage.browser_of(stage.house.billing.head), f"/triage/I-{number}/take-back")


def take_out(stage: Stage) -> Play:
    """A sealed idea that has earned points."""
    persona_id, size = _sealed(stage).persona_id, min(SIZES)
    with writing() as unit:
        give_points(unit.get_one(Person, persona_id), size)
    url = f"/rewards/vouchers/{persona_id}"
    return Play(stage.browser_of(stage.house.agent), url, lambda: {"points": str(size)})


def voucher(stage: Stage) -> Play:
    """A voucher that somebody made of what a sealed idea had earned."""
    persona_id, size, code = _sealed(stage).persona_id, min(SIZES), make_code("secret", "key")
    with writing() as unit:
        give_points(unit.get_one(Person, persona_id), size)
        author = persona_actor(persona_id, AuthorMode.CONFIDENTIAL)
        make_voucher(author, size, hash_code(code))
    browser = stage.browser_of(stage.house.colleague)
    return Play(browser, "/rewards/vouchers", lambda: {"code": code})


STAGES: dict[str, Callable[[Stage], Play]] = {
    "admin.give_up": give_up,
    "admin.try_task_again": try_task_again,
    "authors.ask": ask,
    "authors.seal": partial(seal, "agree"),
    "authors.seal refused": partial(seal, "refuse"),
    "notifications.end_digests": end_digests,
    "notifications.resend": resend,
    "notifications.resend_any": resend_any,
    "notifications.telling": telling,
    "people.code": code,
    "people.second_factor_confirm": second_factor_confirm,
    "rewards.take_out": take_out,
    "rewards.voucher": voucher,
    "routing.edit_rule": edit_rule,
    "routing.move_rule": move_rule,
    "routing.new_rule": new_rule,
    "routing.restore_rule": restore_rule,
    "routing.set_router": set_router,
    "routing.switch_rule": partial(switch_rule, "off"),
    "routing.switch_rule on": partial(switch_rule, "on"),
    "triage.take_back": take_back,
    "triage.try_out": try_out,
    "triage.end": end_sitting,
    "triage.skip": skip,
    "triage.undo": undo,
}
"""By endpoint; the second word tells two ways of one route apart."""

ALONE = {"people.make_administrator"}
"""Has an empty portal for its stage."""
LATER = {"anonymous.idea", "anonymous.insight", "anonymous.say"}
"""What knows nobody is in the log when it is published, by the day, and not when it is sent."""
ELSEWHERE = {name.partition(" ")[0] for name in STAGES} | ALONE | LATER
"""Every route whose proof the still world cannot give."""
