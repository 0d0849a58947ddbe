"""``make fuzz``: a hundred thousand hostile requests against both databases, one line of figures.

    python -m tests.fuzz [--cases 100000] [--seed 7] [--processes 2]

Each process has its own two towns.  The cases by hand come first and are shared out; the rest is
made from the seed.  Exit code 1 when any answer is a fault, slow, or differs between databases.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from portal.app import create_app
from portal.config import read_config
from tests.fuzz.cases import hand_cases, random_cases
from tests.fuzz.town import Case, Judge, World, explore, undone
from tests.support import databases
from tests.support.server import environment


def main() -> int:
    """Share the work out, add the figures up, print them."""
    given = _arguments()
    if given.share is not None:
        print(json.dumps(_drive(given.share, given.processes, given.cases, given.seed)))
        return 0
    started = time.monotonic()
    with databases.postgresql_server() as server:
        if server is None:
            print("no PostgreSQL server answers and none can be started", file=sys.stderr)
            return 2
        variables = {**os.environ, "PORTAL_TEST_POSTGRESQL": server}
        command = [sys.executable, "-m", "tests.fuzz", *sys.argv[1:], "--share"]
        running = [
            subprocess.Popen(
                [*command, str(share)], env=variables, stdout=subprocess.PIPE, text=True
            )
            for share in range(given.processes)
        ]
        outputs = [child.communicate()[0] for child in running]
    if any(child.returncode for child in running):
        return 2
    figures = _added([json.loads(output.splitlines()[-1]) for output in outputs])
    print(json.dumps({**figures, "seed": given.seed, "seconds": round(time.monotonic() - started)}))
    wrong = ("broken", "slow", "differing", "unforeseen", "headless")
    return 1 if any(figures[name] for name in wrong) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--share", type=int)
    return parser.parse_args()


def _drive(share: int, processes: int, cases: int, seed: int) -> dict[str, object]:
    """One process's part: every n-th case by hand, then its own of chance."""
    server = os.environ["PORTAL_TEST_POSTGRESQL"]
    name = f"portal_fuzz_{os.getpid()}"
    with TemporaryDirectory(prefix="portal-fuzz-", dir=databases.quick_folder()) as folder:
        urls = [f"sqlite:///{folder}/portal.sqlite3", databases.create_postgresql(server, name)]
        worlds = [_make_world(url, Path(folder)) for url in urls]
        judge = Judge(worlds)
        try:
            with undone():
                started = time.process_time()
                hand = _share(worlds[0], share, processes, seed)
                for case in islice(hand, cases // processes):
                    told = len(judge.faults)
                    judge.judge(case)
                    for line in judge.faults[told:]:
                        print(line, file=sys.stderr, flush=True)
                    _tell(judge, share)
            return _figures(judge, time.process_time() - started)
        finally:
            for world in worlds:
                world.database.close()
            databases.drop_postgresql(server, name)


def _make_world(url: str, folder: Path) -> World:
    database = databases.make_database(url)
    return World(create_app(read_config(environment(url, folder)), database), database)


def _share(world: World, share: int, processes: int, seed: int) -> Iterator[Case]:
    doors, pages = explore(world)
    by_hand = list(hand_cases(world, doors, pages))
    Random(seed).shuffle(by_hand)
    return chain(by_hand[share::processes], random_cases(Random(seed * 1000 + share), doors, pages))


def _tell(judge: Judge, share: int) -> None:
    if judge.count % 1000 == 0:
        print(f"{share}: {json.dumps(_figures(judge, 0))}", file=sys.stderr, flush=True)


def _figures(judge: Judge, seconds: float) -> dict[str, object]:
    return {
        "cases": judge.count,
        "requests": judge.count * len(judge.worlds),
        "broken": judge.broken,
        "slow": judge.slow,
        "differing": judge.differing,
        "unforeseen": judge.unforeseen,
        "headless": judge.headless,
        "slowest_seconds": round(judge.slowest_seconds, 2),
        "cpu_seconds": round(seconds),
        "answers": judge.answers,
    }


def _added(parts: list[dict[str, object]]) -> dict[str, object]:
    total: dict[str, object] = {}
    for key in parts[0]:
        values = [part[key] for part in parts]
        if key == "answers":
            kinds = sorted({status for value in values for status in value})
            total[key] = {s: sum(value.get(s, 0) for value in values) for s in kinds}
        else:
            total[key] = max(values) if key == "slowest_seconds" else sum(values)
    return total


if __name__ == "__main__":
    sys.exit(main())
