"""What ``make test`` runs: every check in turn, a summary, one exit code."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = ROOT / ".venv" / "bin"
IS_CI = bool(os.environ.get("CI"))
IS_FORCED = bool(os.environ.get("FORCE"))
PASSED = ROOT / "instance" / "tests-passed"

DJLINT = ["--ignore", "H015,H020,H054"]
"""Where a line breaks is for the reader; an empty span may hold a place; one button per branch."""

LINT: list[tuple[str, list[str]]] = [
    ("format", ["ruff", "format", "--check", "--quiet", "."]),
    ("lint", ["ruff", "check", "--quiet", "."]),
    ("types", ["mypy"]),
    ("contracts", ["lint-imports"]),
    ("templates", ["djlint", "templates", "--lint", "--quiet", "--profile", "jinja", *DJLINT]),
    ("policy", ["python", "tools/lint_templates.py"]),
    ("security", ["python", "tools/security.py", "--check"]),
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
    spread = ["-n", str(workers), "--dist", "worksteal"]
    return ("tests", ["pytest", "-q", *spread, "--durations", "15"])


def _state() -> str:
    """A hash of every file that is or could be committed, and of what the tests are given."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    ).stdout
    digest = hashlib.sha256(f"{sys.version} {os.environ.get('PORTAL_TEST_DATA')}".encode())
    for name in sorted(filter(None, listed.split(b"\0"))):
        path = ROOT / os.fsdecode(name)
        digest.update(name + (path.read_bytes() if path.is_file() else b""))
    return digest.hexdigest() if listed else ""


def main(arguments: list[str]) -> int:
    """Run the checks; with ``lint``, without the tests.

    Where nothing changed since everything passed, there is nothing to run: CI=true or
    FORCE=1 runs it all the same.
    """
    only_lint = arguments[:1] == ["lint"]
    state = "" if only_lint or arguments else _state()
    if state and not (IS_CI or IS_FORCED) and PASSED.exists() and PASSED.read_text() == state:
        print("Nothing changed since everything passed (FORCE=1 runs it again).")
        return 0
    code = _check(arguments, only_lint=only_lint)
    if state and code == 0 and state == _state():
        PASSED.parent.mkdir(exist_ok=True)
        PASSED.write_text(state)
    return code


def _check(arguments: list[str], *, only_lint: bool) -> int:
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
