"""The shape of what is typed on the bench."""

from wtforms import HiddenField, SelectField, TextAreaField, ValidationError
from wtforms.fields.core import Field
from wtforms.validators import DataRequired, Length

from portal.i18n import gettext as _
from portal.triage.labels import decline_label
from portal.triage.models import DeclineReason
from portal.web.forms import Form

MAX_WORDS = 4000
MAX_ID = 10**15


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


class TransferForm(StepForm):
    """Another department; the choices are filled in by the view that shows them."""

    to = SelectField(
        _("To which department"), [DataRequired()], coerce=int, choices=[], validate_choice=False
    )
    reason = TextAreaField(_("Why it is theirs"), [DataRequired(), Length(max=MAX_WORDS)])

    def validate_to(self, field: Field) -> None:
        """A number that can be a department's; whether there is one is asked later."""
        if not 0 < field.data <= MAX_ID:
            raise ValidationError(_("Choose a department."))


class TakeForm(StepForm):
    """Taking what was handed over needs no words."""


class ReturnForm(StepForm):
    """Giving it back does."""

    reason = TextAreaField(_("Why it is not yours"), [DataRequired(), Length(max=MAX_WORDS)])


class AnswerForm(Form):
    """An author's answer."""

    answer = TextAreaField(_("Your answer"), [DataRequired(), Length(max=MAX_WORDS)])
