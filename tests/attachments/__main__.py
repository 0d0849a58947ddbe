"""``make uploads``: send the whole hostile corpus and print one JSON line."""

import json
import sys
import tempfile
import time
from pathlib import Path

from portal.app import create_app
from portal.attachments import storage
from portal.config import read_config
from portal.database import use, writing
from portal.ideas.lifecycle import State
from tests.attachments.campaign import measure_reader, run
from tests.attachments.hostile import list_hostile
from tests.factories.ideas import make_idea
from tests.factories.people import make_person
from tests.support.databases import make_database
from tests.support.server import environment


def main() -> int:
    """Run; the exit code says whether anything got through."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="portal-uploads-") as folder:
        around = Path(folder)
        database = use(make_database(f"sqlite:///{around / 'portal.sqlite3'}"))
        app = create_app(read_config(environment(str(database.url), around)), database)
        storage.use(storage.Storage(around / "uploads"))
        with writing():
            sender = make_person()
            idea = make_idea(sender, state=State.DRAFT)
        corpus = list_hostile()
        figures = run(app, sender, idea, corpus, around)
        figures.reader_peak_mb = measure_reader(corpus, around)
        database.close()
    seconds = round(time.monotonic() - started)
    print(json.dumps({**figures.as_line(), "seconds": seconds}))
    return 1 if figures.faults else 0


if __name__ == "__main__":
    sys.exit(main())
