"""Learned routers made by hand, and texts to learn from."""

from portal.routing.arrays import RARITY_STEPS, ZERO, Arrays


def make_arrays(weights: dict[str, tuple[int, ...]], **changes: object) -> Arrays:
    """A router whose features weigh this much for each label, all of rarity 1."""
    count = len(next(iter(weights.values())))

    def pack(amounts: tuple[int, ...]) -> int:
        fields = [*(ZERO + amount for amount in amounts), RARITY_STEPS, 1]
        return sum(field << 32 * place for place, field in enumerate(fields))

    values = {
        "labels": ("billing", "metering", "moves")[:count],
        "rows": {feature: pack(amounts) for feature, amounts in weights.items()},
        "step": 0.001,
        "offsets": (0.0,) * count,
        "sharpness": 5.0,
        **changes,
    }
    return Arrays(**values)


REFUND = {"refund": (900, -300), "meter": (-200, 700), "credit note": (800, 0), "the": (5, 5)}

BILLS = ["the refund is missing", "my bill is too high", "the refund came late", "a wrong bill"]
METERS = ["the meter is broken", "who reads the meter", "a new meter please", "meter not read"]
