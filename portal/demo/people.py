"""The demo company: an energy supplier with six departments and two sites of front-line teams."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

MAIL_DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class Department:
    """A unit in the tree. `kind` is company, department, office, site or team.

    `head` and `deputy` are person keys. `opens` and `closes` are local minutes after midnight.
    """

    key: str
    name: str
    kind: str
    parent: str | None
    head: str
    deputy: str | None
    opens: int = 8 * 60
    closes: int = 18 * 60
    time_zone: str = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. `role` is agent, head, deputy, handler, validator, leader, admin.

    `on_boards` says whether the person agreed to be named on the impact leaderboard.
    """

    key: str
    name: str
    email: str
    department: str
    role: str
    title: str
    on_boards: bool = False


DEPARTMENTS = (
    Department("company", "Nordhafen Energy", "company", None, "helen-whitcombe", None),
    Department("billing", "Billing", "department", "company", "lena-brandt", "marcus-adeyemi"),
    Department("metering", "Metering", "department", "company", "olu-bankole", "katja-sommer"),
    Department("payments", "Payments", "department", "company", "viktor-hale", "ines-carvalho"),
    Department(
        "field-service",
        "Field Service",
        "department",
        "company",
        "daniel-reyes",
        "malin-ekstrom",
        7 * 60,
        19 * 60,
    ),
    Department(
        "digital", "Digital Self-Service", "department", "company", "mei-tanaka", "pavel-novak"
    ),
    Department(
        "moves", "Moves and Contracts", "department", "company", "ruth-calloway", "emre-yildiz"
    ),
    Department("finance", "Finance", "office", "company", "aurelie-fontaine", "priya-nair"),
    Department("site-north", "Site North", "site", "company", "stefan-aldinger", "grace-okafor"),
    Department("site-harbour", "Site Harbour", "site", "company", "stefan-aldinger", "hana-kovar"),
    Department("kestrel", "Team Kestrel", "team", "site-north", "grace-okafor", None),
    Department("avocet", "Team Avocet", "team", "site-north", "bilal-haddad", None),
    Department("curlew", "Team Curlew", "team", "site-north", "maren-petersen", None),
    Department("heron", "Team Heron", "team", "site-harbour", "hana-kovar", None),
    Department("plover", "Team Plover", "team", "site-harbour", "dmitri-sokolov", None),
    Department("tern", "Team Tern", "team", "site-harbour", "yetunde-balogun", None),
)

# Where an account has a fixed address instead of the person's name.
_FIXED = {
    "amina-yusuf": "agent",
    "tomasz-wrona": "second.agent",
    "lena-brandt": "head",
    "marcus-adeyemi": "deputy",
    "priya-nair": "validator",
    "helen-whitcombe": "leader",
    "bram-de-wit": "admin",
    "rosa-lindner": "trust",
}
TRUSTED = "rosa-lindner"
"""Whom the staff's representatives named as the person of trust: an agent like others."""

_OFFICE = (
    ("Lena Brandt", "billing", "head", "Head of Billing"),
    ("Olu Bankole", "metering", "head", "Head of Metering"),
    ("Viktor Hale", "payments", "head", "Head of Payments"),
    ("Daniel Reyes", "field-service", "head", "Head of Field Service"),
    ("Mei Tanaka", "digital", "head", "Head of Digital Self-Service"),
    ("Ruth Calloway", "moves", "head", "Head of Moves and Contracts"),
    ("Marcus Adeyemi", "billing", "deputy", "Deputy head of Billing"),
    ("Katja Sommer", "metering", "deputy", "Deputy head of Metering"),
    ("Inês Carvalho", "payments", "deputy", "Deputy head of Payments"),
    ("Malin Ekström", "field-service", "deputy", "Deputy head of Field Service"),
    ("Pavel Novák", "digital", "deputy", "Deputy head of Digital Self-Service"),
    ("Emre Yıldız", "moves", "deputy", "Deputy head of Moves and Contracts"),
    ("Carla Moreau", "billing", "handler", "Letters and print"),
    ("Nils Åkerman", "metering", "handler", "Meter data"),
    ("Fatima Zahra Idrissi", "payments", "handler", "Payment plans"),
    ("Ingrid Solheim", "field-service", "handler", "Dispatch systems"),
    ("Rafael Ortega", "digital", "handler", "App and website"),
    ("Sinéad Brennan", "moves", "handler", "Move-in desk"),
    ("Priya Nair", "finance", "validator", "Finance controller"),
    ("Gregor Wiesner", "finance", "validator", "Finance analyst"),
    ("Thandiwe Mokoena", "finance", "validator", "Demand analyst"),
    ("Helen Whitcombe", "company", "leader", "Chief Operating Officer"),
    ("Aurélie Fontaine", "finance", "leader", "Chief Financial Officer"),
    ("Stefan Aldinger", "company", "leader", "Director of Customer Service"),
    ("Bram de Wit", "company", "admin", "Portal administrator"),
)

