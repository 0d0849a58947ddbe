"""``make xss``: run the whole campaign and print one JSON line."""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.support.browser import launched
from tests.xss.campaign import run
from tests.xss.corpus import make_corpus


def main() -> int:
    """Run; the exit code says whether anything came alive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--size", type=int, default=2400)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portal-xss-") as folder, launched() as browser:
        figures, seconds = run(browser, Path(folder), make_corpus(given.seed, given.size))
    said = {**asdict(figures), "faults": len(figures.faults), "first": figures.faults[:5]}
    print(json.dumps({"seed": given.seed, **said, "seconds": round(seconds)}))
    return 1 if figures.faults or figures.executions else 0


if __name__ == "__main__":
    sys.exit(main())
