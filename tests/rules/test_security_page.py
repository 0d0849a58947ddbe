"""The page of threats tells what is wrong with it: unproven rows, strange marks, missing rows."""

from tools.security import LAST, Proof, Threat, draw, find_proofs, list_faults, read_threats

MARKED = """
pytestmark = [pytest.mark.browser, pytest.mark.threat(3)]

@pytest.mark.threat(1)
@pytest.mark.threat(2)
def test_one(): ...

@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.threat(4))])
def test_two(x): ...

@pytest.mark.threat(5)
class TestThings:
    @pytest.mark.threat(6)
    def test_three(self): ...
"""


def _rows(state: str = "open") -> list[Threat]:
    return [Threat(n, "Group", state, "title", "control") for n in range(1, LAST + 1)]


def test_marks_are_found_on_functions_classes_parameters_and_modules() -> None:
    found = {(proof.number, proof.name) for proof in find_proofs("tests/x.py", MARKED)}
    assert found == {
        (1, "test_one"),
        (2, "test_one"),
        (3, ""),
        (4, "test_two"),
        (5, "TestThings"),
        (6, "TestThings::test_three"),
    }


def test_a_table_in_order_has_no_faults() -> None:
    assert list_faults(_rows(), []) == []
    proofs = [Proof(n, "tests/x.py", "test") for n in range(1, LAST + 1)]
    assert list_faults(_rows("done"), proofs) == []


def test_a_row_that_is_done_without_a_test_is_named() -> None:
    rows = [Threat(7, "Group", "done", "title", "control"), *(r for r in _rows() if r.number != 7)]
    assert list_faults(rows, []) == ["row 7 is done, but no test carries its mark"]


def test_a_mark_for_no_row_is_named() -> None:
    faults = list_faults(_rows(), [Proof(95, "tests/x.py", "test_y")])
    assert faults == ["tests/x.py::test_y is marked for 95, which is no row"]


def test_missing_doubled_nameless_and_oddly_stated_rows_are_named() -> None:
    rows = [row for row in _rows() if row.number not in {3, 4, 5}]
    rows += [rows[0], Threat(4, "Group", "maybe", "title", "control")]
    rows += [Threat(5, "Group", "not applicable", "title", " ")]
    assert list_faults(rows, []) == [
        "row 1 stands there twice",
        "row 3 is missing",
        "row 4 is 'maybe'; states: done, open, not applicable",
        "row 5 lacks its title, its control or its reason",
    ]


def test_the_page_shows_the_state_and_the_tests_of_every_row() -> None:
    rows = read_threats('["Group"]\n2 = ["open", "two", "b"]\n1 = ["done", "one", "a"]\n')
    page = draw(rows, [Proof(1, "tests/x.py", "test_y")])
    assert "1 done, 1 open, 0 not applicable." in page
    assert "| 1 | done | one | a | `x.py::test_y` |\n| 2 | open | two | b |  |\n" in page
