"""The bell's page, how one is told, and the letters that did not arrive."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.database import writing
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.notifications import letters as writing_letters
from portal.notifications import queries, services
from portal.notifications.addresses import path_of
from portal.notifications.forms import TellingForm
from portal.notifications.models import Rhythm
from portal.people.queries import get_person
from portal.web.access import Csrf, actor, public, reader, requires
from portal.web.answers import fragment, page, see, wants_fragment
from portal.web.rates import Rate

notifications = Blueprint("notifications", __name__)


@notifications.get("/notifications")
@requires(Capability.READ)
def index() -> ResponseReturnValue:
    """What the reader was told, newest first, with what became of each letter."""
    notices = queries.list_notices(actor(), request.args.get("cursor"))
    return page("notifications/index.html", notices=notices, address=path_of)


@notifications.get("/notifications/bell")
@requires(Capability.READ, is_passive=True)
def bell() -> ResponseReturnValue:
    """How many notices are unread, asked quietly every minute; nothing when nothing changed."""
    if not wants_fragment():
        return see(".index")
    unread_count = queries.count_unread(actor())
    if request.args.get("seen") == str(unread_count):
        return "", 204
    return fragment("notifications/_bell.html", unread_count=unread_count)


@notifications.post("/notifications/read")
@requires(Capability.READ, audit="notices.read", rate=Rate.SUPPORT)
def read_all() -> ResponseReturnValue:
    """Mark everything as read."""
    with writing():
        services.read_all(actor())
    return see(".index", toast=_("All read."))


@notifications.post("/notifications/<id:delivery_id>/resend")
@requires(Capability.READ, audit="delivery.resent", rate=Rate.COMMENT)
def resend(delivery_id: int) -> ResponseReturnValue:
    """Have one's own letter sent again."""
    with writing():
        services.resend(actor(), queries.get_delivery(actor(), delivery_id))
    return see(".index", toast=_("It goes out again."))


@notifications.route("/me/notices", methods=["GET", "POST"])
@requires(Capability.READ, audit="person.telling", rate=Rate.CHANGE)
def telling() -> ResponseReturnValue:
    """How I am told."""
    me = get_person(reader().id)
    choice = queries.find_choice(me.id)
    form = TellingForm(obj=choice, data={} if choice else {"rhythm": Rhythm.DAILY.value})
    if form.validate_on_submit():
        with form.catching(), writing():
            services.choose(
                actor(),
                rhythm=Rhythm(form.rhythm.data),
                quiet_from=form.quiet_from.data,
                quiet_until=form.quiet_until.data,
            )
        if not form.errors:
            return see(".telling", toast=_("Kept."))
    refused = choice if choice and choice.refused_address == me.email else None
    status = 422 if request.method == "POST" else 200
    return page("notifications/telling.html", form=form, me=me, refused=refused, status=status)


@notifications.post("/me/notices/address")
@requires(Capability.READ, audit="person.address_trusted", rate=Rate.CHANGE)
def trust_address() -> ResponseReturnValue:
    """Try my address again."""
    with writing():
        services.trust_address(actor(), reader().id)
    return see(".telling", toast=_("The next letter goes there again."))


@notifications.get("/no-digests/<ticket>")
@public
def no_digests(ticket: str) -> ResponseReturnValue:
    """Ask whether the digests should end: opening a link alone changes nothing."""
    _read_ticket(ticket)
    return page("notifications/no_digests.html", ticket=ticket, is_done=False)


@notifications.post("/no-digests/<ticket>")
@public(audit="person.telling", rate=Rate.OWN, csrf=Csrf.NONE)
def end_digests(ticket: str) -> ResponseReturnValue:
    """End the digests, by the page's button or a mail program's one click; or begin them again.

    The ticket is the authority, so that neither signing in nor a session's token is needed.
    """
    person_id = _read_ticket(ticket)
    wants_them = request.form.get("digests") == "daily"
    with writing():
        services.change_digest(person_id, Rhythm.DAILY if wants_them else Rhythm.PORTAL)
    if wants_them:
        return page("notifications/no_digests.html", ticket=ticket, is_done=False, is_back=True)
    return page("notifications/no_digests.html", ticket=ticket, is_done=True)


def _read_ticket(ticket: str) -> int:
    person_id = writing_letters.read_ticket(ticket)
    if person_id is None:
        raise NotFound(_("This link is not one of ours, or it was cut short."))
    return person_id


@notifications.get("/admin/letters")
@requires(Capability.ADMINISTER)
def letters() -> ResponseReturnValue:
    """Letters that did not arrive, and addresses that take none."""
    return page(
        "notifications/letters.html", lost=queries.list_lost(), refused=queries.list_refused()
    )


@notifications.post("/admin/letters/<id:delivery_id>/resend")
@requires(Capability.ADMINISTER, audit="delivery.resent", rate=Rate.CHANGE)
def resend_any(delivery_id: int) -> ResponseReturnValue:
    """Send somebody's letter again."""
    with writing():
        delivery = queries.get_delivery(actor(), delivery_id, of_anybody=True)
        services.resend(actor(), delivery)
    return see(".letters", toast=_("It goes out again."))


@notifications.post("/admin/letters/people/<id:person_id>/address")
@requires(Capability.ADMINISTER, audit="person.address_trusted", rate=Rate.CHANGE)
def trust_any_address(person_id: int) -> ResponseReturnValue:
    """Try somebody's address again."""
    with writing():
        services.trust_address(actor(), get_person(person_id).id)
    return see(".letters", toast=_("The next letter goes there again."))
