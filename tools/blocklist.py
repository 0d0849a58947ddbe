"""Write portal/people/common_passwords.txt from the frequency list of the zxcvbn package.

Not part of a running portal: ``pip install zxcvbn`` in an environment of its own, then
``python tools/blocklist.py``.  The list is of real passwords that were stolen and published.
"""

from importlib.metadata import version
from pathlib import Path

from zxcvbn.frequency_lists import FREQUENCY_LISTS

TARGET = Path(__file__).resolve().parent.parent / "portal" / "people" / "common_passwords.txt"
SHORTEST = 4
HEAD = """\
# Passwords that many people have, one a line, sorted; lines with a # say where they come from.
# Source: zxcvbn {version} on PyPI, frequency_lists.py, made by tools/blocklist.py.
# MIT License, Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc.
"""


def main() -> None:
    """Sort what is long enough to matter and write it."""
    listed = {one.casefold() for one in FREQUENCY_LISTS["passwords"]}
    kept = sorted(one for one in listed if len(one) >= SHORTEST and not one.startswith("#"))
    head = HEAD.format(version=version("zxcvbn"))
    TARGET.write_text(head + "\n".join(kept) + "\n", encoding="utf-8")
    print(f"{len(kept)} passwords, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
