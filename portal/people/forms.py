"""The shape of what people type about themselves."""

from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from portal.i18n import gettext as _
from portal.web.forms import Form


class SignInForm(Form):
    """Address and password."""

    email = EmailField(
        _("Mail address"), [DataRequired(), Length(max=254)], filters=[lambda v: (v or "").strip()]
    )
    password = PasswordField(_("Password"), [DataRequired(), Length(max=512)])


class FirstAdministratorForm(Form):
    """Who the first administrator is."""

    name = StringField(_("Your name"), [DataRequired(), Length(max=120)])
    email = EmailField(_("Mail address"), [DataRequired(), Length(max=254)])
    password = PasswordField(
        _("Password, 15 characters or more"), [DataRequired(), Length(15, 128)]
    )


class SettingsForm(Form):
    """One's own settings."""

    named_on_boards = BooleanField(_("Show my name on the boards"))
    single_keys = BooleanField(_("Single-key shortcuts"))
    time_zone = SelectField(_("Time zone"))
