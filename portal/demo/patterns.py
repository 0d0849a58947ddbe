"""Ideas that could be had about any contact reason, as sentences with its phrases in them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from portal.demo.facets import FACETS
from portal.demo.insights import VOICES, pick, slots
from portal.demo.reasons import LEAVES
from portal.demo.stories import Story, slug

# titles | lens | effort | what happens today | what would be better
_PATTERNS = tuple(
    tuple(part.strip() for part in block.replace("\n", " ").split("|"))
    for block in """
Say {missing} on {paper} / Let {paper} tell people {missing} | customer | days |
Nothing in {paper} says {missing}. So people ring, and we say it to each of them.|
One plain sentence, in the same words as on the phone, near the top.

Text people {missing} before they ring / Be first to tell people {missing} | customer | weeks |
We know it days before the customer does, and wait until they ask.|
A short text as soon as we know: what it is, what happens next, and that nobody has to call.

Show agents {missing} on the first screen / Put {missing} where agents look first |
employee | weeks |
To see {missing} I open three screens, and the customer hears me breathe.|
One line on the overview. We would look at it in every second call about {thing}.

Tell callers {missing} while they wait / Use the waiting time to say {missing} | business | days |
People wait to ask one thing about {thing}, and it is the same thing for all of them.|
Say it while they wait, in one sentence, and let them hang up content.

Let agents {fix} on the call / Trust agents to {fix} | employee | weeks |
I could do it in a minute, but I may not. I write a case, and the customer rings again on Friday.|
Let us {fix}, with a note, and look at a sample afterwards.

No second signature to {fix} / One pair of eyes is enough to {fix} | business | days |
Two people sign, and the second one has never said no. The customer waits three days for it.|
One signature, and twenty cases a month looked at afterwards.

Let customers {self} / Give customers a way to {self} | customer | months |
They want to do it themselves, in the evening, and all we offer is a number that is closed then.|
A page on which people can {self}, and a confirmation within a minute.

Answer “{question}” in three sentences on the website / A page that answers “{question}” |
customer | days |
People search for exactly these words and find a page with eleven headings.|
The question as a headline, three sentences, one link. Written by somebody who takes the calls.

A choice in the phone menu for “{question}” / Bring “{question}” straight to us | customer | weeks |
They choose "other", because nothing in the menu sounds like it, and are put through twice.|
A choice in the words of the customer. It can go again when the calls do.

A weekly list of {cases} that nobody touches / Look at {cases} once a week | business | days |
There are always some {cases} left lying. We notice when the customer rings the third time.|
A list each Monday, and a name beside every line.

Ring people about {cases} before they ring us / Call first about {cases} | customer | weeks |
We can see {cases} in the system. We wait until the telephone rings.|
Half an hour each morning, two of us, the worst cases first. One call instead of three.

One person stays with {cases} until the end / A name for {cases} | customer | weeks |
Every contact starts from zero, with somebody else, and every time something else is promised.|
Whoever has it first keeps it, with a substitute and a date.

Read {paper} to five customers before it goes out / Test {paper} on real people | customer | days |
{Paper} is checked by three departments, and none of them is a customer.|
Read it to five people. If two of them ask back, it is not finished.

A card with the right words about {thing} / Three sentences we can all say about {thing} |
employee | days |
Each of us explains {thing} differently. Customers call twice and compare.|
Three sentences, agreed with the department, on one card, with a date on it.

Settle {cases} without a transfer / Keep {cases} in one pair of hands | employee | weeks |
We pass them on because the menu says so, not because we could not do it.|
Twenty minutes of training and the right to finish them. I would teach it to my team.

Record {cases} once, not in three systems / One entry for {cases} | employee | months |
I type the same thing into three systems, and in the end they do not agree.|
Type it once. Let the systems talk to each other in the night.

A date and a name whenever we promise something about {thing} / Keep promises about {thing} |
customer | days |
We say "somebody will get back to you". Nobody knows who, nobody knows when.|
A promise has a date and a name, or we do not make it.
""".strip().split("\n\n")
)
_LOOKING = {"see", "read", "compare", "preview", "explain", "find", "work", "pass"}
_SCOPES = (
    "at Site Harbour first",
    "at Site North first",
    "for customers over seventy",
    "for new customers",
    "for business customers",
    "for tenants",
    "for landlords",
    "for families",
    "for students",
    "for customers without a smartphone",
    "for customers who hear badly",
    "for customers who see badly",
    "in plain language",
    "in Turkish",
    "in Polish",
    "in Arabic",
    "in English",
    "on weekends",
    "in the evening",
    "in the first month",
    "after a move",
    "after a price change",
    "after an outage",
    "before the winter",
    "in the chat",
    "in the app",
    "on paper",
    "by mail",
    "for gas",
    "for heat",
    "for electricity",
    "for two meters",
    "for solar roofs",
    "for heat pumps",
    "for car chargers",
    "in the old tariff",
    "in the new tariff",
    "for the northern district",
    "for the harbour district",
    "for the villages",
    "for the second call",
    "for long cases",
    "for urgent cases",
    "as a test in one team",
    "as a test for one month",
)


def _filled(rng: Random, pattern: tuple[str, ...], reason: str, variant: int) -> Story:
    facets = FACETS[reason]
    titles, lens, effort, today, better = pattern
    phrases = {
        "thing": facets.thing,
        "paper": facets.paper,
        "Paper": facets.paper[0].upper() + facets.paper[1:],
        "cases": facets.cases,
        "question": facets.question,
        "missing": facets.missing,
        "fix": facets.fix,
        "self": facets.self_service,
    }
    title = titles.split("/")[variant].strip().format_map(phrases)
    heard = pick(rng, VOICES[reason].quotes).format_map(slots(rng))
    told = today.format_map(phrases)
    return Story(
        key=slug(title),
        title=title,
        reason=reason,
        lens=lens,
        effort=effort,
        today=f"{told} Last week a customer said: “{heard}”" if rng.random() < 0.7 else told,
        better=better.format_map(phrases),
        state=None,
        authors=(),
        age=None,
        says={},
    )


def _fits(pattern: tuple[str, ...], reason: str) -> bool:
    """Nobody needs permission merely to look something up."""
    return "{fix}" not in pattern[0] or FACETS[reason].fix.split()[0] not in _LOOKING


def pattern_stories(rng: Random) -> Iterator[Story]:
    """Stories with titles that are all different, mixed; first plain, then for somebody."""
    places = [
        (pattern, reason.key, variant)
        for pattern in _PATTERNS
        for reason in LEAVES
        for variant in (0, 1)
        if _fits(pattern, reason.key)
    ]
    rng.shuffle(places)
    for place in places:
        yield _filled(rng, *place)
    for scope in _SCOPES:
        rng.shuffle(places)
        for place in places:
            yield _scoped(_filled(rng, *place), scope)


def _scoped(story: Story, scope: str) -> Story:
    title = f"{story.title}, {scope}"
    return Story(
        key=slug(title),
        title=title,
        reason=story.reason,
        lens=story.lens,
        effort=story.effort,
        today=story.today,
        better=f"{story.better} It would be needed most {scope}.",
        state=None,
        authors=(),
        age=None,
        says={},
    )
