"""The learned router as plain arrays."""

import json
import subprocess
import sys
import zlib

import pytest

from portal.routing.arrays import NotArrays, read_arrays
from tests.routing.routers import REFUND, make_arrays


def test_a_router_comes_back_from_its_bytes_as_it_was() -> None:
    router = make_arrays(REFUND, labels=("Größe", "tab\tand\nline"))
    assert read_arrays(router.to_bytes()) == router


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"cos\nsystem\n(S'true'\ntR.",
        b"portal router 2\n",
        b"portal router 2\n" + zlib.compress(b"{}\n\n"),
        b"portal router 2\n" + zlib.compress(json.dumps({"labels": []}).encode() + b"\na\tb\nxyz"),
        b"portal router 9\n" + zlib.compress(b"{}\n\n"),
    ],
)
def test_bytes_of_another_make_are_refused(stored: bytes) -> None:
    with pytest.raises(NotArrays):
        read_arrays(stored)


def test_applying_a_router_loads_no_statistics() -> None:
    program = (
        "import sys, portal.routing.reading, portal.app\n"
        "print(sorted({'numpy', 'scipy', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
