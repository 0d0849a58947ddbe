"""What one key does on the bench: its form, what it runs, and what is said afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from portal.actor import Actor
from portal.i18n import gettext as _
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.people.queries import get_department
from portal.routing.queries import get_open_transfer
from portal.routing.services import answer_transfer, transfer_idea
from portal.triage import forms, putting_off, services, trying
from portal.triage.models import DecisionKind
from portal.triage.signing import ON_THE_DESK
from portal.triage.undoing import sign_undoably
from portal.web.forms import text_of


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``kind`` names the decision it signs, if it signs one, and ``states`` where."""

    form: type[forms.StepForm]
    run: Callable[[Actor, Idea, Any], object]
    done: str
    kind: DecisionKind | None = None
    states: frozenset[State] = ON_THE_DESK


def _accept(actor: Actor, idea: Idea, form: forms.AcceptForm) -> None:
    services.accept_idea(actor, idea, sentence=text_of(form.sentence), version=form.seen_version)


def _ask(actor: Actor, idea: Idea, form: forms.AskForm) -> None:
    services.ask_author(actor, idea, question=text_of(form.question), version=form.seen_version)


def _decline(actor: Actor, idea: Idea, form: forms.DeclineForm) -> None:
    services.decline_idea(
        actor,
        idea,
        reason_code=form.reason_code.data or "",
        sentence=text_of(form.sentence),
        would_change=text_of(form.would_change),
        version=form.seen_version,
    )


def _defer(actor: Actor, idea: Idea, form: forms.DeferForm) -> None:
    putting_off.defer_idea(
        actor,
        idea,
        sentence=text_of(form.sentence),
        review_on=form.day,
        version=form.seen_version,
    )


def _accept_cost(actor: Actor, idea: Idea, form: forms.CostForm) -> None:
    putting_off.accept_cost(
        actor,
        idea,
        sentence=text_of(form.sentence),
        alternative=text_of(form.alternative),
        review_on=form.day,
        version=form.seen_version,
    )


def _point_out(actor: Actor, idea: Idea, form: forms.PointOutForm) -> None:
    services.point_out(
        actor,
        idea,
        sentence=text_of(form.sentence),
        number=form.idea_number,
        place=text_of(form.place),
        version=form.seen_version,
    )


def _test(actor: Actor, idea: Idea, form: forms.TestingForm) -> None:
    trying.begin_test(
        actor,
        idea,
        sentence=text_of(form.sentence),
        scope=text_of(form.scope),
        stop_rule=text_of(form.stop_rule),
        days=form.days.data or 0,
        version=form.seen_version,
    )


def _stop(actor: Actor, idea: Idea, form: forms.SentenceForm) -> None:
    trying.stop_test(actor, idea, sentence=text_of(form.sentence), version=form.seen_version)


def _veto(actor: Actor, idea: Idea, form: forms.SentenceForm) -> None:
    trying.veto(actor, idea, sentence=text_of(form.sentence), version=form.seen_version)


def _transfer(actor: Actor, idea: Idea, form: forms.TransferForm) -> None:
    to = get_department(form.to.data or 0)
    transfer_idea(actor, idea, to=to, reason=text_of(form.reason))


def _take(actor: Actor, idea: Idea, _form: forms.TakeForm) -> None:
    answer_transfer(actor, get_open_transfer(idea.id), accept=True)


def _return(actor: Actor, idea: Idea, form: forms.ReturnForm) -> None:
    transfer = get_open_transfer(idea.id)
    answer_transfer(actor, transfer, accept=False, reason=text_of(form.reason))


_TESTED = frozenset({State.TESTING})
_HANDED = frozenset({State.TRIAGE})

STEPS: Mapping[str, Step] = MappingProxyType(
    {
        "accept": Step(
            forms.AcceptForm,
            _accept,
            _("%(ref)s is accepted. Its author hears of it in a minute."),
            DecisionKind.ACCEPT,
            ON_THE_DESK | _TESTED,
        ),
        "ask": Step(forms.AskForm, _ask, _("%(ref)s waits on its author."), DecisionKind.ASK),
        "decline": Step(
            forms.DeclineForm,
            _decline,
            _("%(ref)s is answered. Its author reads why in a minute."),
            DecisionKind.DECLINE,
        ),
        "defer": Step(
            forms.DeferForm,
            _defer,
            _("%(ref)s is put off. It opens again by itself."),
            DecisionKind.DEFER,
        ),
        "cost": Step(
            forms.CostForm,
            _accept_cost,
            _("%(ref)s: signed that these calls go on. It opens again by itself."),
            DecisionKind.ACCEPT_COST,
        ),
        "exists": Step(
            forms.PointOutForm,
            _point_out,
            _("%(ref)s is answered. Its author reads where it is in a minute."),
            DecisionKind.POINT_OUT,
        ),
        "test": Step(forms.TestingForm, _test, _("%(ref)s is being tried."), DecisionKind.TEST),
        "stop": Step(
            forms.SentenceForm,
            _stop,
            _("%(ref)s is stopped. What was learned stands on it."),
            DecisionKind.STOP,
            _TESTED,
        ),
        "veto": Step(
            forms.SentenceForm,
            _veto,
            _("%(ref)s is back on your desk, with the time it had."),
            DecisionKind.VETO,
            _TESTED,
        ),
        "transfer": Step(forms.TransferForm, _transfer, _("%(ref)s is handed on."), states=_HANDED),
        "take": Step(forms.TakeForm, _take, _("%(ref)s is yours now."), states=_HANDED),
        "return": Step(forms.ReturnForm, _return, _("%(ref)s went back."), states=_HANDED),
    }
)
"""Every step by the word in its address."""


def take_step(actor: Actor, idea: Idea, name: str, form: Any) -> None:
    """Run a step on a locked idea; what it signs can be undone for a minute."""
    step = STEPS[name]
    if step.kind is None:
        step.run(actor, idea, form)
    else:
        sign_undoably(actor, idea, lambda: step.run(actor, idea, form))
