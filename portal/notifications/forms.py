"""How one wants to be told."""

from wtforms import RadioField, TimeField
from wtforms.validators import InputRequired, Optional

from portal.i18n import gettext as _
from portal.notifications.models import Rhythm
from portal.web.forms import Form


def _rhythms() -> list[tuple[str, str]]:
    return [
        (Rhythm.DAILY.value, _("Once a working day, in the morning")),
        (Rhythm.WEEKLY.value, _("Once a week, on Monday morning")),
        (Rhythm.AT_ONCE.value, _("At once, one by one")),
        (Rhythm.PORTAL.value, _("Not by mail; I read it here")),
    ]


class TellingForm(Form):
    """The digest, and the hours without letters."""

    rhythm = RadioField(
        _("What is for your information, by mail"), [InputRequired()], choices=_rhythms
    )
    quiet_from = TimeField(_("Quiet from"), [Optional()])
    quiet_until = TimeField(_("Quiet until"), [Optional()])
