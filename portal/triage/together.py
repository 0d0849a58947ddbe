"""Deciding several ideas on one page: one kind of decision, a sentence of its own for each.

Every idea is decided in a writing unit of its own.  What is refused (moved on a second ago, a
sentence missing) is shown again with what was typed and why; the others are decided.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.clocks.chips import make_chip
from portal.database import writing
from portal.errors import Conflict, NotAllowed, NotFound
from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.ideas.labels import state_label
from portal.masking import describe, mask
from portal.now import now
from portal.triage import forms, lists, queries
from portal.triage.blueprint import chosen_view, triage
from portal.triage.steps import STEPS, take_step
from portal.web.access import actor, requires
from portal.web.answers import page, see
from portal.web.forms import Form
from portal.web.rates import Rate

MOST_TOGETHER = 25
"""So many ideas can be decided on one page: as many sentences as somebody still means."""

TOGETHER: Mapping[str, str] = MappingProxyType(
    {"accept": _("Accept"), "ask": _("Ask author"), "decline": _("Decline"), "defer": _("Later")}
)
"""The steps that can be taken on several ideas together, with their labels."""


@dataclass(slots=True)
class Entry:
    """One idea of the page with its own form; ``row`` is None where it is not the reader's."""

    number: int
    form: forms.StepForm
    is_ticked: bool
    row: Any = None
    chip: Any = None
    is_late: bool = False

    @property
    def has_failed(self) -> bool:
        """Whether something has to be told about it."""
        return bool(self.form.errors or self.form.form_errors)


@triage.route("/triage/together", methods=["GET", "POST"])
@requires(Capability.TRIAGE, audit="decision.signed", rate=Rate.DECIDE)
def together() -> ResponseReturnValue:
    """The chosen ideas, each with its own sentence, and one signature for all of them."""
    step, ticked = request.values.get("step", ""), _list_ticked()
    numbers = list(dict.fromkeys([*ticked, *_list_shown()]))
    if step not in TOGETHER or not numbers:
        return _nothing_chosen(step)
    common = _make(step, "all-")
    entries = [
        Entry(number, _make(step, f"i{number}-"), number in ticked)
        for number in numbers[:MOST_TOGETHER]
    ]
    left_out = len(numbers) - len(entries)
    if request.method != "POST":
        return _page(step, common, entries, left_out=left_out)
    _fill(common, entries)
    if "fill" in request.form:
        return _page(step, common, entries, left_out=left_out)
    if not ticked:
        said = [_("Tick at least one idea, or go back.")]
        return _page(step, common, entries, said=said, status=422, left_out=left_out)
    for entry in entries:
        if entry.is_ticked:
            _decide(entry, step)
    done = [entry for entry in entries if entry.is_ticked and not entry.has_failed]
    left = [entry for entry in entries if entry not in done]
    if not any(entry.has_failed for entry in left):
        return see("triage.signed", toast=_said(done))
    status = 409 if any(entry.is_late for entry in left) else 422
    return _page(step, common, left, status=status, done=done, left_out=left_out)


def _list_ticked() -> list[int]:
    """The numbers of the ideas that are ticked, each once, in the order of the page."""
    typed = request.values.getlist("idea")
    numbers = (int(one[2:]) for one in typed if re.fullmatch("I-[1-9][0-9]{0,8}", one))
    return list(dict.fromkeys(numbers))


def _list_shown() -> list[int]:
    """The numbers of the ideas that the page held when it was sent, ticked or not."""
    found = (re.fullmatch("i([1-9][0-9]{0,8})-version", name) for name in request.form)
    return [int(one[1]) for one in found if one]


def _nothing_chosen(step: str) -> ResponseReturnValue:
    """A page that says how it is done; 422 where something was asked for that is nothing."""
    said = None
    if request.method == "POST" or {"step", "idea"} & set(request.values):
        said = (
            _("Tick at least one idea in the inbox first.")
            if step in TOGETHER
            else _("Choose what to decide: accept, ask, decline or later.")
        )
    back = url_for("triage.index", view=chosen_view())
    status = 422 if said else 200
    return page("triage/together_none.html", status=status, said=said, back=back)


def _make(step: str, prefix: str) -> forms.StepForm:
    """The form of a step beside others of its kind; the page has one token for all of them."""
    return STEPS[step].form(prefix=prefix, meta={"csrf": False})


def _fill(common: forms.StepForm, entries: Sequence[Entry]) -> None:
    """Put what was written once for all wherever an idea has nothing of its own."""
    for entry in entries:
        for name in _names(common):
            own, shared = entry.form[name], common[name]
            if not own.raw_data or not any(own.raw_data):
                own.data, own.raw_data = shared.data, shared.raw_data


def _names(form: forms.StepForm) -> list[str]:
    return [one.short_name for one in form if one.short_name != "version"]


def _decide(entry: Entry, step: str) -> None:
    """Decide on one idea in a unit of its own, or note on its form why that cannot be."""
    if not entry.form.validate():
        return
    try:
        with entry.form.catching(), writing():
            idea = queries.get_triage_idea(actor(), entry.number, for_update=True)
            take_step(actor(), idea, step, entry.form)
    except (Conflict, NotAllowed, NotFound) as error:
        entry.form.form_errors.append(error.message)
        entry.is_late = True


def _said(done: Sequence[Entry]) -> str:
    """How many were decided, and what was masked in what was written."""
    count = len(done)
    said = ngettext("%(n)s idea is decided.", "%(n)s ideas are decided.", count)
    typed = "\n".join(
        one.data for entry in done for one in entry.form if one.type == "TextAreaField" and one.data
    )
    return " ".join(filter(None, [said, describe(mask(typed).found)]))


def _page(
    step: str,
    common: forms.StepForm,
    entries: Sequence[Entry],
    *,
    status: int = 200,
    done: Sequence[Entry] = (),
    said: Sequence[str] = (),
    left_out: int = 0,
) -> ResponseReturnValue:
    rows = lists.map_chosen(actor(), [entry.number for entry in entries])
    for entry in entries:
        _show(entry, rows.get(entry.number), step)
    form = Form()
    form.form_errors.extend(said)
    return page(
        "triage/together.html",
        status=status,
        form=form,
        step=step,
        label=TOGETHER[step],
        common=common,
        entries=entries,
        done=done,
        left_out=left_out,
        most=MOST_TOGETHER,
        view=chosen_view(),
        back=url_for("triage.index", view=chosen_view()),
        state_label=state_label,
    )


def _show(entry: Entry, row: Any, step: str) -> None:
    """Give an entry what the page says of it; it is decided on the version that is shown now."""
    entry.row = row
    if row is None:
        if not entry.has_failed:
            entry.form.form_errors.append(_("It is not yours to decide any more."))
        return
    entry.chip = make_chip(row.due_at, row.started_at, is_paused=row.is_paused, moment=now())
    if request.method != "POST" or entry.is_late:
        entry.form["version"].data = str(row.version)
    if row.state not in STEPS[step].states and not entry.has_failed:
        entry.form.form_errors.append(_("This cannot be decided so where it stands now."))
