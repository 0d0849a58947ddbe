"""What people sign and say about ideas, for those that have no sentence of their own.

Slots: `{thing}`, `{cases}`, `{paper}` of the contact reason, and `{department}`.
"""

from __future__ import annotations

Coded = tuple[tuple[str, str], ...]

ACCEPTS: Coded = (
    ("removes_failure_demand", "Yes. These calls should not exist, and you have shown me why."),
    (
        "removes_failure_demand",
        "Yes. I listened to five of these calls. You are right in all five.",
    ),
    ("removes_failure_demand", "Yes, we start with {cases}, where it hurts most."),
    ("quick_to_do", "Yes. It is less work to do it than to talk about it."),
    ("quick_to_do", "Yes. We had it on a list for two years. Your example moved it up."),
    ("quick_to_do", "Agreed. Small, and it will be felt on the first day."),
    ("fair_to_customers", "Yes. I would want it so myself, as a customer."),
    ("fair_to_customers", "Yes. We ask a lot of people when it comes to {thing}. This is fair."),
    ("saves_time", "Yes. It gives each of you minutes back, and nobody loses anything by it."),
    ("saves_time", "Yes. My own people would like it as well, I asked them this morning."),
    ("required", "Yes. We have to do it anyway, and your way is better than ours."),
)
DEFERS: tuple[str, ...] = (
    "Not before the new system is live; then {paper} is touched anyway and your line goes with it.",
    "I want to see whether {cases} go down by themselves after the letter of last month.",
    "The budget of this year is spent. I have put it on the list for the next one.",
)

KEPT_CALLS: tuple[tuple[str, str], ...] = (
    (
        "Mending {thing} would cost three times what these calls cost us, so we keep taking them.",
        "Changing {paper} alone, which would save one call in ten.",
    ),
    (
        "The supplier forbids a change until the contract ends. Until then we keep taking them.",
        "Leaving the contract early, at a penalty of a whole year.",
    ),
)

POINTERS: tuple[tuple[str, str], ...] = (
    ("We have that since spring, and nobody told the floor. I am sorry.", "Knowledge base, 4.2"),
    ("The app can do this already; it is only hard to find.", "App, Settings, Letters"),
    ("There is a form for exactly this.", "Intranet, Forms, F-118"),
)

JOINS: tuple[str, ...] = (
    "Somebody said nearly the same before you, so I answer the two of you together.",
    "This is the same thing from another angle. With both on one page it weighs more.",
)

TESTS: tuple[tuple[str, str, str], ...] = (
    (
        "I like it and want to see it work before {paper} goes out with it.",
        "The early team at site North, for all {cases}.",
        "More than five customers a day ask what it means.",
    ),
    (
        "Let us try it with one team first.",
        "The evening team, on Tuesdays and Thursdays.",
        "Calls get longer by more than half a minute.",
    ),
)

APPEALS: tuple[str, ...] = (
    "The count behind the answer left out the chats. With them it is three times as many {cases}.",
    "It was said to cost too much, but nobody asked the printer. I did: it costs nothing.",
    "I hear it five times a day. One call with my headset on would be enough to see it.",
)

