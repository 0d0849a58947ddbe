"""Storing insights."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.actor import PROGRAM, Actor
from portal.audit.models import AuditRow
from portal.database import Database, release, session, sqlite_path, writing
from portal.errors import Conflict, NotAllowed, NotFound, RuleBroken
from portal.insights import queries, services
from portal.insights.capture import NewInsight, make_ready
from portal.insights.models import Channel, DemandType, Friction, Insight
from portal.now import now
from tests.factories.demand import make_reason
from tests.factories.insights import make_insight
from tests.factories.people import actor_of, make_department, make_headed_department, make_person

CARD = "4111111111111111"


@pytest.fixture
def desk(database: Database) -> int:
    """The id of the orphans' desk."""
    with writing():
        return make_headed_department("Service quality", takes_orphans=True)[0].id


def _count() -> int:
    release()
    return session().scalar(select(func.count(Insight.id))) or 0


def test_an_insight_goes_to_the_owner_of_its_reason(database: Database) -> None:
    with writing():
        billing = make_department("Billing")
        agent = make_person()
        reason = make_reason("Bill unclear", owner=billing)
    with writing():
        insight = make_insight(
            actor=actor_of(agent),
            reason_id=reason.id,
            channel=Channel.PHONE,
            demand_type=DemandType.FAILURE,
            friction=[Friction.UNCLEAR_LETTER],
            severity=2,
            minutes=7,
        )
    assert insight.department_id == billing.id
    assert insight.routed_because == {
        "rule": "reason",
        "reason": "Bill unclear",
        "department": "Billing",
    }
    kept = queries.get_visible_insight(PROGRAM, insight.number)
    assert (kept.author_id, kept.friction, kept.channel) == (
        agent.id,
        ["unclear letter"],
        Channel.PHONE,
    )


def test_an_insight_without_a_reason_goes_to_the_orphans_desk(desk: int) -> None:
    with writing():
        assert make_insight().department_id == desk


def test_insights_are_numbered_without_gaps(desk: int) -> None:
    with writing():
        numbers = [make_insight().number, make_insight().number]
    with pytest.raises(RuleBroken), writing():
        make_insight(text=" ")
    with writing():
        numbers.append(make_insight().number)
    assert numbers == [1, 2, 3]


def test_a_form_sent_twice_is_one_insight(desk: int) -> None:
    with writing():
        actor = actor_of(make_person())
    numbers = set()
    for _time in range(2):
        with writing():
            numbers.add(make_insight(actor=actor, nonce="the same").number)
    assert len(numbers) == 1
    assert _count() == 1


def test_a_form_sent_twice_at_once_is_one_insight(desk: int) -> None:
    with writing():
        actor = actor_of(make_person())
        make_insight()

    def send(_time: int) -> int:
        with writing():
            return make_insight(actor=actor, nonce="at once").number

    with ThreadPoolExecutor(6) as pool:
        numbers = set(pool.map(send, range(12)))
    assert numbers == {2}
    assert _count() == 2


def test_a_form_of_somebody_else_is_refused(desk: int) -> None:
    with writing():
        mine, theirs = actor_of(make_person()), actor_of(make_person())
        make_insight(actor=mine, nonce="mine")
    with pytest.raises(Conflict), writing():
        make_insight(actor=theirs, nonce="mine")


def test_a_contact_is_reported_once_by_its_reference(desk: int) -> None:
    with writing():
        first = make_insight(external_id="call-7")
    with pytest.raises(RuleBroken, match=f"N-{first.number}") as caught, writing():
        make_insight(external_id="call-7")
    assert caught.value.field == "external_id"


