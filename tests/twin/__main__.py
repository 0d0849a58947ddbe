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
from tests.twin.linkage import AROUND_THE_CLOCK, MOST_AUC, OVERLAPPING, TWO_SHIFTS, measure

SEEDS = (1, 2, 3)
CENTRES = {
    "overlapping": OVERLAPPING,
    "two_shifts": TWO_SHIFTS,
    "around_the_clock": AROUND_THE_CLOCK,
}
POSTS = 500


def main() -> int:
    """Compare, measure, print; 1 if anything tells the worlds apart."""
    verdicts = [compare(seed) for seed in SEEDS]
    with tempfile.TemporaryDirectory(prefix="portal-twin-", dir=quick_folder()) as folder:
        made = make_database(f"sqlite:///{folder}/portal.sqlite3")
        storage.use(made)
        use_key_file(Path(folder) / "sealing_key")
        with writing():
            make_house()
        linkage = {
            name: [measure(POSTS, seed, starts=starts) for seed in SEEDS]
            for name, starts in CENTRES.items()
        }
        copied = measure(POSTS, SEEDS[0], starts=TWO_SHIFTS, copy_at=14)
        storage.release()
        made.close()
    differences = [line for verdict in verdicts for line in verdict.differences]
    figures: dict[str, object] = {
        "seeds": len(SEEDS),
        "pages": sum(verdict.pages for verdict in verdicts),
        "rows": sum(verdict.rows for verdict in verdicts),
        "log_lines": sum(verdict.log_lines for verdict in verdicts),
        "differences": len(differences),
        "raw_pages_with_author_and_words": sum(verdict.together for verdict in verdicts),
        "linkage_posts": POSTS,
        "linkage_auc_copying_the_file_at_two_in_the_afternoon": round(copied.auc, 3),
    }
    uppers = []
    for name, drawn in linkage.items():
        figures[f"linkage_auc_{name}"] = [round(one.auc, 3) for one in drawn]
        figures[f"linkage_auc_upper_{name}"] = [round(one.upper, 3) for one in drawn]
        uppers += [one.upper for one in drawn]
    print(json.dumps(figures))
    for line in differences[:10]:
        print(line, file=sys.stderr)
    is_clean = not differences and not figures["raw_pages_with_author_and_words"]
    return 0 if is_clean and max(uppers) <= MOST_AUC else 1


if __name__ == "__main__":
    sys.exit(main())
