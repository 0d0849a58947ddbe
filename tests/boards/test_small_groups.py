"""Nothing on a board is about fewer than five people, nor is the difference of two figures."""

from itertools import combinations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.boards.queries import Level, Period, get_leaderboard
from portal.boards.small_groups import SMALLEST_GROUP, Cells, Team, choose_cells
from portal.database import Database, reading, session, writing
from portal.impact.models import ImpactCredit
from portal.people.models import Person
from tests.factories.impact import JUDGED
from tests.factories.people import make_department, make_person
from tests.support.client import Client

TEAMS = st.lists(
    st.integers(0, 14).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), max_size=8
)


def _figures(teams: list[Team], elsewhere: int, cells: Cells) -> list[frozenset[str]]:
    """Whom each published figure is the sum of, once what the named ones have was taken off.

    The unnamed of a team count as so many different people; the whole is always published.
    """
    unnamed = {team.id: {f"{team.id}-{n}" for n in range(team.unnamed)} for team in teams}
    homeless = {f"none-{n}" for n in range(elsewhere)}
    whole = homeless.union(*unnamed.values())
    shown = [frozenset(unnamed[key]) for key in cells.shown]
    rest = frozenset(whole - set().union(*shown))
    assert len(rest) == cells.rest
    figures = [*shown, frozenset(whole)] if cells.are_names_shown else []
    return figures + ([rest] if cells.is_rest_shown else [])


@pytest.mark.threat(60)
@given(TEAMS, st.integers(0, 9))
def test_no_two_figures_differ_by_fewer_than_five_people(
    sizes: list[tuple[int, int]], elsewhere: int
) -> None:
    teams = [Team(key, people, unnamed) for key, (people, unnamed) in enumerate(sizes, start=1)]
    cells = choose_cells(teams, elsewhere)
    figures = _figures(teams, elsewhere, cells)
    alone = [len(figure) for figure in figures]
    between = [len(one ^ other) for one, other in combinations(figures, 2)]
    assert all(count == 0 or count >= SMALLEST_GROUP for count in alone + between)
    small = {team.id for team in teams if team.people < SMALLEST_GROUP}
    assert not small & cells.shown


@given(TEAMS, st.integers(0, 9))
def test_no_more_is_left_out_than_has_to_be(sizes: list[tuple[int, int]], elsewhere: int) -> None:
    teams = [Team(key, people, unnamed) for key, (people, unnamed) in enumerate(sizes, start=1)]
    cells = choose_cells(teams, elsewhere)
    large = [team for team in teams if team.people >= SMALLEST_GROUP]
    fine = [team for team in large if not 0 < team.unnamed < SMALLEST_GROUP]
    if cells.are_names_shown:
        assert len(cells.shown) >= len(fine) - 1
    else:
        assert cells.rest < SMALLEST_GROUP


def _give_credit(person: Person, validation: ImpactCredit, low: int) -> None:
    """So much of a benefit to somebody, as if it had been signed."""
    session().add(
        ImpactCredit(
            idea_id=validation.idea_id,
            validation_id=validation.validation_id,
            person_id=person.id,
            department_id=person.home_department_id,
            percent=1,
            low_minor=low,
            mid_minor=low,
            high_minor=low,
            grade=validation.grade,
            validated_on=validation.validated_on,
        )
    )


@pytest.mark.threat(60)
def test_a_small_team_is_on_no_board_in_no_file_and_behind_no_address(
    proven: object, app: Flask, client: Client, database: Database
) -> None:
    with writing():
        known = session().scalars(select(ImpactCredit)).first()
        assert known
        small, large = make_department("Night Shift"), make_department("Day Shift")
        for place in range(3):
            _give_credit(make_person(f"Owl {place}", home=small), known, 700_000 + place)
        for place in range(6):
            _give_credit(make_person(f"Lark {place}", home=large), known, 100_000 + place)
        leader = make_person("Helen Whitcombe")
        for _place in range(5):
            make_person()
    client.sign_in(leader)
    for level in ("teams", "people"):
        page = client.get(f"/boards/impact?level={level}").text.partition("<main")[2]
        assert "Day Shift" in page
        assert "Night Shift" not in page
        assert "Owl" not in page
    assert client.get(f"/boards/impact/teams/{large.id}").status_code == 200
    assert client.get(f"/boards/impact/teams/{small.id}").status_code == 404
    for level in ("teams", "people"):
        assert "Night Shift" not in client.get(f"/boards/impact.csv?level={level}").text


@pytest.mark.threat(60)
def test_a_period_of_one_day_tells_as_little_as_a_year(proven: object, app: Flask) -> None:
    """The groups do not follow who achieved something: six people stay six people."""
    with writing():
        known = session().scalars(select(ImpactCredit)).first()
        assert known
        team = make_department("Day Shift")
        for _place in range(5):
            make_person()  # at home nowhere: the rest is large enough without the team
        people = [make_person(f"Lark {place}", home=team) for place in range(6)]
        _give_credit(people[0], known, 100_000)
    day = JUDGED.date()
    with reading():
        board = get_leaderboard(Level.PEOPLE, Period(day, day))
    row = next(place.entry for place in board.places if place.entry.name == "Day Shift")
    assert (row.heads, row.total.low, row.key) == (6, 100_000, "")


@pytest.mark.threat(60)
def test_where_too_few_are_left_the_board_says_so_and_names_nobody(
    proven: object, client: Client
) -> None:
    with writing():
        people = session().scalars(select(Person).order_by(Person.id)).all()
        for person in people[:-3]:
            person.named_on_boards = True
    client.sign_in(people[0])
    page = client.get("/boards/impact?level=people").text.partition("<main")[2]
    assert "Fewer than five people: not shown." in page
    assert not [one.name for one in people if one.name in page]
    author = session().scalars(select(ImpactCredit.person_id)).first()
    assert client.get(f"/boards/impact/people/{author}").status_code == 404
