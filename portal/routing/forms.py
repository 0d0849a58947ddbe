"""The shape of what administrators type about routing."""

from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from portal.demand.queries import list_reasons
from portal.i18n import gettext as _
from portal.ideas.labels import control_label, lens_label
from portal.ideas.models import Control, Lens
from portal.insights.capture import SEVERITIES
from portal.insights.models import Channel, DemandType, Friction
from portal.insights.words import channel_word, demand_word, friction_word, severity_word
from portal.people.queries import list_departments
from portal.routing.rules import Conditions, Kind, WordsMode
from portal.routing.ruling import MAX_NAME, Draft
from portal.text import one_line
from portal.web.fields import IntegerField, KeyField
from portal.web.forms import Form, text_of

MAX_LINES = 10_000
_LISTS = ("segments", "moments", "words")
_CHOICES = ("channels", "lenses", "controls", "demand_types", "friction")
_IDS = ("reason_ids", "department_ids")


def _checks(label: str, choices: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        choices=choices,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class RuleForm(Form):
    """A rule; a field of its conditions that is left empty asks nothing."""

    version = HiddenField()
    name = StringField(_("What the rule is called"), [DataRequired(), Length(max=MAX_NAME)])
    department = KeyField(_("It goes to"))
    words = TextAreaField(_("Words in the text"), [Length(max=MAX_LINES)])
    words_mode = RadioField(
        _("How many of them"),
        choices=lambda: [(WordsMode.ANY, _("Any of them")), (WordsMode.ALL, _("All of them"))],
        default=WordsMode.ANY,
    )
    kind = RadioField(
        _("What it is"),
        choices=lambda: [
            ("", _("Either")),
            (Kind.IDEA, _("An idea")),
            (Kind.INSIGHT, _("An insight")),
        ],
        default="",
    )
    channels = _checks(_("Channel"), lambda: [(one.value, channel_word(one)) for one in Channel])
    lenses = _checks(_("Who gains most"), lambda: [(one.value, lens_label(one)) for one in Lens])
    controls = _checks(
        _("Who can change it"), lambda: [(one.value, control_label(one)) for one in Control]
    )
    demand_types = _checks(
        _("Whether the contact was needed"),
        lambda: [(one.value, demand_word(one)) for one in DemandType],
    )
    severity = RadioField(
        _("At least this bad"),
        choices=lambda: [
            ("", _("Any")),
            *((str(one), severity_word(one)) for one in SEVERITIES),
        ],
        default="",
    )
    friction = _checks(
        _("What made it hard"), lambda: [(one.value, friction_word(one)) for one in Friction]
    )
    segments = TextAreaField(_("Kind of customer"), [Length(max=MAX_LINES)])
    moments = TextAreaField(_("Moment"), [Length(max=MAX_LINES)])
    department_ids = SelectMultipleField(_("Department of the author"), coerce=int)
    reason_ids = SelectMultipleField(_("Contact reason"), coerce=int)
    is_confirmed = BooleanField(_("I mean it: it may take everything though others follow"))

    @property
    def seen_version(self) -> int:
        """The version that the form was made from; 0 where none was sent."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    @property
    def has_more(self) -> bool:
        """Whether anything beside the words was filled in or is at fault."""
        names = ("kind", "severity", "segments", "moments", *_CHOICES, *_IDS)
        return any(self[name].data or self[name].errors for name in names)

    def offer(self, gone: Conditions | None = None) -> None:
        """Fill in the choices of today; ``gone`` keeps what the rule names though it is gone."""
        departments = [(row.id, row.name) for row in list_departments(teams=True)]
        open_ids = {row[0] for row in departments}
        self.department.choices = [
            (0, _("Choose a department")),
            *((row.id, row.name) for row in list_departments(teams=True)),
        ]
        kept_ids = set(gone.department_ids) - open_ids if gone else set()
        closed = [(one, _("A department that is closed")) for one in sorted(kept_ids)]
        self.department_ids.choices = [*departments, *closed]
        named = set(gone.reason_ids) if gone else set()
        self.reason_ids.choices = [
            (row.id, row.label if row.is_active else _("%(name)s (retired)", name=row.label))
            for row in list_reasons(retired=True)
            if row.is_active or row.id in named
        ]

    def fill(self, conditions: Conditions) -> None:
        """Show what a rule asks."""
        for name in _LISTS:
            self[name].data = "\n".join(getattr(conditions, name))
        for name in (*_CHOICES, *_IDS):
            self[name].data = list(getattr(conditions, name))
        self.kind.data, self.words_mode.data = conditions.kind, conditions.words_mode
        self.severity.data = str(conditions.severity or "")

    def draft(self) -> Draft:
        """What was typed."""
        given = {name: tuple(self[name].data or ()) for name in (*_CHOICES, *_IDS)}
        given |= {name: _lines(text_of(self[name])) for name in _LISTS}
        conditions = Conditions(
            **given,
            kind=self.kind.data or "",
            words_mode=self.words_mode.data or WordsMode.ANY,
            severity=int(self.severity.data) if self.severity.data else None,
        )
        return Draft(
            name=text_of(self.name),
            department_id=self.department.data or 0,
            conditions=conditions,
            is_confirmed=self.is_confirmed.data,
        )


def _lines(text: str) -> tuple[str, ...]:
    """What stands on the lines of a text, or between its commas; each once."""
    parts = (one_line(part) for line in text.splitlines() for part in line.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


class RouterForm(Form):
    """Whether the learned router acts alone, and from when."""

    is_on = BooleanField(_("It may act alone"))
    confidence_percent = IntegerField(
        _("From how many percent sure"), [InputRequired(), NumberRange(50, 100)]
    )


class StepForm(Form):
    """A button: which way, or which version."""

    way = HiddenField()

    @property
    def number(self) -> int:
        """A version; 0 for what is none."""
        text = self.way.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class TextForm(Form):
    """What is being written, whatever the field is called."""

    problem = TextAreaField()
    proposal = TextAreaField()
    title = StringField()
    text = TextAreaField()
    expected = TextAreaField()

    @property
    def whole(self) -> str:
        """All that was typed."""
        fields = (self.title, self.problem, self.proposal, self.text, self.expected)
        return "\n".join(filter(None, map(text_of, fields)))
