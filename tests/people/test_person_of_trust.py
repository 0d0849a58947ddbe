"""Giving the role of a person of trust: by an administrator, and to nobody who is one."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.actor import Role
from portal.audit.models import AuditRow
from portal.authors.opening import list_guards
from portal.database import release, session, writing
from portal.people.models import RoleAssignment
from tests.factories.people import make_person
from tests.support.client import Client


@pytest.mark.threat(22)
def test_a_person_of_trust_is_named_and_let_go_on_the_page_of_the_person(
    app: Flask, client: Client
) -> None:
    with writing():
        administrator = make_person("Bram de Wit", role=Role.ADMINISTRATOR)
        person = make_person("Rosa Lindner")
    client.sign_in(administrator)
    address = f"/people/{person.id}"
    assert "Person of trust" in client.get(address).text
    given = client.post(f"{address}/roles", {"role": "person_of_trust", "department": ""})
    assert given.status_code == 303
    release()
    assert list_guards() == [person.id]
    assert client.get(address).status_code == 200
    held = session().scalars(
        select(RoleAssignment.id).where(RoleAssignment.role == Role.PERSON_OF_TRUST)
    )
    assert client.post(f"{address}/roles/{held.one()}/end").status_code == 303
    release()
    assert list_guards() == []
    tags = session().scalars(select(AuditRow.action).order_by(AuditRow.seq)).all()
    assert tags[-2:] == ["role.granted", "role.ended"]


@pytest.mark.threat(22, 53)
@pytest.mark.parametrize(
    ("has", "gets"),
    [
        (Role.ADMINISTRATOR, Role.PERSON_OF_TRUST),
        (Role.PERSON_OF_TRUST, Role.ADMINISTRATOR),
    ],
)
def test_nobody_holds_both_keys_to_a_seal_or_takes_one(
    has: Role, gets: Role, app: Flask, client: Client
) -> None:
    with writing():
        administrator = make_person("Bram de Wit", role=Role.ADMINISTRATOR)
        person = make_person("Rosa Lindner", role=has)
    client.sign_in(administrator)
    answer = client.post(f"/people/{person.id}/roles", {"role": gets.value, "department": ""})
    assert answer.status_code == 422
    assert "Nobody is both an administrator and a person of trust" in answer.text
    own = {"role": "person_of_trust", "department": ""}
    assert client.post(f"/people/{administrator.id}/roles", own).status_code == 403
