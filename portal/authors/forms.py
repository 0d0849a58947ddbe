"""The choice of how an author stands by their words, and the forms around seals."""

from collections.abc import Collection
from typing import Any

from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.authors.models import AuthorMode
from portal.i18n import gettext as _
from portal.web.forms import Form

MOST_REASON = 1000


def mode_sentence(mode: AuthorMode) -> str:
    """What a mode means to its author, before they choose it."""
    return {
        AuthorMode.NAMED: _(
            "Named: the department and everyone who reads it can see it is from you."
        ),
        AuthorMode.CONFIDENTIAL: _(
            "Confidential: sealed. Opening it takes an administrator and your representative's "
            "person of trust, with a reason, and you would be told."
        ),
        AuthorMode.ANONYMOUS: _(
            "Anonymous: we store no author. Choose a phrase to come back with; "
            "we cannot recover it."
        ),
    }[mode]


class ModeField(RadioField):
    """Named or confidential.  Anonymous is another form: this one knows who sends it."""

    has_anonymous = False

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        super().__init__(
            label,
            choices=lambda: _choices({AuthorMode.NAMED}),
            default=AuthorMode.NAMED.value,
            **kwargs,
        )

    def offer(self, modes: Collection[AuthorMode]) -> None:
        """Show what the portal offers."""
        here = {AuthorMode.NAMED, AuthorMode.CONFIDENTIAL} & set(modes)
        self.choices = _choices(here)
        self.has_anonymous = AuthorMode.ANONYMOUS in modes
        if not self.raw_data and self.data not in {mode.value for mode in here} and here:
            self.data = min(here, key=list(AuthorMode).index).value


def _choices(modes: Collection[AuthorMode]) -> list[tuple[str, str]]:
    return [(mode.value, mode_sentence(mode)) for mode in AuthorMode if mode in modes]


class ModesForm(Form):
    """Which modes the portal offers."""

    modes = SelectMultipleField(
        _("Ways to hand something in"),
        choices=lambda: [(mode.value, mode_sentence(mode)) for mode in AuthorMode],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class ReasonForm(Form):
    """Why a seal should, may or may not be opened."""

    reason = TextAreaField(_("Your reason"), [DataRequired(_("Say why.")), Length(max=MOST_REASON)])
    answer = HiddenField()
