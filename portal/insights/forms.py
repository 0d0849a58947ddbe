"""The shape of what an agent types about a customer, and of the list's filters."""

from collections.abc import Sequence
from typing import Any

from wtforms import (
    DateTimeLocalField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.attachments import kinds
from portal.attachments.forms import FilesField
from portal.authors.forms import ModeField
from portal.i18n import gettext as _
from portal.insights.capture import (
    MAX_EXPECTED,
    MAX_EXTERNAL_ID,
    MAX_MINUTES,
    MAX_SHORT,
    MAX_TEXT,
    SEVERITIES,
)
from portal.insights.models import Channel, DemandType, Friction
from portal.insights.words import (
    channel_word,
    demand_answer,
    demand_word,
    friction_word,
    severity_word,
)
from portal.web.fields import IntegerField
from portal.web.forms import FilterForm, OnceForm


def _channels() -> list[tuple[str, str]]:
    return [(one.value, channel_word(one)) for one in Channel]


class InsightForm(OnceForm):
    """What a customer said; only the text is required."""

    own_words = ("text", "expected", "segment", "moment")

    text = TextAreaField(
        _("What did the customer say or suffer?"),
        [DataRequired(_("Say what the customer said or suffered.")), Length(max=MAX_TEXT)],
    )
    reason = SelectField(_("What was it about?"), coerce=int, default=0)
    channel = RadioField(
        _("How did they get in touch?"),
        choices=_channels,
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
    friction = SelectMultipleField(
        _("What made it hard?"),
        choices=lambda: [(one.value, friction_word(one)) for one in Friction],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    minutes = IntegerField(_("Minutes it took"), [Optional(), NumberRange(0, MAX_MINUTES)])
    segment = StringField(_("Kind of customer"), [Length(max=MAX_SHORT)])
    moment = StringField(_("What they were in the middle of"), [Length(max=MAX_SHORT)])
    occurred_at = DateTimeLocalField(_("When"), [Optional()], format="%Y-%m-%dT%H:%M")
    external_id = StringField(_("Reference of the contact"), [Length(max=MAX_EXTERNAL_ID)])
    files = FilesField(_("Screenshots or documents"), render_kw={"accept": kinds.ACCEPT})
    mode = ModeField(_("Who it is from"))

    @property
    def has_more(self) -> bool:
        """Whether anything under *Add more* was filled in or is at fault."""
        more = (
            self.expected,
            self.severity,
            self.friction,
            self.minutes,
            self.segment,
            self.moment,
            self.occurred_at,
            self.external_id,
            self.files,
        )
        return any(field.data or field.errors for field in more)


class InsightFilterForm(FilterForm):
    """What the list is narrowed to."""

    department = SelectField(_("With"), default="")
    reason = SelectField(_("About"), default="")
    demand_type = SelectField(
        _("Needed?"),
        choices=lambda: [
            ("", _("Any contact")),
            *((one.value, demand_word(one)) for one in DemandType),
        ],
        default="",
    )
    channel = SelectField(
        _("By"),
        choices=lambda: [("", _("Any channel")), *_channels()],
        default="",
    )

    def offer(self, field: SelectField, nothing: str, choices: Sequence[tuple[Any, str]]) -> None:
        """Let a filter be one of these, or nothing."""
        field.choices = [("", nothing), *((str(value), label) for value, label in choices)]
