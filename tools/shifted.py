"""Run the tests at other times of day: ``python tools/shifted.py "2026-12-31 23:20"``.

The moments are of UTC; without any, four at which days, weeks and years differ between UTC and
the house.  Needs Debian's package ``faketime``; the tests with a browser stay out.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime

MOMENTS = ("2026-12-31 23:20", "2027-01-31 22:40", "2027-03-28 00:40", "2027-10-31 00:40")
"""The new year of Berlin; the last minutes of its month; both nights in which its clocks change."""


def run(moment: str) -> int:
    """The tests as if it were then; returns pytest's exit code."""
    ahead = datetime.fromisoformat(moment).replace(tzinfo=UTC) - datetime.now(UTC)
    command = ["faketime", "-f", f"{ahead.total_seconds():+.0f}s", sys.executable]
    command += ["-m", "pytest", "-q", "-n", "auto", "-m", "not browser"]
    print(f"as if it were {moment} in UTC", flush=True)
    quiet = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_NO_CACHE": "0"}
    return subprocess.run(command, env=os.environ | quiet, check=False).returncode


if __name__ == "__main__":
    sys.exit(max(run(moment) for moment in sys.argv[1:] or MOMENTS))
