"""The shape of what is handed in without a name, and of coming back."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from portal.anonymous.services import MAX_CHANNEL, MAX_SAID
from portal.authors.phrases import MOST_CHARACTERS
from portal.i18n import format_number
from portal.i18n import gettext as _
from portal.ideas.drafting import MAX_TEXT
from portal.ideas.labels import control_label, lens_label
from portal.ideas.models import Control, Lens
from portal.ideas.titles import MAX_TITLE
from portal.insights.capture import MAX_EXPECTED, SEVERITIES
from portal.insights.capture import MAX_TEXT as MAX_INSIGHT
from portal.insights.models import Channel, DemandType
from portal.insights.words import channel_word, demand_answer, severity_word
from portal.rewards.vouchers import SIZES
from portal.web.fields import IntegerField
from portal.web.forms import Form, OnceForm


def _phrase() -> StringField:
    return StringField(
        _("A phrase to come back with"),
        [
            DataRequired(_("Choose a phrase, or you could never come back.")),
            Length(max=MOST_CHARACTERS),
        ],
    )


class HiddenForm(OnceForm):
    """What both forms without a name have."""

    phrase = _phrase()
    about_person = BooleanField(_("This is about a person or a breach of law"))
    pass_ = HiddenField(name="pass")

    def offer(self, reasons: list[tuple[int, str]]) -> None:
        """Let it be about one of these reasons."""
        field: Any = self["reason"]
        field.choices = [(0, _("Not sure")), *reasons]


class HiddenIdeaForm(HiddenForm):
    """An idea without a name."""

    own_words = ("problem", "proposal", "title")
    problem = TextAreaField(_("What happens today?"), [Length(max=MAX_TEXT)])
    proposal = TextAreaField(_("What would be better?"), [Length(max=MAX_TEXT)])
    lens = RadioField(
        _("Who gains most?"),
        choices=lambda: [(one.value, lens_label(one)) for one in Lens],
        validate_choice=False,
    )
    reason = SelectField(
        _("What do customers call about?"), coerce=int, default=0, name="reason_id"
    )
    title = StringField(_("Title"), [Length(max=MAX_TITLE)])
    control = RadioField(
        _("Who can change it?"),
        choices=lambda: [(one.value, control_label(one)) for one in Control],
        validate_choice=False,
    )


class HiddenInsightForm(HiddenForm):
    """What a customer said, told without a name; the hour is left out."""

    own_words = ("text", "expected")
    text = TextAreaField(_("What did the customer say or suffer?"), [Length(max=MAX_INSIGHT)])
    reason = SelectField(_("What was it about?"), coerce=int, default=0)
    channel = RadioField(
        _("How did they get in touch?"),
        choices=lambda: [(one.value, channel_word(one)) for one in Channel],
        validate_choice=False,
    )
    demand_type = RadioField(
        _("Should this contact have been needed?"),
        choices=lambda: [(one.value, demand_answer(one)) for one in DemandType],
        default=DemandType.UNSURE.value,
    )
    expected = TextAreaField(_("What did they expect instead?"), [Length(max=MAX_EXPECTED)])
    severity = RadioField(
        _("How bad was it for the customer?"),
        choices=lambda: [(str(one), severity_word(one)) for one in SEVERITIES],
        validate_choice=False,
    )


class PhraseForm(Form):
    """Coming back."""

    phrase = StringField(_("Your phrase"), [DataRequired(_("Type your phrase.")), Length(max=400)])


class SayForm(OnceForm):
    """An answer, or why something is taken back, by whoever has the phrase."""

    token = HiddenField()
    key = HiddenField()
    own_words = ("said",)
    said = TextAreaField(_("Your words"), [Length(max=MAX_SAID)])


class FollowForm(SayForm):
    """Everything that is done with a phrase; which fields count depends on what is done."""

    points = SelectField(
        _("How many points"),
        coerce=int,
        default=0,
        choices=lambda: [(size, format_number(size)) for size in SIZES],
        validate_choice=False,
    )
    decision_id = HiddenField()
    useful = HiddenField()


class WaitingForm(Form):
    """When anonymous words come out, and the company's own channel."""

    hour = IntegerField(_("At this hour, 0 to 23"), [InputRequired(), NumberRange(0, 23)])
    channel = StringField(
        _("Where to go with what is about a person or a breach of law"), [Length(max=MAX_CHANNEL)]
    )