def test_a_card_number_never_reaches_the_database(desk: int, database: Database) -> None:
    with writing():
        make_insight(text=f"He said {CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]} to me.")
        services.add_insights(
            PROGRAM, [make_ready(NewInsight(text=f"Card {CARD}.", expected=CARD, external_id=CARD))]
        )
    release()
    stored = session().execute(select(Insight.text, Insight.expected, Insight.external_id)).all()
    assert "1111 1111" not in str(stored)
    assert CARD not in str(stored)
    path = sqlite_path(database.url)
    if path is not None:
        files = [file.read_bytes() for file in path.parent.glob(f"{path.name}*")]
        assert files
        assert not any(CARD.encode() in content or b"1111 1111" in content for content in files)


def test_many_insights_are_stored_with_one_audit_row(desk: int) -> None:
    with writing():
        reason = make_reason("Bill unclear")
    rows = [
        make_ready(NewInsight(text=f"Number {n}", reason_id=reason.id if n % 2 else None))
        for n in range(10)
    ]
    with writing():
        assert services.add_insights(PROGRAM, rows) == 10
    release()
    found = session().execute(select(Insight.number, Insight.department_id)).all()
    assert {row.number for row in found} == set(range(1, 11))
    assert {row.department_id for row in found} == {desk, reason.owner_department_id}
    actions = session().scalars(
        select(AuditRow.details).where(AuditRow.action == "insight.imported")
    )
    assert list(actions) == [{"first": 1, "count": 10}]


def test_known_and_repeated_references_are_left_out_of_many(desk: int) -> None:
    with writing():
        make_insight(external_id="a")
    rows = [make_ready(NewInsight(text="x", external_id=one)) for one in ("a", "b", "b", "c")]
    with writing():
        assert services.add_insights(PROGRAM, rows) == 2
    with writing():
        assert services.add_insights(PROGRAM, rows) == 0
    assert _count() == 3


def test_nobody_without_the_capability_reports(desk: int) -> None:
    nobody = Actor(id=1, name="Nobody")
    with pytest.raises(NotAllowed), writing():
        make_insight(actor=nobody)
    with pytest.raises(NotAllowed), writing():
        services.add_insights(nobody, [])
    with writing():
        number = make_insight().number
    with pytest.raises(NotFound):
        queries.get_visible_insight(nobody, number)
    assert queries.list_insights(nobody, queries.InsightFilters()).items == ()


def test_an_unknown_reason_is_not_found(desk: int) -> None:
    with pytest.raises(NotFound), writing():
        make_insight(reason_id=999)


def test_the_list_is_paged_newest_first_in_both_directions(desk: int) -> None:
    with writing():
        for days in range(7):
            make_insight(f"Day {days}", occurred_at=now() - timedelta(days=days))
    filters = queries.InsightFilters()
    first = queries.list_insights(PROGRAM, filters, limit=3)
    second = queries.list_insights(PROGRAM, filters, first.older, limit=3)
    third = queries.list_insights(PROGRAM, filters, second.older, limit=3)
    back = queries.list_insights(PROGRAM, filters, third.newer, limit=3)
    words = [[row.start for row in page.items] for page in (first, second, third, back)]
    assert words[:3] == [
        ["Day 0", "Day 1", "Day 2"],
        ["Day 3", "Day 4", "Day 5"],
        ["Day 6"],
    ]
    assert words[3] == words[1]
    assert third.older is None


@pytest.mark.parametrize("names", ["", "d", "r", "t", "c", "dr", "tc", "drtc"])
def test_each_set_of_filters_finds_what_fits_all_of_them(desk: int, names: str) -> None:
    with writing():
        reason = make_reason("Bill unclear")
        make_insight("wanted", reason_id=reason.id, channel=Channel.CHAT, demand_type="value")
        make_insight("other")
    filters = queries.InsightFilters(
        department_id=reason.owner_department_id if "d" in names else None,
        reason_ids=(reason.id,) if "r" in names else None,
        demand_type=DemandType.VALUE if "t" in names else None,
        channel=Channel.CHAT if "c" in names else None,
    )
    found = [row.start for row in queries.list_insights(PROGRAM, filters).items]
    assert found == (["wanted"] if names else ["other", "wanted"])
    assert queries.count_insights(PROGRAM, filters) == len(found)
