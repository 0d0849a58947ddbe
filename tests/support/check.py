"""What ``make test`` runs: every check in turn, a summary, one exit code."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = ROOT / ".venv" / "bin"
IS_CI = bool(os.environ.get("CI"))

DJLINT = ["--ignore", "H015,H020,H054"]
"""Where a line breaks is for the reader; an empty span may hold a place; one button per branch."""

LINT: list[tuple[str, list[str]]] = [
    ("format", ["ruff", "format", "--check", "--quiet", "."]),
    ("lint", ["ruff", "check", "--quiet", "."]),
    ("types", ["mypy"]),
    ("contracts", ["lint-imports"]),
    ("templates", ["djlint", "templates", "--lint", "--quiet", "--profile", "jinja", *DJLINT]),
]


def _install_missing() -> list[str]:
    """Install Debian's browser and database server where they are missing and it is allowed."""
    wanted = []
    if not (shutil.which("chromium") or shutil.which("google-chrome")):
        wanted.append("chromium")
    if not (shutil.which("psql") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))):
        wanted.append("postgresql")
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted]
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        if subprocess.run(command, check=False, env=quiet, stdout=subprocess.DEVNULL).returncode:
            return wanted
        return []
    return wanted


def _run(name: str, command: list[str]) -> bool:
    started = time.monotonic()
    path = BIN / command[0]
    code = subprocess.run([str(path), *command[1:]], cwd=ROOT, check=False).returncode
    word = "ok" if code == 0 else "FAILED"
    print(f"{name:<12}{word:<8}{time.monotonic() - started:6.1f} s", flush=True)
    return code == 0


def _tests() -> tuple[str, list[str]]:
    workers = min(4, os.cpu_count() or 2)
    return ("tests", ["pytest", "-q", "-n", str(workers), "--dist", "worksteal"])


def main(arguments: list[str]) -> int:
    """Run the checks; with ``lint``, without the tests."""
    only_lint = arguments[:1] == ["lint"]
    missing = [] if only_lint else _install_missing()
    passed = [_run(name, command) for name, command in LINT]
    if not only_lint:
        name, command = _tests()
        passed.append(_run(name, [*command, *arguments]))
    if missing:
        print(f"could not run: what needs {' and '.join(missing)}")
    return 0 if all(passed) and not (missing and IS_CI) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
