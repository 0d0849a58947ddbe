"""The pages that join two ideas, with a look at what becomes of both, and take them apart."""

import re
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.database import writing
from portal.errors import NotFound, RuleBroken
from portal.i18n import gettext as _
from portal.ideas.labels import state_label
from portal.ideas.models import Idea
from portal.ideas.queries import get_visible_idea, list_authors
from portal.ideas.similar import list_similar
from portal.masking import describe, mask
from portal.now import today
from portal.people.models import Department
from portal.people.queries import get_department, list_faces
from portal.text import normalise
from portal.triage import forms, lists, merges, merging, queries, sittings
from portal.triage.blueprint import chosen_view, triage
from portal.triage.letters import Answer, compose
from portal.triage.limits import APPEAL_WITHIN
from portal.triage.models import DecisionKind
from portal.triage.reviewing import hides_author
from portal.triage.sitting_pages import go_on
from portal.web.access import actor, reader, requires
from portal.web.answers import page, see
from portal.web.forms import text_of
from portal.web.rates import Rate

SUGGESTED = 8


@triage.route("/triage/<ref('I'):number>/merge", methods=["GET", "POST"])
@requires(Capability.TRIAGE, audit="decision.signed", rate=Rate.DECIDE)
def merge(number: int) -> ResponseReturnValue:
    """Choose what says the same, see what becomes of both, and sign."""
    form = forms.MergeForm()
    into_number, wrong = _asked_for()
    if not form.validate_on_submit() or "preview" in request.form or into_number is None:
        status = 422 if form.errors else 200
        return _page(number, into_number, wrong, form, status=status)
    with form.catching(), writing():
        following = lists.find_next(actor(), chosen_view(), number)
        idea, into = merges.lock_pair(number, into_number)
        queries.get_triage_idea(actor(), number)
        words, version = text_of(form.sentence), form.seen_version
        merging.merge_ideas(actor(), idea, into, sentence=words, version=version)
        sitting_id = sittings.note_step(actor(), idea, "merge")
    if form.errors or form.form_errors:
        return _page(number, into_number, wrong, form, status=422)
    said = _("I-%(number)s goes on as I-%(into)s.", number=number, into=into_number)
    text = " ".join(filter(None, [said, describe(mask(words).found)]))
    undo = url_for("triage.unmerge", number=number)
    if sitting_id is not None:
        return go_on(sitting_id, toast=text, undo=undo)
    if following is None:
        return see("triage.index", view=chosen_view(), toast=text, undo=undo)
    return see("triage.item", number=following, view=chosen_view(), toast=text, undo=undo)


def _asked_for() -> tuple[int | None, str | None]:
    """The number of the other idea as it was typed or chosen, or what is wrong with it."""
    typed = request.args.get("into", "").strip().upper().removeprefix("I-")
    if not typed:
        return None, None
    if not re.fullmatch("[1-9][0-9]{0,8}", typed):
        return None, _("Write its number, such as I-1042.")
    return int(typed), None


def _page(
    number: int,
    into_number: int | None,
    wrong: str | None,
    form: forms.MergeForm,
    *,
    status: int,
) -> ResponseReturnValue:
    idea = queries.get_triage_idea(actor(), number)
    into = None
    if into_number is not None:
        try:
            into = get_visible_idea(actor(), into_number)
        except NotFound:
            wrong = _("There is no idea with this number.")
    if request.method != "POST":
        form.version.data = str(idea.version)
    foreseen = merging.foresee(actor(), idea, into) if into else None
    is_blind = hides_author(actor(), idea)
    authors = {}
    if foreseen and not is_blind:
        authors = list_faces(person_id for person_id, _share in foreseen.shares)
    letter = None
    if into and "preview" in request.form and not form.errors:
        letter = _letter(idea, into, text_of(form.sentence), is_blind=is_blind)
    return page(
        "triage/merge.html",
        status=status,
        view=chosen_view(),
        idea=idea,
        into=into,
        wrong=wrong,
        form=form,
        foreseen=foreseen,
        authors=authors,
        letter=letter,
        department=_department_of(into),
        similar=_similar(idea),
        state_label=state_label,
    )


def _department_of(into: Idea | None) -> Department | None:
    placed = into.owner_department_id if into else None
    return get_department(placed) if placed is not None else None


def _similar(idea: Idea) -> list[Any]:
    return list_similar(idea.title, idea.problem, idea.proposal, but=idea.id, most=SUGGESTED)


def _letter(idea: Idea, into: Idea, typed: str, *, is_blind: bool) -> list[str]:
    """The letter as the authors of the joined one would read it."""
    department = get_department(idea.owner_department_id or 0)
    appealed = queries.find_appeal(idea.id) is not None
    return compose(
        Answer(
            kind=DecisionKind.MERGE,
            title=idea.title,
            authors=[] if is_blind else [one.face.name for one in list_authors(idea.id)],
            signer=reader().name,
            department=department.name,
            sentence=mask(normalise(typed)).text,
            exists=f"I-{into.number} {into.title}",
            appeal_until=None if appealed else today() + APPEAL_WITHIN,
        )
    )


@triage.post("/triage/<ref('I'):number>/unmerge")
@requires(Capability.TRIAGE, audit="idea.unmerge", rate=Rate.DECIDE)
def unmerge(number: int) -> ResponseReturnValue:
    """Take it out again; from the toast, or from its page with a sentence."""
    form = forms.UnmergeForm()
    if not form.validate():
        raise RuleBroken(_("Too long: cut the sentence."))
    with writing():
        idea = get_visible_idea(actor(), number)
        joined = merges.find_merge(idea.id)
        if joined is None:
            queries.get_triage_idea(actor(), number)
        into = merges.find_joined_into(idea.id) if joined else None
        if into is not None:
            merges.lock_pair(number, into.number)
        merging.unmerge_ideas(actor(), idea, sentence=text_of(form.sentence) or None)
    toast = _("I-%(number)s stands on its own again, as it was.", number=number)
    return see("pages.idea", number=number, toast=toast)
