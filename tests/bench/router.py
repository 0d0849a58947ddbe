"""How well the learned router does on the real data: five folds of each file, as one JSON line."""

import json
import os
import sys
from pathlib import Path

from portal.routing.evaluation import cross_validate
from portal.routing.examples import read_examples

FILES = {
    "complaints": "routing_cfpb_product_dev.csv.gz",
    "tickets": "routing_ittickets_service_dev.csv.gz",
    "banking77": "routing_banking77_dev.csv.gz",
    "clinc": "routing_clinc150_domain_dev.csv.gz",
}
FEW = 200
CONFIDENCE = 85


def main() -> None:
    """Measure every file, with all examples and with few."""
    folder = Path(os.environ.get("PORTAL_TEST_DATA") or "-")
    if not folder.is_dir():
        sys.exit("PORTAL_TEST_DATA does not name the folder with the real data.")
    found = {}
    for name, file in FILES.items():
        examples = read_examples(folder / file)
        found[name] = cross_validate(examples, CONFIDENCE)
        found[f"{name}_{FEW}"] = cross_validate(examples, CONFIDENCE, limit=FEW)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
