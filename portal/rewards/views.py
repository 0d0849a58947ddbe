"""What a person has, what it buys, and where orders stand."""

from collections.abc import Callable
from types import MappingProxyType
from uuid import uuid4

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from portal.actor import Actor, Capability
from portal.authors.queries import stand_in
from portal.database import writing
from portal.errors import NotFound
from portal.i18n import current_zone, format_number
from portal.i18n import gettext as _
from portal.now import day_of
from portal.people.queries import list_faces
from portal.rewards import policies, queries, services, vouchers
from portal.rewards.forms import RedeemForm, TakeOutForm, VoucherForm
from portal.rewards.models import Redemption, RedemptionState
from portal.rewards.rules import worth_minor
from portal.tables import csv_lines
from portal.web.access import actor, reader, requires
from portal.web.answers import download, page, see
from portal.web.forms import text_of
from portal.web.rates import Rate

rewards = Blueprint("rewards", __name__)

STEPS: MappingProxyType[str, Callable[[Actor, Redemption], None]] = MappingProxyType(
    {
        "approve": services.approve,
        "fulfil": services.fulfil,
        "receive": services.receive,
        "refund": services.refund,
    }
)


@rewards.get("/rewards")
@requires(Capability.READ)
def index() -> ResponseReturnValue:
    """My points: how many, what they are worth, what is to come, where they came from."""
    person_id = reader().id
    wallet = queries.get_wallet(person_id)
    can_fulfil = actor().can(Capability.FULFIL)
    return page(
        "rewards/index.html",
        wallet=wallet,
        worth_minor=worth_minor(wallet.points),
        orders=queries.list_own_redemptions(person_id),
        statement=queries.list_statement(person_id, request.args.get("cursor")),
        waiting=queries.count_waiting_redemptions() if can_fulfil else None,
    )


@rewards.get("/rewards/statement.csv")
@requires(Capability.READ, audit="export.statement", is_sensitive=True)
def statement_csv() -> ResponseReturnValue:
    """My whole statement as a file."""
    rows = [
        (day_of(row.posted_at, current_zone()), row.rule, row.memo, row.amount, row.balance)
        for row in queries.list_whole_statement(reader().id)
    ]
    lines = csv_lines(("date", "rule", "about", "points", "balance"), rows)
    return download("".join(lines), "points.csv", "text/csv")


@rewards.get("/rewards/catalogue")
@requires(Capability.READ)
def catalogue() -> ResponseReturnValue:
    """What points buy."""
    return page(
        "rewards/catalogue.html",
        items=queries.list_items(),
        wallet=queries.get_wallet(reader().id),
    )


@rewards.route("/rewards/catalogue/<key>/redeem", methods=["GET", "POST"])
@requires(
    Capability.READ,
    audit="redemption.requested",
    rate=Rate.ORDER,
    is_sensitive=True,
    takes_key=True,
)
def redeem(key: str) -> ResponseReturnValue:
    """Order something: a page with one button, which counts once."""
    form = RedeemForm()
    if not form.validate_on_submit():
        form.form_errors.extend(form.nonce.errors)
        form.nonce.data = str(uuid4())
        return _redeem_page(key, form, status=422 if form.errors else 200)
    with form.catching(), writing():
        order = services.redeem(actor(), queries.get_item(key), nonce=text_of(form.nonce))
    if form.errors:
        return _redeem_page(key, form, status=422)
    said = _("Ordered. You hear from us when it is approved.")
    return see(".redemption", number=order.number, toast=said)


def _redeem_page(key: str, form: RedeemForm, *, status: int) -> ResponseReturnValue:
    return page(
        "rewards/redeem.html",
        form=form,
        item=queries.get_item_row(key),
        wallet=queries.get_wallet(reader().id),
        status=status,
    )


@rewards.route("/rewards/vouchers", methods=["GET", "POST"])
@requires(Capability.READ, audit="voucher.taken", rate=Rate.ORDER, is_sensitive=True)
def voucher() -> ResponseReturnValue:
    """Take over points by a code; what this says about oneself stands above the field."""
    form = VoucherForm()
    if form.validate_on_submit():
        points = 0
        with form.catching(), writing():
            points = vouchers.take_voucher(actor(), text_of(form.code))
        if points:
            said = _("%(n)s points are yours.", n=format_number(points))
            return see(".index", toast=said)
    return _voucher_page(form, status=422 if form.errors else 200)


