"""Which other departments a form offers: those that the text speaks for first, then all others."""

from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.people.queries import list_departments
from portal.routing.router import Suggestion, suggest


def offer_departments(idea: Idea) -> tuple[list[tuple[int, str]], str]:
    """The choices, but for the department that has it, and the likeliest with their words."""
    text = f"{idea.title}\n{idea.problem}\n{idea.proposal}"
    suggested = suggest(text, without={idea.owner_department_id or 0})
    first = [one.department_id for one in suggested]
    by_words = [
        (one.department_id, _("%(name)s, by its words", name=one.department)) for one in suggested
    ]
    others = [
        (department.id, department.name)
        for department in list_departments()
        if department.id not in {*first, idea.owner_department_id}
    ]
    choices = [(0, _("Choose a department")), *by_words, *others]
    return choices, "; ".join(map(_likely, suggested))


def _likely(one: Suggestion) -> str:
    """A department and the words that speak for it."""
    return f"{one.department} ({', '.join(one.words)})" if one.words else one.department
