"""The figures of ``make throttle`` in short; how long things take is not asserted here."""

import pytest
from flask import Flask

from portal.database import Database
from portal.people import passwords
from tests.security import throttle


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash as weakly as it goes, for nothing here depends on how long it takes."""
    weak = type(passwords._hasher)(time_cost=1, memory_cost=8, parallelism=1)
    passwords._dummy.cache_clear()
    monkeypatch.setattr(passwords, "_hasher", weak)
    monkeypatch.setattr(passwords, "_dummy", lambda: weak.hash("a password that nobody has"))


@pytest.mark.threat(2)
def test_a_shift_of_forty_signs_in_from_one_address_within_a_minute(
    app: Flask, database: Database
) -> None:
    figures = throttle.measure_shift(app, throttle.SEED, 40)
    assert (figures["typos"], figures["blocked"]) == (2, 0)


@pytest.mark.threat(1)
def test_of_fifty_wrong_passwords_sent_to_the_page_ten_are_hashed(
    app: Flask, database: Database
) -> None:
    assert throttle.measure_guessing(app, 50)["hashed"] == 10


@pytest.mark.threat(3)
def test_unknown_closed_and_passwordless_accounts_answer_alike(
    app: Flask, database: Database
) -> None:
    assert throttle.measure_enumeration(app, throttle.SEED, 5)["kinds_of_answers"] == 1


@pytest.mark.threat(3)
def test_every_kind_of_account_costs_one_hash(app: Flask, database: Database) -> None:
    addresses = throttle.add_kinds(passwords.hash_password(throttle.PASSWORD), each=1)
    prober = throttle.Prober(app)
    for name, (email,) in addresses.items():
        with throttle.counted_hashes() as hashed:
            assert prober.sign_in(email, "wrong").status_code == 422, name
        assert hashed == ["wrong"], name
