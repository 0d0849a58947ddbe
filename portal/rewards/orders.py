"""What an order moves in the ledger, step by step: its price and one piece, always together."""

from portal.rewards.ledger import Place, Transfer, find_posting
from portal.rewards.models import AccountKind, Redemption
from portal.rewards.rules import Rule

Way = tuple[Place, Place]


def hold(redemption: Redemption) -> list[Transfer]:
    """The price is held and a piece reserved."""
    return _step(redemption, Rule.REDEEMED, _price_way(redemption), _piece_way(redemption))


def hand_over(redemption: Redemption) -> list[Transfer]:
    """The price is spent and the piece handed out."""
    points = (_price_way(redemption)[1], Place(AccountKind.SPENT))
    piece = (_piece_way(redemption)[1], Place(AccountKind.HANDED_OUT))
    return _step(redemption, Rule.HANDED_OVER, points, piece)


def give_back(redemption: Redemption) -> list[Transfer]:
    """The opposite of holding: a reversal of its two postings."""
    points, piece = _price_way(redemption), _piece_way(redemption)
    return _step(redemption, Rule.REFUNDED, points[::-1], piece[::-1])


def _price_way(redemption: Redemption) -> Way:
    return Place(AccountKind.PERSON, redemption.person_id), Place(AccountKind.HELD)


def _piece_way(redemption: Redemption) -> Way:
    item_id = redemption.item_id
    return (
        Place(AccountKind.STOCK, item_id=item_id),
        Place(AccountKind.RESERVED, item_id=item_id),
    )


def _step(redemption: Redemption, rule: Rule, points: Way, piece: Way) -> list[Transfer]:
    return [
        Transfer(
            key=_key(redemption, rule, what),
            debit=debit,
            credit=credit,
            amount=amount,
            rule=rule,
            subject_kind="redemption",
            subject_id=redemption.id,
            memo=f"R-{redemption.number}",
            reverses_id=_held_by(redemption, what) if rule is Rule.REFUNDED else None,
        )
        for what, amount, (debit, credit) in (
            ("points", redemption.price_points, points),
            ("piece", 1, piece),
        )
    ]


def _key(redemption: Redemption, rule: Rule, what: str) -> str:
    return f"{rule}:redemption:{redemption.id}:{what}"


def _held_by(redemption: Redemption, what: str) -> int | None:
    return find_posting(_key(redemption, Rule.REDEEMED, what))