@rewards.post("/rewards/vouchers/<id:persona_id>")
@requires(Capability.READ, audit="voucher.made", rate=Rate.ORDER, is_sensitive=True)
def take_out(persona_id: int) -> ResponseReturnValue:
    """Make a voucher of what one's own sealed idea has earned."""
    form, code = TakeOutForm(), ""
    author = stand_in(actor(), persona_id)
    if not author.is_hidden:
        raise NotFound(_("There is nothing here that you can see."))
    if form.validate():
        key = f"{persona_id} {form.nonce.data or uuid4()}"
        code = vouchers.make_code(str(current_app.config["SECRET_KEY"]), key)
        with form.catching(), writing():
            vouchers.make_voucher(author, form.points.data, vouchers.hash_code(code))
    status = 422 if form.errors else 200
    return _voucher_page(VoucherForm(formdata=None), form, code=code, status=status)


def _voucher_page(
    form: VoucherForm, taking: TakeOutForm | None = None, *, code: str = "", status: int
) -> ResponseReturnValue:
    rows = [(row, vouchers.list_sizes(row.balance)) for row in queries.list_sealed(actor())]
    return page(
        "rewards/vouchers.html",
        form=form,
        errors=taking.points.errors if taking else (),
        rows=rows,
        nonce=str(uuid4()),
        code="" if taking and taking.errors else code,
        status=status,
    )


@rewards.get("/rewards/redemptions")
@requires(Capability.FULFIL)
def redemptions() -> ResponseReturnValue:
    """Everybody's orders, by where they stand."""
    name = request.args.get("state", "")
    known = {state.value: state for state in RedemptionState}
    state = known.get(name, RedemptionState.REQUESTED)
    return page(
        "rewards/redemptions.html",
        state=state,
        orders=queries.list_redemptions(state, request.args.get("cursor")),
        waiting=queries.count_waiting_redemptions(),
    )


@rewards.get('/rewards/redemptions/<ref("R"):number>')
@requires(Capability.READ)
def redemption(number: int) -> ResponseReturnValue:
    """One order, with what the reader can do to it."""
    order = queries.get_visible_redemption(actor(), number)
    return page(
        "rewards/redemption.html",
        order=order,
        item=queries.get_item_by_id(order.item_id),
        faces=list_faces([order.person_id, order.changed_by_id]),
        steps=_possible_steps(order),
    )


def _possible_steps(order: Redemption) -> list[str]:
    """The steps that the state and the reader's rights allow, the way forward first."""
    who, state = actor(), order.state
    if state is RedemptionState.REQUESTED:
        superiors = queries.list_superiors(who.home_department_id)
        steps = [("approve", policies.can_approve(who, order, superiors))]
    elif state is RedemptionState.APPROVED:
        steps = [("fulfil", policies.can_hand_over(who, order))]
    elif state is RedemptionState.FULFILLED:
        steps = [("receive", policies.can_receive(who, order))]
    else:
        steps = []
    if state in queries.OPEN_STATES:
        steps.append(("refund", policies.can_refund(who, order)))
    return [name for name, is_allowed in steps if is_allowed]


@rewards.post('/rewards/redemptions/<ref("R"):number>/<any(approve,fulfil,receive,refund):step>')
@requires(
    Capability.READ,
    audit=(
        "redemption.approved",
        "redemption.fulfilled",
        "redemption.received",
        "redemption.refunded",
    ),
    rate=Rate.ORDER,
    is_sensitive=True,
)
def move(number: int, step: str) -> ResponseReturnValue:
    """Approve, hand over, receive or refund an order."""
    said = {
        "approve": _("Approved. Hand it over when it is there."),
        "fulfil": _("Handed over."),
        "receive": _("Enjoy it."),
        "refund": _("Points and piece are back where they came from."),
    }
    with writing():
        order = queries.get_visible_redemption(actor(), number, for_update=True)
        STEPS[step](actor(), order)
    return see(".redemption", number=number, toast=said[step])
