"""The shape of what people attach."""

from typing import Any

from flask import request
from wtforms import StringField
from wtforms.validators import Length
from wtforms.widgets import FileInput

from portal.attachments import kinds
from portal.attachments.services import MAX_REASON
from portal.i18n import gettext as _
from portal.web.forms import Form


class FilesField(StringField):
    """Files beside what is typed; they are taken from the request by ``sent_files``."""

    widget = FileInput(multiple=True)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Hold nothing: a file is not text."""
        self.data = ""

    def _value(self) -> bool:
        return False


def sent_files() -> list[Any]:
    """What the browser sent as files, in its order."""
    return request.files.getlist("files")


class AttachForm(Form):
    """Files for something that is there already."""

    files = FilesField(_("Files"), id="more-files", render_kw={"accept": kinds.ACCEPT})


class RedactForm(Form):
    """Why a file is taken away."""

    reason = StringField(_("Why?"), [Length(max=MAX_REASON)])

    @classmethod
    def of(cls, file_id: int, *, sent: bool = False) -> "RedactForm":
        """The form of one file: a page may hold several, each with a label of its own."""
        form = cls() if sent else cls(formdata=None)
        form.reason.id = f"reason-{file_id}"
        return form
