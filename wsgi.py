"""The application for a WSGI server and for ``flask --app wsgi``."""

import sys

from portal.app import create_app
from portal.config import BadSetting, read_config
from portal.database import DatabaseUnreachable

try:
    app = create_app(read_config())
except (BadSetting, DatabaseUnreachable) as error:
    sys.exit(str(error))