DECLINES: tuple[tuple[str, str, str], ...] = (
    (
        "cost",
        "The change to {paper} costs more than the calls it would save. I did the sum twice.",
        "A second change to the same paper, so that both share the cost.",
    ),
    (
        "cost",
        "It would need a person a day, and it concerns a dozen {cases} a month.",
        "More than fifty of them in a month. I will look at the count in spring.",
    ),
    (
        "system",
        "Our system cannot do it, and it is replaced next year. I will not build it twice.",
        "The new system. Your idea is in its list of requirements.",
    ),
    (
        "system",
        "The supplier offers it only from version nine on. We have seven.",
        "The upgrade, planned for the second quarter.",
    ),
    (
        "law",
        "The law prescribes this wording for {thing}. I asked our lawyers, they are sorry too.",
        "A wording that says the same within the law. Send me one, I will have it checked.",
    ),
    (
        "privacy",
        "We would have to show more data than the customer has agreed to.",
        "A way that needs only the postcode and the last three digits.",
    ),
    (
        "risk",
        "Without the second look we pay the wrong person about twice a year. That is too often.",
        "A check that is quicker than the one we have.",
    ),
    (
        "risk",
        "I am afraid of the cases in which it goes wrong, because nobody would notice them.",
        "A list that shows us those cases within a week.",
    ),
    (
        "already_planned",
        "We do this in March, as part of a larger change. You were earlier than our plan.",
        "Nothing is needed. You will hear from me when it is live.",
    ),
    (
        "already_there",
        "It exists, but it is well hidden: open the account, then Documents, then More.",
        "If it should stand elsewhere, say where. That would be a new idea, and a good one.",
    ),
    (
        "too_few",
        "I found four of these in the last quarter. I would rather ring those four.",
        "Examples from more teams. A me too with a date helps.",
    ),
    (
        "other_way",
        "I see the trouble with {thing} as you do, and would mend it at the other end.",
        "If our own change does not help by summer, we take yours.",
    ),
    (
        "customers_differ",
        "We asked twenty customers. Fourteen like it as it is, to my surprise.",
        "A version for the six. I do not have one.",
    ),
    (
        "not_now",
        "Not this half year. All hands are on the move to the new billing dates.",
        "Ask me again in autumn. I have set myself a date for it.",
    ),
)
QUESTIONS = (
    ("How often do you hear it in a week, roughly?", "Two or three times a shift. I kept a list."),
    ("Is it worse on the phone or in the chat?", "On the phone. In the chat people can read it."),
    (
        "What did you do for the customer in the end?",
        "I put it right by hand and noted it, as we all do.",
    ),
    ("Does it concern new customers only?", "No, old ones as well, since the change in spring."),
    (
        "Which screen were you on when it happened?",
        "The account overview, second tab. I have added the steps.",
    ),
    (
        "Would it be enough to change the text, or does the date have to change as well?",
        "The text would already help. The date is what they really want.",
    ),
    ("May I ring the customer you had in mind?", "I asked her, you may. She is in until four."),
    (
        "Has your team tried it already on a small scale?",
        "Yes, three of us for a week. It took a minute and saved a call.",
    ),
    (
        "What would you leave out, if we could do only half of it?",
        "The second half. The first sentence does most of the work.",
    ),
)
DONE = (
    "It works for {cases}, at both sites, on ten working days in a row.",
    "Live for all customers, described in the handbook, and shown to every team.",
    "Two agents of each site have used it for a week and say that it holds.",
    "All {cases} of one month went the new way, none by hand.",
    "The change is released and the old way is switched off.",
)
NOTES = (
    "The text is written, the lawyers have it until Thursday.",
    "The first version runs in one team. Two faults found, both small.",
    "The supplier has confirmed the date.",
    "Half of it is live. The other half waits for the release of next week.",
    "I sat beside two agents for an hour and changed the order of the fields.",
    "We tested it with forty {cases}. Thirty-eight went through.",
    "It takes longer than I thought, because the old data are not clean.",
    "Training is planned, twenty minutes in each team.",
    "The wording is settled, two agents have read it aloud.",
    "No news that you can see, but the interface is built.",
)
MOVES = (
    "The supplier is a week late. Nothing else changes.",
    "The test found a fault with {cases}. I would rather be late than wrong.",
    "Two people were ill. I should have planned for it.",
    "The release was moved behind the yearly bills.",
)
CHANGES = (
    "With {thing} you find the new way on the first screen. The old one is gone.",
    "You can do it on the call now. Say what you do, and confirm it at the end.",
    "Customers get it in writing now. If they ask, the same text is on your screen.",
    "No more copy by hand. If you see one of the old {cases}, send it to us.",
    "There is one sentence more in {paper}. Point to it, it helps.",
)
EVIDENCE = (
    "Release note and two pictures of the screen in the change record.",
    "First ten cases checked by hand, list attached.",
    "New version of the text, approved and in print.",
    "Shown to both sites on Tuesday, twelve agents present.",
    "Handbook page changed, old page taken off.",
)
CLOSES = (
    "Two of you have seen it on calls. Thank you, this one is done.",
    "Live, seen, and quiet since. I am closing it with thanks.",
    "It does what you said it would. Done.",
    "Too small to measure, too good not to do. Thank you.",
    "Closed. If it comes back, tell me here.",
)
STOPS: Coded = (
    ("overtaken", "The supplier has changed it for everybody. Ours is no longer needed."),
    ("cost", "The offer came in at four times what we had thought. I stop it here."),
    ("did_not_work", "We tried it in one team. It moved the question, it did not answer it."),
    ("priority", "We promised more than we can do this year. I would rather say so now."),
    ("overtaken", "The new rules from the regulator settle it in another way."),
)
WITHDRAWALS = (
    "My colleague has sent the same, better written. I support hers.",
    "I tried it out and it does not save anything.",
    "It was the mood of a long day. The thing itself is settled.",
    "The new screen has it already. I had not seen it.",
    "I would like to write it again, with numbers.",
)
REPLIES = (
    "I have read it and want to hear two of these calls first. You get an answer next week.",
    "Thank you. This is new to me, and I do not like it. I will find out.",
    "Good that you wrote it down. I have asked our people at {department} for the numbers.",
    "I know this one. Give me until Thursday.",
    "I will sit beside somebody who takes these calls before I decide.",
    "Thank you, that is clear. I am checking what it would take.",
)
REMARKS = (
    "We had the same in our team on Monday, with three customers.",
    "It is worse after the weekend.",
    "A small thing, but I would feel it every day.",
    "My customers would use it. The older ones too, if the text is large enough.",
    "Could it be switched on for one team first?",
    "I have made a sketch and pinned it to our board. Come and have a look.",
    "We used to have this, in the old system.",
    "One worry: what happens with {cases}?",
    "I counted for a week. Nineteen times.",
    "It would also help the new colleagues.",
    "For {thing} I use a note on my desk. This would replace it.",
    "Please keep the sentence as short as it is.",
    "In the chat it is a different question, but the same answer.",
    "I asked two customers about it today. Both said yes before I had finished.",
)
TRANSFERS = (
    "This starts with you, we only hear the echo.",
    "The text is ours, the date in it is yours. The date is the trouble.",
    "You own the screen that would have to change.",
    "I would say yes, but it is not mine to say.",
    "It is about {cases}, and those are yours since the spring.",
)
CLAIM_LABEL = "Fewer contacts about {thing}"
