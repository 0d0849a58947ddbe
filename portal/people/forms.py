"""The shape of what people type about themselves."""

from datetime import date

from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, Length, Optional

from portal.i18n import gettext as _
from portal.web.fields import DateField
from portal.web.forms import Form

LONGEST_TYPED = 512


def _stripped(value: str | None) -> str:
    return (value or "").strip()


class SignInForm(Form):
    """Address and password."""

    email = EmailField(_("Mail address"), [DataRequired(), Length(max=254)], filters=[_stripped])
    password = PasswordField(_("Password"), [DataRequired(), Length(max=LONGEST_TYPED)])


class CodeForm(Form):
    """A code of an app, or a recovery code."""

    code = StringField(_("Code"), [DataRequired(), Length(max=40)], filters=[_stripped])


class ProofForm(Form):
    """A password or a code again, before what matters most."""

    proof_password = PasswordField(_("Password"), [Optional(), Length(max=LONGEST_TYPED)])
    proof_code = StringField(_("Code of your app"), [Optional(), Length(max=40)])


class NewPasswordForm(Form):
    """A password for the first time, or by a link."""

    password = PasswordField(_("New password"), [DataRequired(), Length(max=LONGEST_TYPED)])


class PasswordForm(NewPasswordForm):
    """A new password in place of an old one."""

    current_password = PasswordField(
        _("Password until now"), [DataRequired(), Length(max=LONGEST_TYPED)]
    )


class FirstAdministratorForm(NewPasswordForm):
    """Who the first administrator is."""

    name = StringField(_("Your name"), [DataRequired(), Length(max=120)])
    email = EmailField(_("Mail address"), [DataRequired(), Length(max=254)], filters=[_stripped])


class LinkForm(Form):
    """What a one-time link for somebody is for."""

    purpose = SelectField(
        _("What for"),
        choices=lambda: [
            ("invite", _("First password, within 7 days")),
            ("reset", _("New password, within 60 minutes")),
            ("sign_in", _("Sign in once, within 10 minutes")),
        ],
    )


class RoleForm(Form):
    """A role for a department and all below it, or everywhere."""

    role = SelectField(_("Role"))
    department = SelectField(_("For"))


class SettingsForm(Form):
    """One's own settings."""

    named_on_boards = BooleanField(_("Show my name on the boards"))
    single_keys = BooleanField(_("Single-key shortcuts"))
    time_zone = SelectField(_("Time zone"))


class AbsenceForm(Form):
    """The days on which somebody is away."""

    from_on = DateField(_("First day away"), [DataRequired(_("Name the day."))])
    until_on = DateField(_("Last day away"), [DataRequired(_("Name the day."))])

    @property
    def first(self) -> date:
        """The first day, once the form is valid."""
        assert self.from_on.data is not None
        return self.from_on.data

    @property
    def last(self) -> date:
        """The last day, once the form is valid."""
        assert self.until_on.data is not None
        return self.until_on.data
