"""``make matrix``: every cell on a fresh database, then every dropped check, in one line."""

import json
import logging
import sys
from tempfile import TemporaryDirectory
from time import process_time

from portal import database as storage
from portal.app import create_app
from portal.config import read_config
from portal.web.access import list_routes
from tests.security.mutants import list_mutants, survives
from tests.security.table import ask, goes_wrong, read_table
from tests.security.walk import Walker
from tests.security.world import make_world
from tests.support import databases


def main() -> int:
    """Ask everything; 1 where a cell differs or a dropped check went unnoticed."""
    logging.disable(logging.CRITICAL)
    with TemporaryDirectory(prefix="portal-matrix-", dir=databases.quick_folder()) as folder:
        url = f"sqlite:///{folder}/portal.sqlite3"
        database = storage.use(databases.make_database(url))
        settings = {"PORTAL_INSTANCE": folder, "PORTAL_DATABASE_URL": url}
        settings["PORTAL_SECRET_KEY"] = "a secret that only the matrix has, long enough"
        app = create_app(read_config(settings), database)
        walker = Walker(app, make_world(app))
        figures = _ask(walker) | {"routes": len(list_routes(app))}
        figures |= _drop(walker, figures["mismatches"])
        database.close()
    sys.stdout.write(json.dumps({**figures, "cpu_seconds": round(process_time(), 1)}) + "\n")
    return int(figures["mismatches"] > 0 or figures["killed"] < figures["mutants"])


def _ask(walker: Walker) -> dict[str, int]:
    answers = list(ask(walker, read_table()))
    wrong = [one for one in answers if goes_wrong(one, walker)]
    for answer in wrong:
        sys.stderr.write(f"{answer}\n")
    return {"cells": len(answers), "mismatches": len(wrong)}


def _drop(walker: Walker, mismatches: int) -> dict[str, int]:
    """Drop the checks one by one; without a clean table nothing could be told from it."""
    mutants = list_mutants(walker.app)
    killed = 0
    for mutant in mutants if not mismatches else ():
        if survives(mutant, walker, read_table()):
            sys.stderr.write(f"nobody noticed: {mutant.name}\n")
        else:
            killed += 1
    return {"mutants": len(mutants), "killed": killed}


if __name__ == "__main__":
    sys.exit(main())
