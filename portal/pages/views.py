"""Pages that show several slices at once."""

from functools import partial

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.attachments.routes import files_panel
from portal.boards import queries as boards
from portal.boards.queries import Level
from portal.database import writing
from portal.i18n import gettext as _
from portal.ideas import queries as ideas
from portal.ideas.holding import as_holder
from portal.impact import labels as impact_labels
from portal.now import now
from portal.pages import queries, words
from portal.pages.desk import get_desk
from portal.pages.forms import SettingsForm
from portal.pages.idea import get_idea_page
from portal.people import queries as people
from portal.people import services as people_services
from portal.rewards import queries as rewards
from portal.web.access import NOTHING, actor, reader, requires
from portal.web.answers import page, see
from portal.web.foretelling import show_masked
from portal.web.rates import Rate

pages = Blueprint("pages", __name__)


@pages.get("/")
@requires(Capability.READ)
def home() -> ResponseReturnValue:
    """What waits on me, and what became of mine."""
    me = reader()
    return page(
        "pages/home.html",
        home=queries.get_home(me.actor),
        desk=get_desk(me.actor),
        greeting=words.greeting(now(), me.name),
        owed=partial(words.owed, may_judge=me.actor.can(Capability.VALIDATE)),
        icons=words.OWED_ICONS,
        balance=rewards.get_balance(me.id),
    )


@pages.get("/ideas/<ref('I'):number>")
@requires(Capability.READ)
def idea(number: int) -> ResponseReturnValue:
    """An idea with everything that happened to it."""
    found = ideas.get_visible_idea(actor(), number)
    return page(
        "pages/idea.html",
        impact_labels=impact_labels,
        **get_idea_page(actor(), found),
        **files_panel(as_holder(found)),
    )


@pages.get("/done")
@requires(Capability.READ)
def done() -> ResponseReturnValue:
    """You said, we did: changes that went live, with what they did."""
    return page("pages/done.html", done=queries.list_done(request.args.get("cursor")))


@pages.route("/me", methods=["GET", "POST"])
@requires(Capability.READ, audit="person.settings", rate=Rate.CHANGE)
def me() -> ResponseReturnValue:
    """Who I am here, and my settings."""
    person = people.get_person(reader().id)
    form = SettingsForm(obj=person)
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return page("pages/me.html", form=form, me=person, status=status, **_about_me(person.id))
    with writing():
        people_services.update_own_settings(
            actor(),
            people.get_person(reader().id),
            named_on_boards=bool(form.named_on_boards.data),
            single_keys=bool(form.single_keys.data),
            time_zone=form.time_zone.data or None,
        )
    return see(".me", toast=_("Kept."))


def _about_me(person_id: int) -> dict[str, object]:
    person = people.get_person(person_id)
    home = person.home_department_id
    return {
        "department": people.get_department(home) if home else None,
        "balance": rewards.get_balance(person_id),
        "credits": boards.list_credits(Level.PEOPLE, person_id, boards.ever()),
    }


@pages.post("/masked")
@requires(Capability.SUBMIT, audit=NOTHING, rate=Rate.PREVIEW)
def masked() -> ResponseReturnValue:
    """What would be masked in what is being typed; it is read and forgotten."""
    return show_masked(is_hidden=False)
