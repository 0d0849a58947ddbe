"""The shape of what people type about ideas."""

from collections.abc import Collection, Sequence
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.attachments import kinds
from portal.attachments.forms import FilesField
from portal.authors.forms import ModeField
from portal.authors.models import AuthorMode
from portal.i18n import gettext as _
from portal.ideas.drafting import MAX_TEXT
from portal.ideas.labels import control_label, lens_label
from portal.ideas.lists import Group, Sort
from portal.ideas.models import Control, Lens
from portal.ideas.services import MAX_COMMENT, MAX_EXAMPLE, MAX_MINUTES
from portal.ideas.titles import MAX_TITLE
from portal.insights.models import Channel
from portal.insights.words import channel_word
from portal.web.fields import DateField, IntegerField
from portal.web.forms import FilterForm, Form, OnceForm


class IdeaForm(OnceForm):
    """An idea, sent or kept as a draft; what is required depends on which, so services say."""

    own_words = ("problem", "proposal", "title")
    problem = TextAreaField(_("What happens today?"), [Length(max=MAX_TEXT)])
    proposal = TextAreaField(_("What would be better?"), [Length(max=MAX_TEXT)])
    lens = RadioField(
        _("Who gains most?"),
        choices=lambda: [(one.value, lens_label(one)) for one in Lens],
        validate_choice=False,
    )
    reason_id = SelectField(_("What do customers call about?"), coerce=int, default=0)
    title = StringField(_("Title"), [Length(max=MAX_TITLE)])
    control = RadioField(
        _("Who can change it?"),
        choices=lambda: [(one.value, control_label(one)) for one in Control],
        validate_choice=False,
    )
    authors = StringField(_("Who had the idea with you?"), [Length(max=2000)])
    files = FilesField(_("Screenshots or documents"), render_kw={"accept": kinds.ACCEPT})
    mode = ModeField(_("Who it is from"))

    def offer_modes(self, modes: Collection[AuthorMode]) -> None:
        """Let the author choose among what this portal offers."""
        self.mode.offer(modes)

    @property
    def has_more(self) -> bool:
        """Whether anything under *Add more* was filled in or is at fault."""
        more = (self.title, self.control, self.authors, self.files)
        return any(field.data or field.errors for field in more)


class SupportForm(Form):
    """When and how somebody met the same."""

    occurred_on = DateField(_("When was it?"), [InputRequired(_("Name the day."))])
    channel = RadioField(
        _("How did they get in touch?"),
        choices=lambda: [(one.value, channel_word(one)) for one in Channel],
        validate_choice=False,
    )
    minutes = IntegerField(_("Minutes it took"), [Optional(), NumberRange(0, MAX_MINUTES)])
    example = TextAreaField(_("What happened?"), [Length(max=MAX_EXAMPLE)])

    @property
    def has_more(self) -> bool:
        """Whether anything but the press of the button was said, or is at fault."""
        return bool(self.errors or self.example.data or self.minutes.data or self.channel.data)


class CommentForm(OnceForm):
    """Something said about an idea."""

    own_words = ("body",)
    body = TextAreaField(_("Say something about it"), [Length(max=MAX_COMMENT)])


class WithdrawForm(Form):
    """Why an idea is taken back."""

    sentence = TextAreaField(_("Why?"), [Length(max=1000)])


class IdeaFilterForm(FilterForm):
    """What the list of ideas is narrowed to."""

    state = SelectField(_("Stage"), default=Group.ALL.value, validate_choice=False)
    department = SelectField(_("With"), default="")
    reason = SelectField(_("About"), default="")
    sort = SelectField(
        _("On top"),
        choices=lambda: [
            (Sort.NEWEST.value, _("The newest")),
            (Sort.SUPPORT.value, _("The most supported")),
        ],
        default=Sort.NEWEST.value,
    )
    mine = BooleanField(_("Only mine"))

    def offer(self, field: SelectField, nothing: str, choices: Sequence[tuple[Any, str]]) -> None:
        """Let a filter be one of these, or nothing."""
        field.choices = [("", nothing), *((str(value), label) for value, label in choices)]
