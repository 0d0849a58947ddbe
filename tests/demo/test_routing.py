"""The demo's routing rules."""

from datetime import date

from portal.demo.plan import plan
from portal.demo.routing import RULES


def test_every_rule_names_a_department_of_the_demo_and_asks_something() -> None:
    keys = {department.key for department in plan(1, "small", date(2026, 11, 24)).departments}
    assert {key for _name, key, _asked in RULES} <= keys
    assert not any(asked.is_open for _name, _key, asked in RULES)
