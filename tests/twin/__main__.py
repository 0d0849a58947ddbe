"""The long form: ``make twin`` plays the story with many seeds and prints one line of figures."""

import json
import sys
import tempfile
from pathlib import Path

from portal import database as storage
from portal.authors.sealing import use_key_file
from portal.database import writing
from tests.factories.triage import make_house
from tests.support.databases import make_database, quick_folder
from tests.twin.compare import compare
from tests.twin.linkage import measure

SEEDS = (1, 2, 3)
MOST_AUC = 0.60


def main() -> int:
    """Compare, measure, print; 1 if anything tells the worlds apart."""
    verdicts = [compare(seed) for seed in SEEDS]
    with tempfile.TemporaryDirectory(prefix="portal-twin-", dir=quick_folder()) as folder:
        made = make_database(f"sqlite:///{folder}/portal.sqlite3")
        storage.use(made)
        use_key_file(Path(folder) / "sealing_key")
        with writing():
            make_house()
        one_shift = measure(1500, seed=7)
        two_shifts = measure(500, seed=8, starts=(6, 14))
        storage.release()
        made.close()
    differences = [line for verdict in verdicts for line in verdict.differences]
    figures = {
        "seeds": len(SEEDS),
        "pages": sum(verdict.pages for verdict in verdicts),
        "rows": sum(verdict.rows for verdict in verdicts),
        "log_lines": sum(verdict.log_lines for verdict in verdicts),
        "differences": len(differences),
        "raw_pages_with_author_and_words": sum(verdict.together for verdict in verdicts),
        "linkage_posts": one_shift.posts,
        "linkage_auc": round(one_shift.auc, 3),
        "linkage_auc_upper": round(one_shift.upper, 3),
        "linkage_auc_two_shifts": round(two_shifts.auc, 3),
    }
    print(json.dumps(figures))
    for line in differences[:10]:
        print(line, file=sys.stderr)
    is_clean = not differences and not figures["raw_pages_with_author_and_words"]
    return 0 if is_clean and one_shift.upper <= MOST_AUC else 1


if __name__ == "__main__":
    sys.exit(main())
