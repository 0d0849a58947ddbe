"""The application for a WSGI server and for ``flask --app wsgi``."""

import os
import sys

from portal.admin.checks import find_refusal
from portal.app import create_app
from portal.config import BadSetting, read_config
from portal.database import DatabaseUnreachable, active

try:
    config = read_config()
    app = create_app(config)
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":  # commands serve nobody
        if refusal := find_refusal(config, active()):
            sys.exit(refusal)
        active().close()  # no connection may be open when the server forks
except (BadSetting, DatabaseUnreachable) as error:
    sys.exit(str(error))
