"""The worker's sweep over 20,000 open clocks, on each database: ``make sweep``.

A thousand of them have come to be over since the last sweep, which is more than a quarter of an
hour ever brings; after that nothing is new; and at last the worker wakes from an outage in which
all the others have come to be over too.  Each line is one database; exit 1 where a sweep of the
first two kinds took two seconds or more, or the second one wrote anything.
"""

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from portal import now
from portal.app import create_app
from portal.config import read_config
from portal.database import Database, writing
from portal.triage.sweeping import sweep
from tests.factories.triage import make_house
from tests.support import databases
from tests.support.statements import counting
from tests.triage.crowd import make_crowd

CLOCKS, LATE = 20_000, 1_000
MOST_SECONDS = 2.0
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
OVER, OUTAGE = START + timedelta(days=16), START + timedelta(days=400)


def measure(database: Database) -> dict[str, object]:
    """Fill an empty database and sweep it three times."""
    with now.at(START), writing():
        make_crowd(make_house(), CLOCKS, late=LATE)
    climbed, seconds, _written = _sweep(database, OVER)
    again, again_seconds, written = _sweep(database, OVER)
    after_outage, outage_seconds, _written = _sweep(database, OUTAGE)
    return {
        "database": "sqlite" if database.is_sqlite else "postgresql",
        "clocks": CLOCKS,
        "climbed": climbed,
        "seconds": seconds,
        "climbed_again": again,
        "seconds_again": again_seconds,
        "written_again": written,
        "after_outage": after_outage,
        "seconds_after_outage": outage_seconds,
    }


def _sweep(database: Database, moment: datetime) -> tuple[int, float, int]:
    """How many clocks climbed, how long it took, and how many statements were no SELECT."""
    with now.at(moment), counting(database) as seen:
        started = time.perf_counter()
        climbed = sweep()
        seconds = time.perf_counter() - started
    return climbed, round(seconds, 3), sum(not one.startswith(("SELECT", "BEGIN")) for one in seen)


def _is_good(figures: dict[str, object]) -> bool:
    """Whether the figures are what is promised."""
    quick = max(float(str(figures[name])) for name in ("seconds", "seconds_again"))
    return quick < MOST_SECONDS and (figures["climbed_again"], figures["written_again"]) == (0, 0)


def main() -> int:
    """Measure SQLite on this disk, then PostgreSQL where there is one."""
    with TemporaryDirectory(prefix="portal-sweep-") as folder:
        made = databases.make_database(f"sqlite:///{Path(folder)}/portal.sqlite3")
        is_good_here = _report(made, folder)
        with databases.postgresql_server() as server:
            if server is None:
                print("no PostgreSQL server answers and none can be started", file=sys.stderr)
                return 1
            name = "portal_sweep"
            made = databases.make_database(databases.create_postgresql(server, name))
            is_good_there = _report(made, folder)
            databases.drop_postgresql(server, name)
    return 0 if is_good_here and is_good_there else 1


def _report(made: Database, folder: str) -> bool:
    url = made.url.render_as_string(hide_password=False)
    create_app(read_config({"PORTAL_INSTANCE": folder, "PORTAL_DATABASE_URL": url}), made)
    figures = measure(made)
    print(json.dumps(figures), flush=True)
    made.close()
    return _is_good(figures)


if __name__ == "__main__":
    sys.exit(main())
