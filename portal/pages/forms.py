"""One's own settings."""

from functools import lru_cache
from zoneinfo import available_timezones

from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from portal.i18n import gettext as _
from portal.web.forms import Form


@lru_cache(maxsize=1)
def _zones() -> list[tuple[str, str]]:
    names = sorted(name for name in available_timezones() if "/" in name)
    return [("", _("As the portal has it")), *((name, name.replace("_", " ")) for name in names)]


class SettingsForm(Form):
    """Consent to be named, keys, time zone."""

    named_on_boards = BooleanField(_("Show my name on the boards"))
    single_keys = BooleanField(_("Single-key shortcuts"))
    time_zone = SelectField(_("Time zone"), [Optional()], choices=_zones)
