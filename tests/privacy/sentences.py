"""Customer sentences with and without personal data, labelled, in seven countries' formats."""

from dataclasses import dataclass
from random import Random

from stdnum import iban

from portal.identifiers import Kind

BBANS = {
    "DE": "18n", "GB": "4a14n", "FR": "23n", "ES": "20n", "IT": "1a22n", "NL": "4a10n",
}  # fmt: skip
PHONES = {
    "US": ["({a}) {b}-{c}", "{a}-{b}-{c}", "{a}.{b}.{c}", "+1 {a} {b} {c}", "+1 ({a}) {b}-{c}"],
    "GB": ["020 7{s3} {s4}", "+44 20 7{s3} {s4}", "07700 900{s3}", "(020) 7{s3} {s4}",
           "+44 7700 900{s3}", "0161 496 0{s3}"],
    "DE": ["030 {s8}", "+49 30 {s8}", "0171 {s7}", "+49 171 {s7}", "(030) {s8}", "0171/{s7}"],
    "FR": ["01 42 {s2} {s2} {s2}", "+33 6 12 {s2} {s2} {s2}", "06 12 {s2} {s2} {s2}",
           "06.12.{s2}.{s2}.{s2}"],
    "ES": ["+34 612 {s3} {s3}", "+34 91 {s3} {s4}", "tel. 612 {s3} {s3}"],
    "IT": ["+39 347 {s3} {s4}", "+39 06 {s4} {s4}", "tel. 347 {s3} {s4}"],
    "NL": ["06 12{s2}{s4}", "+31 6 12{s2}{s4}", "020 62{s1} {s4}", "+31 20 62{s1} {s4}"],
}  # fmt: skip
AREAS = ("212", "415", "312", "617", "305", "206", "713", "602")
FIRST, LAST = ("ann", "jose", "mueller", "li", "o.brien", "k_smith"), ("lee", "garcia", "b", "1978")
HOSTS = ("example.com", "mail.example.org", "posteo.example", "company.co.uk", "web.example.de")

TELLINGS = {
    Kind.EMAIL: ["Please write to {} instead.", "He gave {} as his address", "mail: {}",
                 "She wants the bill at {}, not by post.", "Contact ({}) on file is wrong"],
    Kind.PHONE: ["Call her back at {} after 5.", "He can be reached on {}.", "New number: {}",
                 "My phone is {}, she said.", "Customer {} rang three times"],
    Kind.ACCOUNT: ["Refund goes to {}.", "The new account is {}, he said.", "IBAN {} was refused",
                   "She typed {} twice."],
    Kind.CARD: ["He read out {} to me.", "Card {} was declined twice.", "Paid with {}, she says."],
}  # fmt: skip
HARMLESS = (
    "Order {n8} came two days late.", "Tracking number 1Z{n6}W{n10} shows nothing.",
    "The parcel {n12} is at the depot since {date}.", "Invoice INV-{n8} over {price} is wrong.",
    "Case #{n10} was closed on {date} at {time}.", "ZIP {n5} is not served, says the form.",
    "ZIP+4 {n5}-{n4} is refused by the page.", "Postcode SW1A 1AA and {n5} Berlin are mixed up.",
    "Version {v} of the app crashes on iOS {d}.{d}.", "Open {time}-{time}, closed on {date}.",
    "The meter went from {n5} to {n5} in {d} days.", "She waited {n2} minutes and paid {price}.",
    "Contract {n9}, customer {n7}, tariff {d}.", "The bill of {price} became {price} on {date}.",
    "Ticket ABC-{n6} and {n7} are the same.", "From {date} to {date}, {n3} calls a day.",
    "IP 10.{d}.{n2}.{d} cannot log in since {date}.", "Room {n3}, floor {d}, desk {d}.{n2}",
    "The QR code says {n16x}.", "Serial number {n4}-{n4}-X{n4} is not known.",
    "twitter handle @{first} and {d} at home", "Delivered {n2}/{n2}? It says {date}.",
    "They promised {n2} % off and {price} back.", "Reference RF{n2}X{n6} is too short.",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A sentence, what is personal in it, and its kind; None where nothing is."""

    text: str
    kind: Kind | None = None
    personal: str = ""


def make_corpus(seed: int, count: int = 2_000) -> list[Line]:
    """So many lines, half of them with personal data."""
    random = Random(seed)
    kinds = [Kind.EMAIL, Kind.PHONE, Kind.ACCOUNT]
    lines = [_telling(random, kinds[number % 3]) for number in range(count // 2)]
    lines += [Line(_fill(random, random.choice(HARMLESS))) for _ in range(count - len(lines))]
    random.shuffle(lines)
    return lines


def _telling(random: Random, kind: Kind) -> Line:
    personal = {Kind.EMAIL: _email, Kind.PHONE: _phone, Kind.ACCOUNT: _account}[kind](random)
    return Line(random.choice(TELLINGS[kind]).format(personal), kind, personal)


def _email(random: Random) -> str:
    address = f"{random.choice(FIRST)}.{random.choice(LAST)}@{random.choice(HOSTS)}"
    return random.choice([address, address.upper(), address.replace(".", "+x.", 1)])


def _phone(random: Random) -> str:
    shape = random.choice(PHONES[random.choice(list(PHONES))])
    digits = {f"s{size}": _digits(random, size) for size in (1, 2, 3, 4, 7, 8)}
    digits["s8"] = random.choice("2345689") + digits["s8"][1:]
    digits["s7"] = random.choice("123456789") + digits["s7"][1:]
    return shape.format(
        a=random.choice(AREAS), b=f"{random.randint(2, 9)}{_digits(random, 2)}",
        c=_digits(random, 4), **digits,
    )  # fmt: skip


def _account(random: Random) -> str:
    country = random.choice(list(BBANS))
    shape, bban = BBANS[country], ""
    size = ""
    for sign in shape:
        if sign.isdigit():
            size += sign
            continue
        letters = "ABCDEFGHKLMN" if sign == "a" else "0123456789"
        bban += "".join(random.choices(letters, k=int(size)))
        size = ""
    written = country + iban.calc_check_digits(f"{country}00{bban}") + bban
    groups = " ".join(written[place : place + 4] for place in range(0, len(written), 4))
    return random.choice([written, groups, groups, written.lower()])


def _digits(random: Random, size: int) -> str:
    return "".join(random.choices("0123456789", k=size))


def _fill(random: Random, shape: str) -> str:
    day, month, year = random.randint(1, 28), random.randint(1, 12), random.randint(2019, 2027)
    dates = [f"{year}-{month:02}-{day:02}", f"{day:02}.{month:02}.{year}", f"{month}/{day}/{year}",
             f"{day:02}/{month:02}/{year % 100:02}"]  # fmt: skip
    price = random.choice(["{}.{}", "{},{} €", "$1,{}.{}", "£{}.{}"])
    numbers = {f"n{size}": f"{random.randint(1, 9)}{_digits(random, size - 1)}"
               for size in (2, 3, 4, 5, 6, 7, 8, 9, 10, 12)}  # fmt: skip
    return shape.format(
        date=random.choice(dates), time=f"{random.randint(7, 21):02}:{random.randint(0, 59):02}",
        price=price.format(random.randint(100, 999), f"{random.randint(0, 99):02}"),
        v=f"{random.randint(1, 20)}.{random.randint(0, 30)}.{random.randint(0, 9999)}",
        d=random.randint(1, 9), n16x=f"9{_digits(random, 15)}",
        first=random.choice(FIRST), **numbers,
    )  # fmt: skip
