"""People and departments from a file."""

import io

import pytest
from sqlalchemy import select

from portal.actor import PROGRAM, Capability
from portal.audit.models import AuditRow
from portal.database import Database, reading, session, writing
from portal.people import imports, services
from portal.people.models import Department
from portal.people.queries import (
    find_department_by_key,
    find_person_by_email,
    get_orphans_desk,
    get_person,
)
from portal.tables import TableError, read_rows
from tests.factories.people import actor_of, make_headed_department, make_person

HOUSE = """\
email,name,department,department_name,parent,role,takes_orphans
amina@test.example,Amina Yusuf,calls,,BILLING,,
lena@test.example,Lena Brandt,calls,Call centre,,Head,
otto@test.example,Otto Lind,Billing,Billing,company,head,
mira@test.example,Mira Sand,billing,,,deputy,
rosa@test.example,Rosa Wolf,company,Nordhafen,,head,yes
otto@test.example,Otto Lind,,,,validator,
"""


def _import(text: str) -> imports.Summary:
    stream = io.BytesIO(text.encode())
    with writing():
        rows = read_rows(stream, required=imports.REQUIRED, optional=imports.OPTIONAL)
        return imports.import_people(PROGRAM, rows)


def _department(key: str) -> Department:
    found = find_department_by_key(key)
    assert found is not None
    return found


def test_a_house_is_built_from_rows_in_any_order(database: Database) -> None:
    assert _import(HOUSE) == imports.Summary(added=5, known=0, departments=3)
    with reading():
        company, billing, calls = map(_department, ("company", "Billing", "CALLS"))
        assert (calls.parent_id, billing.parent_id) == (billing.id, company.id)
        assert calls.path == f"/{company.id}/{billing.id}/{calls.id}/"
        assert calls.name == "Call centre"
        assert get_orphans_desk().id == company.id
        otto, mira = map(find_person_by_email, ("otto@test.example", "mira@test.example"))
        assert otto is not None
        assert mira is not None
        assert (billing.head_id, billing.deputy_id) == (otto.id, mira.id)
        assert actor_of(otto).can(Capability.VALIDATE, company.id)
        assert actor_of(mira).departments(Capability.TRIAGE) == {billing.id, calls.id}


def test_the_same_file_twice_changes_nothing(database: Database) -> None:
    _import(HOUSE)
    with reading():
        before = session().scalars(select(AuditRow.seq)).all()
    assert _import(HOUSE) == imports.Summary(added=0, known=5, departments=0)
    with reading():
        assert session().scalars(select(AuditRow.seq)).all() == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("email\na@test.example\n", "Row 1, column name: the column is missing"),
        ("email,name\na,Ada\n", "Row 2, column email: This address has no ending"),
        ("email,name\na@test.example,\n", "Row 2, column name: A name has 1 to 120"),
        (
            "email,name\na@test.example,Ada\nA@test.example,Bob\n",
            "Row 3, column email: row 2 gives this address to Ada",
        ),
        (
            "email,name,role\na@test.example,Ada,king\n",
            "Row 2, column role: king is not a role; known: agent, handler, head",
        ),
        (
            "email,name,role\na@test.example,Ada,head\n",
            "Row 2, column department: a head needs a department",
        ),
        (
            "email,name,parent\na@test.example,Ada,company\n",
            "Row 2, column department: of which department?",
        ),
        (
            "email,name,department,parent\na@test.example,Ada,x,nowhere\n",
            "Row 2, column parent: there is no department nowhere",
        ),
        (
            "email,name,department,parent\na@test.example,Ada,x,y\nb@test.example,Bob,y,X\n",
            "Row 3, column parent: X would be below itself",
        ),
        (
            "email,name,department,parent\na@test.example,Ada,x,x\n",
            "Row 2, column parent: x would be below itself",
        ),
        (
            "email,name,department,department_name\n"
            "a@test.example,Ada,x,Ex\nb@test.example,Bob,x,Why\n",
            "Row 3, column department_name: row 2 says Ex",
        ),
        (
            "email,name,department,role\na@test.example,Ada,x,head\nb@test.example,Bob,X,head\n",
            "Row 3, column role: row 2 names another head",
        ),
        (
            "email,name,department,takes_orphans\na@test.example,Ada,x,perhaps\n",
            "Row 2, column takes_orphans: perhaps is neither yes nor no",
        ),
        (
            "email,name,department,takes_orphans\na@test.example,Ada,x,yes\nb@test.example,B,y,yes\n",
            "Row 3, column takes_orphans: x takes them already",
        ),
        (
            f"email,name,department\na@test.example,Ada,{'x' * 65}\n",
            "Row 2, column department: A department's key has 1 to 64 characters.",
        ),
    ],
)
def test_a_fault_names_row_and_column_and_imports_nothing(
    database: Database, text: str, expected: str
) -> None:
    with pytest.raises(TableError) as caught:
        _import(text)
    assert str(caught.value).startswith(expected)
    with reading():
        assert find_person_by_email("a@test.example") is None
        assert find_department_by_key("x") is None


def test_what_is_known_stays_apart_from_what_the_file_adds(database: Database) -> None:
    with writing():
        department, head, deputy = make_headed_department("Billing")
        key, name = department.key, department.name
        new = make_person("New Head")
        email = new.email
    row = f"{email},Another Name,{key.upper()},Another Billing,head\n"
    _import(f"email,name,department,department_name,role\n{row}")
    with reading():
        billing = _department(key)
        assert (billing.name, billing.head_id, billing.deputy_id) == (name, new.id, deputy.id)
        assert get_person(new.id).name == "New Head"
        assert not actor_of(head).can(Capability.TRIAGE)
        assert actor_of(new).can(Capability.TRIAGE, billing.id)


def test_one_department_alone_takes_what_nobody_owns(database: Database) -> None:
    _import(HOUSE)
    with writing():
        services.name_orphans_desk(PROGRAM, _department("billing"))
    with reading():
        desks = session().scalars(select(Department.key).where(Department.takes_orphans)).all()
        assert desks == ["billing"]


def test_a_handler_handles_for_the_department_alone(database: Database) -> None:
    _import("email,name,department,role\na@test.example,Ada,x,handler\nb@test.example,Bob,y,\n")
    with reading():
        ada = find_person_by_email("a@test.example")
        assert ada is not None
        assert actor_of(ada).departments(Capability.DELIVER) == {_department("x").id}
