"""Handing in without a name, and coming back with a phrase.

No unlinked view learns who asks; what it does is audited when it is published, by the day.
"""

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.actor import Capability
from portal.anonymous import following, services, staging
from portal.anonymous.forms import (
    FollowForm,
    HiddenForm,
    HiddenIdeaForm,
    HiddenInsightForm,
    PhraseForm,
    WaitingForm,
)
from portal.anonymous.queries import get_followed, get_one_followed
from portal.authors.models import AuthorMode, FollowUp
from portal.authors.phrases import check_phrase, tag_of
from portal.authors.queries import list_modes
from portal.columns import JsonObject
from portal.database import writing
from portal.demand.queries import list_reasons
from portal.errors import NotAllowed, NotFound
from portal.i18n import gettext as _
from portal.insights.capture import NewInsight, make_ready
from portal.insights.models import Channel, DemandType
from portal.people.queries import list_departments
from portal.rewards.vouchers import make_code
from portal.web.access import NOTHING, actor, public, requires
from portal.web.answers import page, see
from portal.web.foretelling import show_masked
from portal.web.forms import text_of
from portal.web.rates import Rate
from portal.web.unlinked import (
    day_key,
    is_pass,
    keep_day_token,
    pass_of_the_day,
    unlinked,
)

anonymous = Blueprint("anonymous", __name__)

LEAVE_OPEN_SECONDS = 900
"""How long the forms below a phrase can be sent before it is asked for again."""


@anonymous.app_template_global("pass_of_the_day")
def _pass_of_the_day() -> str:
    """What a signed-in page with a way to an anonymous form carries."""
    return pass_of_the_day()


@anonymous.post("/anonymous/idea")
@public(audit="idea.submit", rate=Rate.OWN)
@unlinked
def idea() -> ResponseReturnValue:
    """An idea without a name; first the form, with what was typed before, then the sending."""
    return _take("idea", HiddenIdeaForm(), _idea_payload)


@anonymous.post("/anonymous/insight")
@public(audit="insight.added", rate=Rate.OWN)
@unlinked
def insight() -> ResponseReturnValue:
    """What a customer said, told without a name."""
    return _take("insight", HiddenInsightForm(), _insight_payload)


def _take(kind: str, form: Any, payload_of: Any) -> ResponseReturnValue:
    _require_pass()
    form.offer(_reasons())
    if form.about_person.data:
        return see("anonymous.about_person")
    if request.form.get("action") != "send":
        form.nonce.data, form.pass_.data = str(uuid4()), pass_of_the_day()
        return keep_day_token(_form_page(kind, form, 200))
    if form.validate():
        if form.must_be_shown_masked():
            return _form_page(kind, form, 200)
        with form.catching():
            _stage(kind, form, payload_of(form))
    if form.errors or form.form_errors:
        return _form_page(kind, form, 422)
    return page("anonymous/sent.html", kind=kind, hour=staging.get_batch_hour())


@anonymous.post("/anonymous/masked")
@public(audit=NOTHING, rate=Rate.OWN)
@unlinked
def masked() -> ResponseReturnValue:
    """What would be masked in what is being typed without a name; read and forgotten."""
    _require_pass()
    with writing():
        staging.count_use(day_key("preview"), staging.MOST_PREVIEWS)
    return show_masked(is_hidden=True)


def _require_pass() -> None:
    """Only a browser that came from a page for people who work here gets in."""
    if AuthorMode.ANONYMOUS not in list_modes():
        raise NotFound(_("There is nothing here that you can see."))
    if not is_pass(request.form.get("pass", "")):
        raise NotAllowed(_("Open this from the page where you say something. It is a day old."))


def _reasons() -> list[tuple[int, str]]:
    owners = {row.id: row.name for row in list_departments(teams=True)}
    return [
        (row.id, f"{row.label} ({owners.get(row.owner_department_id, '–')})")
        for row in list_reasons()
    ]


def _form_page(kind: str, form: HiddenForm, status: int) -> Response:
    return page(f"anonymous/{kind}.html", form=form, status=status)


def _stage(kind: str, form: HiddenForm, payload: JsonObject) -> None:
    phrase = text_of(form.phrase)
    check_phrase(phrase, words=" ".join(str(value) for value in payload.values()))
    phrase_tag = tag_of(phrase)
    key = _nonce(form)
    with writing():
        services.hand_in(kind, payload, phrase_tag=phrase_tag, key=key, browser=day_key())


def _nonce(form: HiddenForm | FollowForm) -> str:
    nonce = form.nonce.data or ""
    return nonce if len(nonce) == len(str(uuid4())) else str(uuid4())


def _idea_payload(form: HiddenIdeaForm) -> JsonObject:
    return services.prepare_idea(
        title=text_of(form.title),
        problem=text_of(form.problem),
        proposal=text_of(form.proposal),
        lens=form.lens.data if form.lens.data in _values(form.lens) else None,
        control=form.control.data if form.control.data in _values(form.control) else None,
        reason_id=form.reason.data,
    )


def _values(field: Any) -> set[str]:
    return {value for value, *_rest in field.iter_choices()}


