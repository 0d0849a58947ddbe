"""The administrators' overview."""

from flask import Flask

from portal.actor import Role
from portal.database import writing
from tests.factories.people import make_person
from tests.support.client import Client


def test_the_overview_is_for_administrators_and_names_what_is_missing(
    app: Flask, client: Client
) -> None:
    with writing():
        administrator = make_person("Bram de Wit", role=Role.ADMINISTRATOR)
        agent = make_person()
    assert client.sign_in(agent).get("/admin/").status_code == 404
    page = client.sign_in(administrator).get("/admin/")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert "There are no contact reasons" in page.text
