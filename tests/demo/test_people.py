"""The demo company: who works where."""

from collections import Counter

from portal.demo.people import BY_KEY, DEPARTMENT_BY_KEY, DEPARTMENTS, OWNERS, PEOPLE, key_of


def test_ninety_people_with_the_roles_of_a_contact_centre() -> None:
    roles = Counter(person.role for person in PEOPLE)
    assert roles == {
        "agent": 65,
        "head": 6,
        "deputy": 6,
        "handler": 6,
        "validator": 3,
        "leader": 3,
        "admin": 1,
    }


def test_names_keys_and_addresses_are_unique() -> None:
    for values in zip(*((p.key, p.name, p.email) for p in PEOPLE), strict=True):
        assert len(set(values)) == 90
    assert all(person.email.isascii() for person in PEOPLE)


def test_the_demo_accounts_belong_to_the_right_people() -> None:
    name_of = {person.email.split("@")[0]: person for person in PEOPLE}
    assert name_of["agent"].name == "Amina Yusuf"
    assert (name_of["head"].department, name_of["head"].role) == ("billing", "head")
    assert (name_of["deputy"].department, name_of["deputy"].role) == ("billing", "deputy")
    roles = [name_of[mail].role for mail in ("second.agent", "validator", "leader", "admin")]
    assert roles == ["agent", "validator", "leader", "admin"]


def test_the_departments_form_one_tree_with_known_heads() -> None:
    assert len(OWNERS) == 6
    for unit in DEPARTMENTS:
        assert unit.head in BY_KEY
        assert unit.deputy is None or unit.deputy in BY_KEY
        assert (unit.parent is None) == (unit.key == "company")
        assert unit.parent is None or unit.parent in DEPARTMENT_BY_KEY
    assert {person.department for person in PEOPLE} <= set(DEPARTMENT_BY_KEY)


def test_validators_belong_to_no_department_that_owns_reasons() -> None:
    assert not {p.department for p in PEOPLE if p.role == "validator"} & set(OWNERS)


def test_a_key_is_plain_ascii() -> None:
    assert key_of("Viktória Szabó") == "viktoria-szabo"
    assert key_of("Emre Yıldız") == "emre-yildiz"