def _insight_payload(form: HiddenInsightForm) -> JsonObject:
    severity = form.severity.data or ""
    ready = make_ready(
        NewInsight(
            text=text_of(form.text),
            expected=text_of(form.expected),
            channel=Channel(form.channel.data) if form.channel.data in set(Channel) else None,
            reason_id=form.reason.data or None,
            demand_type=DemandType(form.demand_type.data),
            severity=int(severity) if severity in {*"1234"} else None,
        )
    )
    return services.prepare_insight(ready)


@anonymous.get("/about-a-person")
@public
@unlinked
def about_person() -> ResponseReturnValue:
    """Where to go with what is about a person or a breach of law; nothing is saved here."""
    return page("anonymous/about_person.html", channel=services.find_channel())


@anonymous.route("/follow-up", methods=["GET", "POST"])
@public(audit=NOTHING, rate=Rate.OWN)
@unlinked
def follow_up() -> ResponseReturnValue:
    """Come back with a phrase: the answer shows what became of it, and is kept nowhere."""
    form = PhraseForm()
    if not form.validate_on_submit():
        return _ask_phrase(form, 422 if request.method == "POST" else 200)
    key = staging.phrase_key()
    try:
        with writing():
            staging.count_use(key, staging.MOST_PHRASES, retry_after=staging.PHRASE_WINDOW_SECONDS)
    except staging.TooMany as error:
        form.form_errors.append(_("Too many wrong phrases just now. Try again in ten minutes."))
        answer = _ask_phrase(form, 429)
        answer.headers["Retry-After"] = str(error.retry_after)
        return answer
    phrase_tag = tag_of(text_of(form.phrase))
    if not get_followed(phrase_tag):
        form.form_errors.append(
            _("Nothing answers to this phrase. It comes out tomorrow morning; look again.")
        )
        return _ask_phrase(form, 422)
    with writing():
        staging.forget_use(key)
    return _show(phrase_tag)


def _ask_phrase(form: PhraseForm, status: int) -> Response:
    return page("anonymous/follow_up.html", form=form, status=status)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="follow-up")


def _show(
    phrase_tag: bytes, form: FollowForm | None = None, *, said: str = "", code: str = ""
) -> ResponseReturnValue:
    """The things of a phrase; the forms on the page carry it, signed, for a quarter of an hour."""
    return page(
        "anonymous/followed.html",
        status=422 if form is not None else 200,
        followed=get_followed(phrase_tag),
        token=_signer().dumps(phrase_tag.hex()),
        form_of=lambda key: form if form is not None and form.key.data == key else _fresh(),
        said=said,
        code=code,
    )


def _fresh() -> FollowForm:
    form = FollowForm(formdata=None)
    form.nonce.data = str(uuid4())
    return form


@anonymous.post("/follow-up/<any(answer, withdraw, appeal, rate, voucher):kind>")
@public(
    audit=("idea.answer", "idea.withdraw", "idea.appeal", "answer.rated", "voucher.made"),
    rate=Rate.OWN,
)
@unlinked
def say(kind: str) -> ResponseReturnValue:
    """Answer, take back, appeal, say whether an answer helped, take points out.

    All of it goes out with the next batch.
    """
    form = FollowForm()
    try:
        signed = _signer().loads(form.token.data or "", max_age=LEAVE_OPEN_SECONDS)
    except BadSignature:
        raise NotAllowed(_("Type your phrase again; the page was open too long.")) from None
    phrase_tag = bytes.fromhex(signed)
    code = _code_of(_nonce(form)) if kind == "voucher" else ""
    if form.validate():
        if form.must_be_shown_masked():
            return _show(phrase_tag, form)
        with form.catching(), writing():
            followed = get_one_followed(phrase_tag, form.key.data or "")
            _say(kind, form, followed, code)
    if form.errors or form.form_errors:
        return _show(phrase_tag, form)
    said = _("Taken. It comes out with the next batch, tomorrow morning.")
    return _show(phrase_tag, said=said, code=code)


def _say(kind: str, form: FollowForm, followed: FollowUp, code: str) -> None:
    key, said = _nonce(form), text_of(form.said)
    match kind:
        case "appeal":
            following.appeal(followed, said, key=key)
        case "rate":
            typed = form.decision_id.data or ""
            decision_id = int(typed) if typed.isdecimal() and len(typed) < 19 else 0
            is_useful = form.useful.data != "no"
            following.rate(followed, decision_id, is_useful=is_useful, key=key)
        case "voucher":
            following.ask_voucher(followed, form.points.data or 0, code, key=key)
        case _:
            services.say(kind, followed, said, key=key)


def _code_of(nonce: str) -> str:
    """The code of the voucher that a form makes: the same form again shows the same one."""
    return make_code(str(current_app.config["SECRET_KEY"]), nonce)


@anonymous.route("/admin/anonymous", methods=["GET", "POST"])
@requires(Capability.ADMINISTER, audit="authors.batch_hour_set", rate=Rate.CHANGE)
def waiting() -> ResponseReturnValue:
    """When anonymous words come out, and where to go with what is about a person."""
    form = WaitingForm()
    if request.method != "POST":
        form.hour.data = staging.get_batch_hour()
        form.channel.data = services.find_channel()
    elif form.validate():
        with form.catching(), writing():
            services.set_batch_hour(actor(), form.hour.data or 0)
            services.name_channel(actor(), text_of(form.channel))
        if not form.errors and not form.form_errors:
            return see(".waiting", toast=_("Kept."))
    return page("anonymous/waiting.html", form=form, status=422 if form.errors else 200)
