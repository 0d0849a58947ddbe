"""The pages of a review: one's score, an author's name, private notes, and one's own desk."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.database import writing
from portal.i18n import gettext as _
from portal.masking import describe, mask
from portal.people.queries import list_departments
from portal.rendering import prepare
from portal.triage import forms, notes, queries, reviewing, taking_back
from portal.triage.blueprint import chosen_view, triage
from portal.triage.labels import confidence_label, effort_label
from portal.triage.load import MINUTES_EACH, WEEKS, get_load, set_hours
from portal.triage.panels import notes_panel, review_panel
from portal.web.access import actor, requires
from portal.web.answers import page, see
from portal.web.forms import text_of
from portal.web.rates import Rate


@triage.post("/triage/<ref('I'):number>/score")
@requires(Capability.TRIAGE, audit="idea.scored", rate=Rate.DECIDE)
def score(number: int) -> ResponseReturnValue:
    """Say how much work it is and how sure one is, before one reads what others say."""
    form = forms.ScoreForm()
    if form.validate():
        with form.catching(), writing():
            idea = queries.get_triage_idea(actor(), number, for_update=True)
            reviewing.score_idea(
                actor(), idea, effort=form.effort.data, confidence=form.confidence.data
            )
    if form.errors or form.form_errors:
        idea = queries.get_triage_idea(actor(), number)
        panel = review_panel(actor(), idea, form)
        return page("triage/score.html", status=422, view=chosen_view(), **panel)
    said = _(
        "Your score: %(effort)s, %(confidence)s.",
        effort=effort_label(form.effort.data),
        confidence=confidence_label(form.confidence.data),
    )
    return see("triage.item", number=number, view=chosen_view(), _anchor="review", toast=said)


@triage.post("/triage/<ref('I'):number>/show-author")
@requires(Capability.TRIAGE, audit="idea.author_shown", rate=Rate.DECIDE)
def show_author(number: int) -> ResponseReturnValue:
    """Show who had the idea, before one has scored or decided."""
    with writing():
        idea = queries.get_triage_idea(actor(), number)
        reviewing.show_author(actor(), idea)
    toast = _("You see the author. It is kept that you asked.")
    return see("triage.item", number=number, view=chosen_view(), toast=toast)


@triage.post("/triage/<ref('I'):number>/take-back")
@requires(Capability.TRIAGE, audit="idea.handed", rate=Rate.DECIDE)
def take_back(number: int) -> ResponseReturnValue:
    """Lay it back on one's own desk, from which it went because that was full."""
    with writing():
        idea = queries.get_triage_idea(actor(), number, for_update=True)
        taking_back.take_back(actor(), idea)
    toast = _("I-%(number)s is on your desk again, with its clock as it runs.", number=number)
    return see("triage.item", number=number, view=chosen_view(), toast=toast)


@triage.route("/triage/<ref('I'):number>/notes", methods=["GET", "POST"])
@requires(Capability.TRIAGE, audit="note.written", rate=Rate.COMMENT)
def private_notes(number: int) -> ResponseReturnValue:
    """The notes that one may read, and room for another."""
    form = forms.NoteForm() if request.method == "POST" else None
    if form is None or not form.validate() or form.must_be_shown_masked():
        return _notes(number, form, 422 if form and form.errors else 200)
    prepare(text_of(form.body))
    with form.catching(), writing():
        idea, reads_all = notes.get_noted_idea(actor(), number)
        notes.write_note(
            actor(),
            idea,
            body=text_of(form.body),
            chosen=frozenset(form.chosen.data or ()),
            nonce=form.nonce.data or None,
        )
    if form.errors or form.form_errors:
        return _notes(number, form, 422)
    said = " ".join(filter(None, [_("Noted."), describe(mask(text_of(form.body)).found)]))
    return _back(number, reads_all, said)


def _notes(number: int, form: forms.NoteForm | None, status: int) -> ResponseReturnValue:
    idea, reads_all = notes.get_noted_idea(actor(), number)
    panel = notes_panel(actor(), idea, form, reads_all=reads_all)
    return page(
        "triage/notes.html", status=status, view=chosen_view(), reads_all=reads_all, **panel
    )


def _back(number: int, reads_all: bool, said: str) -> ResponseReturnValue:
    """To the bench, or to the notes alone for whoever has no bench for it."""
    there = "triage.item" if reads_all else "triage.private_notes"
    return see(there, number=number, view=chosen_view(), _anchor="notes", toast=said)


@triage.post("/triage/<ref('I'):number>/notes/<id:note_id>/withdraw")
@requires(Capability.TRIAGE, audit="note.withdrawn", rate=Rate.COMMENT)
def withdraw_note(number: int, note_id: int) -> ResponseReturnValue:
    """Take one's own note back."""
    with writing():
        idea, reads_all = notes.get_noted_idea(actor(), number, for_update=True)
        notes.withdraw_note(actor(), notes.get_note(actor(), idea, note_id))
    return _back(number, reads_all, _("Taken back. Nobody reads it any more."))


@triage.route("/triage/reviewing", methods=["GET", "POST"])
@requires(Capability.TRIAGE, audit="review.hours_set", rate=Rate.CHANGE)
def own_desk() -> ResponseReturnValue:
    """How full one's desk is, the hours one has, and how one's departments review."""
    form = forms.HoursForm()
    if form.validate_on_submit():
        with form.catching(), writing():
            set_hours(actor(), form.hours.data or 0)
        if not form.errors and not form.form_errors:
            return see("triage.own_desk", toast=_("Kept."))
    return _own_desk(form, 422 if request.method == "POST" else 200)


@triage.post("/triage/reviewing/<id:department_id>")
@requires(Capability.TRIAGE, audit="review.rule_set", rate=Rate.CHANGE)
def set_rule(department_id: int) -> ResponseReturnValue:
    """Say how a department reviews."""
    form = forms.RuleForm()
    with writing():
        reviewing.set_rule(
            actor(),
            department_id,
            is_blind=bool(form.is_blind.data),
            shows_spread=bool(form.shows_spread.data),
        )
    return see("triage.own_desk", _anchor=f"department-{department_id}", toast=_("Kept."))


def _own_desk(form: forms.HoursForm, status: int) -> ResponseReturnValue:
    load = get_load(actor())
    if request.method != "POST":
        form.hours.data = load.hours
    return page(
        "triage/own_desk.html",
        status=status,
        form=form,
        load=load,
        weeks=WEEKS,
        minutes_each=MINUTES_EACH,
        departments=_departments(),
    )


def _departments() -> list[dict[str, Any]]:
    """Where one decides, each with how it reviews."""
    mine = actor().departments(Capability.TRIAGE)
    here = [one for one in list_departments() if mine is None or one.id in mine]
    rules = reviewing.map_rules(one.id for one in here)
    return [
        {
            "id": one.id,
            "name": one.name,
            "form": forms.RuleForm(None, obj=rules.get(one.id)),
        }
        for one in here
    ]
