"""Points and things to spend them on."""

from itertools import count
from uuid import uuid4

from portal.actor import PROGRAM, Role
from portal.people.models import Person
from portal.rewards import services
from portal.rewards.models import Redemption, RewardItem, TaxClass
from portal.rewards.rules import Rule
from tests.factories.people import actor_of, make_person

_serial = count(1)


def make_item(
    name: str = "Coffee bar card", *, price: int = 180, stock: int | None = 10
) -> RewardItem:
    """Something in the catalogue; inside a writing unit."""
    return services.add_item(
        PROGRAM,
        f"{name.lower().replace(' ', '-')}-{next(_serial)}",
        name=name,
        description="Ten drinks at either site",
        icon="coffee",
        price_points=price,
        tax_class=TaxClass.UNTAXED,
        stock=stock,
    )


def give_points(person: Person, amount: int) -> None:
    """Points from an outcome that nobody looks at; inside a writing unit."""
    services.award(
        person.id,
        rule=Rule.OUTCOME,
        amount=amount,
        subject_kind="test",
        subject_id=next(_serial),
        event_key="once",
        memo="I-1042",
    )


def make_rich_person(points: int = 1240, name: str = "Amina Yusuf") -> Person:
    """Somebody with points; inside a writing unit."""
    person = make_person(name)
    give_points(person, points)
    return person


def make_fulfiller(name: str = "Bram de Wit") -> Person:
    """Somebody who hands over rewards; inside a writing unit."""
    return make_person(name, role=Role.ADMINISTRATOR)


def make_redemption(person: Person, item: RewardItem) -> Redemption:
    """An order that waits for approval; inside a writing unit."""
    return services.redeem(actor_of(person), item, nonce=str(uuid4()))