# The first of each team leads it.
_TEAMS = {
    "kestrel": (
        "Grace Okafor|Amina Yusuf|Tomasz Wrona|Nadia Rahimi|Lukas Hoffmann|Zeynep Kaya|"
        "Oliver Grant|Mariam Diallo|Jan Kowalczyk|Elif Demir|Rosa Lindner"
    ),
    "avocet": (
        "Bilal Haddad|Sigrid Nyström|Paul Richter|Chiara Romano|Kwame Mensah|Anna Schreiber|"
        "Minh Tran|Lea Fischer|Yusuf Şahin|Birgit Lange|Mateo Herrera"
    ),
    "curlew": (
        "Maren Petersen|Ahmed El-Masri|Julia Baumann|Ivana Petrović|Tim Claasen|Noor van Dijk|"
        "Samuel Adu|Petra Vogel|Luca Bianchi|Svenja Krüger|Andrei Popescu"
    ),
    "heron": (
        "Hana Kovář|Jonas Lindqvist|Esther Friedmann|Rajesh Iyer|Clara Neumann|Deniz Aydın|"
        "Fiona MacLeod|Aleksandra Nowak|Henrik Dahl|Salma Benali|Markus Thiele"
    ),
    "plover": (
        "Dmitri Sokolov|Sofia Marchetti|Ali Rezaei|Katharina Wolff|Joseph Mwangi|Hanneke Visser|"
        "Carlos Medina|Miriam Stein|Tobias Engel|Leyla Aksoy|Ewa Zielińska"
    ),
    "tern": (
        "Yetunde Balogun|Patrick O’Connell|Linh Nguyen|Jasper Holm|Beatriz Santos|Omar Farouk|"
        "Nele Hartmann|Viktória Szabó|Ravi Pillai|Greta Sandberg"
    ),
}
_LETTERS = str.maketrans({"ı": "i", "Ł": "L", "ł": "l", "ø": "o", "’": "", " ": "-"})


def key_of(name: str) -> str:
    """The person key of a name: plain small letters joined by hyphens."""
    flat = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    return "".join(letter for letter in flat if not unicodedata.combining(letter)).lower()


def _person(name: str, department: str, role: str, title: str, on_boards: bool) -> Person:
    key = key_of(name)
    local = _FIXED.get(key, key.replace("-", "."))
    return Person(key, name, f"{local}@{MAIL_DOMAIN}", department, role, title, on_boards)


def _agents() -> list[Person]:
    """Two in three agents agreed to be named; the showcase authors are among them."""
    return [
        _person(
            name,
            team,
            "agent",
            "Team lead" if place == 0 else "Agent",
            key_of(name) in _FIXED or (place * 7 + len(name)) % 3 != 0,
        )
        for team, names in _TEAMS.items()
        for place, name in enumerate(names.split("|"))
    ]


PEOPLE = (*(_person(*entry, on_boards=True) for entry in _OFFICE), *_agents())
AGENTS = tuple(person.key for person in PEOPLE if person.role == "agent")
BY_KEY = {person.key: person for person in PEOPLE}
DEPARTMENT_BY_KEY = {department.key: department for department in DEPARTMENTS}
HANDLER_OF = {person.department: person.key for person in PEOPLE if person.role == "handler"}
VALIDATORS = tuple(person.key for person in PEOPLE if person.role == "validator")
OWNERS = tuple(unit.key for unit in DEPARTMENTS if unit.kind == "department")
