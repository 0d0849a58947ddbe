"""Why customers call: eight groups with forty contact reasons, each owned by one department."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PRICES_RISE_ON = date(2026, 4, 1)
_FIRST_PRICE_ON = date(2025, 1, 1)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one contact costs in minor units, from a day on; the full cost has the overheads."""

    valid_from: date
    avoidable_minor: int
    full_minor: int


@dataclass(frozen=True, slots=True)
class Reason:
    """A contact reason. A group has no parent, no cost and no weekly contacts.

    `tendency` is how many of a hundred contacts are value, failure and unsure demand.
    """

    key: str
    label: str
    parent: str | None
    owner: str
    costs: tuple[Cost, ...]
    weekly_contacts: int
    tendency: tuple[int, int, int]
    friction: tuple[str, ...]


_GROUPS = (
    ("bill-unclear", "Bill unclear", "billing"),
    ("letters", "Letters and complaints", "billing"),
    ("meter", "Meter and readings", "metering"),
    ("payment", "Payments and reminders", "payments"),
    ("visit", "Engineer visit", "field-service"),
    ("online", "Website and app", "digital"),
    ("moving", "Moving home", "moves"),
    ("contract", "Contract and price", "moves"),
)

# group: key | label | avoidable cost in cents | contacts a week | value, failure, unsure | friction
_LEAVES = {
    "bill-unclear": """
        estimated-reading | Estimated reading | 580 | 1760 | 8 84 8 | unclear letter, policy
        bill-higher | Bill higher than expected | 640 | 1420 | 30 52 18 | unclear letter
        corrected-bill | Corrected bill | 720 | 610 | 5 88 7 | unclear letter, transfer
        first-bill | First bill | 560 | 880 | 42 44 14 | unclear letter
        standing-charge | Standing charge | 490 | 390 | 45 37 18 | unclear letter
        """,
    "letters": """
        unclear-letter | Letter unclear | 540 | 540 | 6 86 8 | unclear letter
        reminder-crossed | Reminder crossed in the post | 520 | 620 | 3 91 6 | unclear letter
        complaint-status | Complaint status | 690 | 410 | 4 90 6 | promise broken, transfer
        duplicate-bill | Copy of a bill | 450 | 730 | 48 42 10 | policy, slow system
        """,
    "meter": """
        send-reading | Send a meter reading | 380 | 1150 | 52 38 10 | menu maze, slow system
        meter-access | Reading visit and access | 610 | 470 | 20 68 12 | promise broken, policy
        meter-text | Text about the meter | 430 | 520 | 5 85 10 | unclear letter
        smart-meter | Smart meter sends nothing | 760 | 360 | 12 76 12 | slow system, transfer
        meter-exchange | Meter exchange | 650 | 330 | 40 46 14 | promise broken
        meter-doubt | Meter seems wrong | 830 | 240 | 38 34 28 | policy, transfer
        """,
    "payment": """
        instalment-change | Change an instalment | 470 | 980 | 62 28 10 | slow system
        payment-missing | Payment not shown | 620 | 690 | 4 90 6 | slow system, repeat-ID
        payment-plan | Payment plan | 810 | 520 | 58 30 12 | policy, promise broken
        direct-debit | Direct debit and bank change | 510 | 590 | 46 44 10 | repeat-ID, slow system
        refund | Waiting for a refund | 660 | 450 | 6 86 8 | promise broken
        debt-letter | Letter from collections | 920 | 210 | 10 74 16 | transfer, unclear letter
        """,
    "visit": """
        where-engineer | Where is my engineer | 580 | 540 | 3 92 5 | promise broken, dropped channel
        change-visit | Change an appointment | 520 | 480 | 64 26 10 | menu maze
        missed-visit | Missed appointment | 940 | 260 | 2 94 4 | promise broken
        no-supply | No supply | 880 | 310 | 66 20 14 | menu maze, repeat-ID
        work-unfinished | Work left unfinished | 990 | 150 | 3 91 6 | promise broken, transfer
        """,
    "online": """
        login-code | Login code does not arrive | 430 | 760 | 3 92 5 | dropped channel
        password-twice | Asked to identify twice | 410 | 350 | 4 88 8 | repeat-ID
        bill-not-online | Bill not in the portal | 460 | 420 | 6 87 7 | dropped channel
        form-fails | Form cannot be sent | 480 | 380 | 4 90 6 | dropped channel, menu maze
        chat-dropped | Chat broke off | 500 | 290 | 3 92 5 | dropped channel, repeat-ID
        """,
    "moving": """
        move-in | Move in | 700 | 620 | 66 22 12 | repeat-ID, slow system
        move-out | Move out and final bill | 680 | 540 | 40 48 12 | slow system, promise broken
        name-change | Name on the contract | 520 | 210 | 60 28 12 | policy
        landlord | Landlord and empty flat | 740 | 170 | 44 42 14 | policy, transfer
        bereavement | After a death | 890 | 120 | 46 40 14 | policy, repeat-ID
        """,
    "contract": """
        price-letter | Price change letter | 550 | 830 | 28 56 16 | unclear letter
        tariff-advice | Which tariff suits me | 730 | 470 | 78 10 12 | slow system
        cancel | Cancel or renew | 640 | 400 | 50 36 14 | policy, menu maze
        bonus | Bonus not paid | 600 | 280 | 4 89 7 | promise broken
        """,
}


def _group(key: str, label: str, owner: str) -> Reason:
    return Reason(key, label, None, owner, (), 0, (0, 0, 0), ())


def _costs(cents: int) -> tuple[Cost, ...]:
    """The price of a contact, and what it rose to with the wages of April."""
    risen = round(cents * 1.04 / 5) * 5
    return (
        Cost(_FIRST_PRICE_ON, cents, cents * 8 // 5),
        Cost(PRICES_RISE_ON, risen, risen * 8 // 5),
    )


def _leaf(line: str, group: str, owner: str) -> Reason:
    key, label, cents, weekly, tendency, friction = (cell.strip() for cell in line.split("|"))
    value, failure, unsure = (int(share) for share in tendency.split())
    tags = tuple(friction.split(", "))
    return Reason(
        key, label, group, owner, _costs(int(cents)), int(weekly), (value, failure, unsure), tags
    )


GROUPS = tuple(_group(*group) for group in _GROUPS)
LEAVES = tuple(
    _leaf(line, group.key, group.owner)
    for group in GROUPS
    for line in _LEAVES[group.key].strip().splitlines()
)
REASONS = (*GROUPS, *LEAVES)
BY_KEY = {reason.key: reason for reason in REASONS}
