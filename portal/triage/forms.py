"""The shape of what is typed on the bench."""

import re
from datetime import date

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.core import Field
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from portal.i18n import gettext as _
from portal.triage.labels import (
    confidence_label,
    decline_label,
    effort_label,
    view_label,
)
from portal.triage.limits import LONGEST_TEST_DAYS, TRY_DAYS, TRY_MONEY_MINOR
from portal.triage.lists import View
from portal.triage.load import HOURS, MOST_HOURS
from portal.triage.models import LONGEST_VIEW_NAME, Confidence, DeclineReason, Effort
from portal.web.fields import DateField, IntegerField, KeyField
from portal.web.forms import Form, OnceForm

MAX_WORDS = 4000


def _reasons() -> list[tuple[str, str]]:
    """The reasons for a no, in the reader's language, below an invitation to choose."""
    named = [(reason.value, decline_label(reason)) for reason in DeclineReason]
    return [("", _("Choose a reason")), *named]


class StepForm(Form):
    """A step on the bench; ``version`` is the idea's version that the reader saw."""

    version = HiddenField()

    @property
    def seen_version(self) -> int | None:
        """The version the page was made from, if the browser sent one."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else None


class AcceptForm(StepForm):
    """A yes."""

    sentence = TextAreaField(
        _("Your sentence to the author"), [DataRequired(), Length(max=MAX_WORDS)]
    )


class AskForm(StepForm):
    """A question."""

    question = TextAreaField(_("Your question"), [DataRequired(), Length(max=MAX_WORDS)])


class DeclineForm(StepForm):
    """A no."""

    reason_code = SelectField(
        _("Not now, because"),
        [DataRequired()],
        choices=_reasons,
    )
    sentence = TextAreaField(
        _("Your sentence to the author"), [DataRequired(), Length(max=MAX_WORDS)]
    )
    would_change = TextAreaField(
        _("What would change the answer"), [DataRequired(), Length(max=MAX_WORDS)]
    )


class ReviewForm(StepForm):
    """An answer that opens again on a day."""

    review_on = DateField(_("Look at it again on"), [DataRequired(_("Name the day."))])

    @property
    def day(self) -> date:
        """The day, once the form is valid."""
        day: date | None = self.review_on.data
        assert day is not None
        return day


class DeferForm(ReviewForm):
    """Not yet."""

    sentence = TextAreaField(
        _("Your sentence to the author"), [DataRequired(), Length(max=MAX_WORDS)]
    )


class CostForm(ReviewForm):
    """The calls go on, and somebody signs it."""

    sentence = TextAreaField(
        _("Why these calls go on, to the author"), [DataRequired(), Length(max=MAX_WORDS)]
    )
    alternative = TextAreaField(
        _("What was considered instead"), [DataRequired(), Length(max=MAX_WORDS)]
    )


class PointOutForm(StepForm):
    """It is there already: as an idea of ours, or somewhere else."""

    idea = StringField(_("The idea that has it, such as I-1042"), [Length(max=20)])
    place = StringField(_("Or where it is"), [Length(max=300)])
    sentence = TextAreaField(
        _("Your sentence to the author"), [DataRequired(), Length(max=MAX_WORDS)]
    )

    @property
    def idea_number(self) -> int | None:
        """The number that was typed, with or without its letter."""
        typed = (self.idea.data or "").strip().upper().removeprefix("I-")
        return int(typed) if typed else None

    def validate_idea(self, field: Field) -> None:
        """A reference, or nothing."""
        typed = (field.data or "").strip().upper().removeprefix("I-")
        if typed and not re.fullmatch("[1-9][0-9]{0,8}", typed):
            raise ValidationError(_("Write its number, such as I-1042."))


class TestingForm(StepForm):
    """Try it out first."""

    sentence = TextAreaField(
        _("Your sentence to the author"), [DataRequired(), Length(max=MAX_WORDS)]
    )
    scope = TextAreaField(_("Where and with whom"), [DataRequired(), Length(max=MAX_WORDS)])
    stop_rule = TextAreaField(_("What ends it early"), [DataRequired(), Length(max=MAX_WORDS)])
    days = IntegerField(
        _("For how many business days"),
        [DataRequired(), NumberRange(1, LONGEST_TEST_DAYS)],
        default=10,
    )


class SentenceForm(StepForm):
    """One sentence, such as what a test has taught."""

    sentence = TextAreaField(
        _("Your sentence to the author"), [DataRequired(), Length(max=MAX_WORDS)]
    )


class TransferForm(StepForm):
    """Another department; the choices are filled in by the view that shows them."""

    to = KeyField(_("To which department"), choices=[])
    reason = TextAreaField(_("Why it is theirs"), [DataRequired(), Length(max=MAX_WORDS)])


class MergeForm(StepForm):
    """Joining an idea to another, whose number stands in the address."""

    sentence = TextAreaField(
        _("Your sentence to the authors of both"), [DataRequired(), Length(max=MAX_WORDS)]
    )


class UnmergeForm(Form):
    """Taking it out again; a sentence is welcome, not needed."""

    sentence = TextAreaField(_("Why?"), [Length(max=MAX_WORDS)])


class TakeForm(StepForm):
    """Taking what was handed over needs no words."""


class ReturnForm(StepForm):
    """Giving it back does."""

    reason = TextAreaField(_("Why it is not yours"), [DataRequired(), Length(max=MAX_WORDS)])


class AnswerForm(Form):
    """An author's answer."""

    answer = TextAreaField(_("Your answer"), [DataRequired(), Length(max=MAX_WORDS)])


