"""The pages, as a browser without JavaScript sees them."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from portal.database import Database, reading, writing
from portal.people.models import Person
from portal.rewards import queries, services
from portal.rewards.models import Redemption, RedemptionState
from portal.rewards.proof import check_ledger
from tests.factories.people import actor_of, make_person
from tests.factories.rewards import (
    give_points,
    make_fulfiller,
    make_item,
    make_redemption,
    make_rich_person,
)
from tests.support.client import Client
from tests.support.statements import counting

OUR_TABLES = ("accounts", "postings", "redemptions", "reward_items")


@pytest.fixture
def amina(client: Client) -> Person:
    """Somebody with 1,240 points, signed in."""
    with writing():
        person = make_rich_person(1240)
    client.sign_in(person)
    return person


def order_path(order: Redemption, step: str = "") -> str:
    return f"/rewards/redemptions/R-{order.number}" + (f"/{step}" if step else "")


def test_the_balance_says_what_it_is_worth_and_what_is_held(client: Client, amina: Person) -> None:
    with writing():
        make_redemption(amina, make_item(price=180))
    page = client.get("/rewards")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert '<div class="big">1,060</div>' in page.text
    assert "€ 106.00" in page.text
    assert '<b class="num">180</b> in orders that wait' in page.text
    assert "−180" in page.text
    assert "+1,240" in page.text


def test_somebody_without_points_reads_how_to_get_some(client: Client, database: Database) -> None:
    with writing():
        person = make_person()
    page = client.sign_in(person).get("/rewards")
    assert '<div class="big">0</div>' in page.text
    assert "No points yet" in page.text


def test_a_statement_goes_back_page_by_page_with_the_balance_after_each(
    client: Client, amina: Person
) -> None:
    with writing():
        for _ in range(24):
            give_points(amina, 10)
    with reading():
        first = queries.list_statement(amina.id)
        second = queries.list_statement(amina.id, first.older)
    balances = [row.balance for row in (*first.items, *second.items)]
    assert balances == [1240 + 10 * n for n in range(24, -1, -1)]
    page = client.get(f"/rewards?cursor={first.older}")
    assert page.text.count("<tr>") == 1 + 5
    assert client.get("/rewards?cursor=nonsense").status_code == 400


def test_the_statement_is_a_file_too(client: Client, amina: Person) -> None:
    with writing():
        make_redemption(amina, make_item(price=180))
    answer = client.get("/rewards/statement.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="points.csv"'
    lines = answer.text.splitlines()
    assert lines[0] == "date,rule,about,points,balance"
    assert [line.split(",", 1)[1] for line in lines[1:]] == [
        "outcome,I-1042,1240,1240",
        "redeemed,R-1,-180,1060",
    ]


def test_the_catalogue_shows_price_stock_and_what_is_missing(client: Client, amina: Person) -> None:
    with writing():
        make_item("Two cinema tickets", price=260, stock=23)
        make_item("Month of free parking", price=1600, stock=1)
        make_item("A day with the analysts", price=450, stock=None)
        make_item("Half a day off", price=800, stock=0)
    page = client.get("/rewards/catalogue")
    assert page.text.count("<h1") == 1
    for words in ("23 in stock", "360 to go", "Always there", "All gone", "You have 1,240 points."):
        assert words in page.text
    assert page.text.count(">Get it<") == 2


def test_ordering_is_a_page_with_one_button_that_counts_once(client: Client, amina: Person) -> None:
    with writing():
        item = make_item(price=180)
    path = f"/rewards/catalogue/{item.key}/redeem"
    page = client.get(path)
    assert page.text.count("<h1") == 1
    assert "<dt>Tax</dt>" not in page.text
    fields = client.fields(page, path)
    answers = [client.post(path, fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert {answer.location for answer in answers} == {"/rewards/redemptions/R-1"}
    with reading():
        assert queries.get_balance(amina.id) == 1060
    order = client.get("/rewards/redemptions/R-1").text
    assert "Requested" in order
    assert "<dt>By</dt>" not in order


@pytest.mark.threat(50)
@pytest.mark.parametrize("nonce", ["", "again", "1" * 400])
def test_an_order_without_its_nonce_is_refused(client: Client, amina: Person, nonce: str) -> None:
    with writing():
        item = make_item(price=180)
    path = f"/rewards/catalogue/{item.key}/redeem"
    answer = client.post(path, {"nonce": nonce})
    assert answer.status_code == 422
    assert "Open the catalogue again" in answer.text
    assert len(client.fields(answer, path)["nonce"]) == 36


def test_what_is_too_dear_or_gone_is_refused_in_words(client: Client, amina: Person) -> None:
    with writing():
        dear, gone = make_item(price=1600), make_item(stock=0)
    dear_path = f"/rewards/catalogue/{dear.key}/redeem"
    assert "360 points to go." in client.get(dear_path).text
    answer = client.post(dear_path, {"nonce": str(uuid4())})
    assert answer.status_code == 422
    assert answer.text.count("360 points to go.") == 1
    gone_path = f"/rewards/catalogue/{gone.key}/redeem"
    assert "All gone for now." in client.get(gone_path).text
    answer = client.post(gone_path, {"nonce": str(uuid4())})
    assert answer.status_code == 409
    assert "has just gone" in answer.text
    assert client.get("/rewards/catalogue/nothing/redeem").status_code == 404


def test_the_desk_approves_and_hands_over_and_the_person_receives(
    client: Client, new_client: Callable[[], Client], amina: Person
) -> None:
    with writing():
        fulfiller = make_fulfiller()
        order = make_redemption(amina, make_item())
    desk = new_client().sign_in(fulfiller)
    for step, button in (("approve", "Approve"), ("fulfil", "Hand over")):
        page = desk.get(order_path(order))
        assert page.text.count("<h1") == 1
        assert f">{button}<" in page.text
        assert f">{button}<" not in client.get(order_path(order)).text
        assert desk.post(order_path(order, step)).status_code == 303
    assert ">I have it<" in client.get(order_path(order)).text
    assert client.post(order_path(order, "receive")).status_code == 303
    assert desk.post(order_path(order, "refund")).status_code == 409
    with reading():
        assert check_ledger() == []


def test_the_desk_lists_orders_by_where_they_stand(
    client: Client, new_client: Callable[[], Client], amina: Person
) -> None:
    with writing():
        person = make_fulfiller()
        order = make_redemption(amina, make_item("Better headset", price=100))
        make_redemption(amina, make_item("Coffee bar card", price=100))
        services.approve(actor_of(person), order)
    desk = new_client().sign_in(person)
    requested = desk.get("/rewards/redemptions")
    assert requested.text.count("<h1") == 1
    assert "Coffee bar card" in requested.text
    assert "Better headset" not in requested.text
    assert "Better headset" in desk.get("/rewards/redemptions?state=approved").text
    assert desk.get("/rewards/redemptions?state=nonsense").status_code == 200
    assert "Orders to handle (2)" in desk.get("/rewards").text


@pytest.mark.threat(18)
def test_orders_of_others_and_their_list_are_not_there_for_agents(
    client: Client, new_client: Callable[[], Client], amina: Person
) -> None:
    with writing():
        ben = make_person("Ben Otto")
        order = make_redemption(amina, make_item())
    other = new_client().sign_in(ben)
    assert other.get(order_path(order)).status_code == 404
    for step in ("approve", "fulfil", "receive", "refund"):
        assert other.post(order_path(order, step)).status_code == 404
    assert other.get("/rewards/redemptions").status_code == 404
    assert client.post(order_path(order, "approve")).status_code == 403


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/rewards", 4),
        ("/rewards/catalogue", 2),
        ("/rewards/redemptions", 2),
        ("/rewards/redemptions/R-1", 2),
    ],
)
def test_a_page_asks_the_same_of_the_database_however_long_its_lists_are(
    client: Client, database: Database, path: str, expected: int
) -> None:
    with writing():
        person, desk = make_rich_person(5_000), make_fulfiller()
        give_points(desk, 10)
        make_redemption(person, make_item(price=10))
    client.sign_in(desk)
    few = our_statements(client, database, path)
    with writing():
        for _ in range(12):
            give_points(desk, 10)
            make_redemption(person, make_item(price=10))
    assert our_statements(client, database, path) == few == expected


def our_statements(client: Client, database: Database, path: str) -> int:
    with counting(database) as seen:
        assert client.get(path).status_code == 200
    return sum(any(table in statement for table in OUR_TABLES) for statement in seen)


def test_states_of_orders_have_words(client: Client, amina: Person) -> None:
    with writing():
        order = make_redemption(amina, make_item())
    for state in RedemptionState:
        with writing() as unit:
            unit.merge(order).state = state
        assert client.get("/rewards").status_code == 200
        assert client.get(order_path(order)).status_code == 200