class AppealForm(Form):
    """Why an answer should be looked at once more."""

    reason = TextAreaField(
        _("Why should somebody else look at it?"), [DataRequired(), Length(max=MAX_WORDS)]
    )


class EscalateForm(Form):
    """What an author says to whoever stands above; nothing has to be said."""

    reason = TextAreaField(_("What they should know"), [Length(max=MAX_WORDS)])


class TryForm(Form):
    """An author's own small try."""

    plan = TextAreaField(
        _("What you try, where and with whom"), [DataRequired(), Length(max=MAX_WORDS)]
    )
    undo = TextAreaField(
        _("How everything is as before within a day"), [DataRequired(), Length(max=MAX_WORDS)]
    )
    days = IntegerField(
        _("For how many business days"), [DataRequired(), NumberRange(1, TRY_DAYS)], default=5
    )
    money = IntegerField(
        _("What it costs"), [InputRequired(), NumberRange(0, TRY_MONEY_MINOR // 100)], default=0
    )
    is_harmless = BooleanField(
        _("It touches no prices, legal texts, personal data or systems."), [DataRequired()]
    )


class ViewNameForm(Form):
    """What one's own view of the inbox is called."""

    name = StringField(_("Name"), [DataRequired(), Length(max=LONGEST_VIEW_NAME)])


class ViewForm(ViewNameForm):
    """One's own view: the ideas that are in all of the chosen views."""

    views = SelectMultipleField(
        _("Ideas that are all of this at once"),
        [DataRequired(_("Choose at least one."))],
        choices=lambda: [(view.value, view_label(view)) for view in View],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class ScoreForm(Form):
    """What a reviewer says of an idea: how much work, and how sure."""

    effort = RadioField(
        _("How much work is it?"),
        [InputRequired(_("Choose one."))],
        choices=lambda: [(band.value, effort_label(band)) for band in Effort],
    )
    confidence = RadioField(
        _("How sure are you?"),
        [InputRequired(_("Choose one."))],
        choices=lambda: [(one.value, confidence_label(one)) for one in Confidence],
    )


class NoteForm(OnceForm):
    """A private note; ``chosen`` are people whom it names beside those in its text."""

    own_words = ("body",)

    body = TextAreaField(_("A private note"), [DataRequired(), Length(max=MAX_WORDS)])
    chosen = SelectMultipleField(
        _("Whom it names"),
        coerce=int,
        choices=[],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class HoursForm(Form):
    """How many hours a week somebody has for deciding."""

    hours = IntegerField(
        _("Hours a week for deciding"),
        [DataRequired(), NumberRange(1, MOST_HOURS)],
        default=HOURS,
    )


class RuleForm(Form):
    """How a department reviews."""

    is_blind = BooleanField(_("Hide the author until a reviewer has scored or decided"))
    shows_spread = BooleanField(_("Show reviewers how far apart they are, once they have scored"))
