"""The parts that every reported sentence is put together from, whatever it is about."""

from __future__ import annotations

# Who called, and with which word the note goes on about them.
CUSTOMERS = tuple(
    (line.rsplit(" ", 1)[0], line.rsplit(" ", 1)[1] == "she")
    for line in """
a retired teacher she
a retired bus driver he
a young father he
a young mother she
a student she
a tenant in the old town he
a widow she
a nurse after her night shift she
a baker he
a farmer he
a hairdresser she
a man with a small workshop he
a woman with two flats she
a son who calls for his mother he
a daughter who calls for her father she
a customer of twenty years she
a customer of two months he
a neighbour who helps out she
an older gentleman he
an older lady she
a locksmith he
a lawyer she
a carer she
a cook he
a lorry driver at a rest stop he
a woman who is new in the country she
a man who is hard of hearing he
a woman who reads with a glass she
a landlord he
a shop owner she
a caretaker he
a translator she
a musician he
a father of four he
a mother of twins she
a pensioner with a small garden he
a night porter he
a kindergarten teacher she
a fisherman from the harbour he
a student who moves house he
""".strip().splitlines()
)

OPENINGS = (
    "Good morning. ",
    "Good evening, I hope I am right here. ",
    "I am not angry, I only want to understand. ",
    "This is the {nth} time I get in touch. ",
    "I have waited {long} minutes for this. ",
    "I wrote to you on {day}. ",
    "Just a short question. ",
    "I have been with you for {years} years. ",
    "My neighbour has the same. ",
    "Since {month} it has been like this. ",
    "I know it is not your fault. ",
    "I tried the website first. ",
    "I am calling in my break. ",
    "I do not want to complain, but. ",
)

NOTE_OPENINGS = (
    "{Who} on the line. ",
    "{Who} rang. ",
    "Spoke with {who}. ",
    "{Who}, {nth} call. ",
)

CUSTOMER_TAILS = (
    "I just want to know whom to believe.",
    "I have waited {weeks} for an answer.",
    "This takes my whole lunch break, again.",
    "I called on {day} and was told to wait.",
    "My sister is with somebody else and has no such trouble.",
    "It is {amount}, for us that is a lot of money.",
    "I have written to you {often}.",
    "Who pays me for the {long} minutes in your queue?",
    "I was told it would be settled by {day}.",
    "I am not the only one in the street.",
    "It has been like that since {month}.",
    "I do not want a voucher, I want it right.",
    "If it is not settled by {day} I will look elsewhere.",
    "You were always reliable, what has happened?",
    "I have {amount} on my account until the {ordinal}.",
    "In {years} years I have never had to ask.",
    "Nobody I spoke to could see it.",
    "The last colleague was kind, but could not do anything.",
    "Tell me the truth, I can plan with that.",
    "I have it all here in a folder, {weeks} of it.",
    "I spoke to you on {day}, and on {day2} before that.",
    "Last time I was put through {often}.",
    "My wife says I should let it be.",
    "My husband does not sleep over it.",
    "I would do it myself if you let me.",
    "I have to be at work in {minutes} minutes.",
)

AGENT_TAILS = (
    "Third call about this today.",
    "I could only say sorry.",
    "Took me {minutes} minutes, two would do.",
    "{She} was friendly all the same.",
    "Was near tears.",
    "I opened a case and promised a call by {day}.",
    "It is the {nth} contact on this, I counted.",
    "I had to ask two colleagues, nobody was sure.",
    "Put it right by hand, as on {day}.",
    "{She} will cancel if it happens again.",
    "We do it to ourselves.",
    "No note from the last call, so we began at the start.",
    "I see it, but I may not change it.",
    "{minutes} minutes, and {she} will call again, I am sure.",
    "The screen froze {often} while I looked.",
    "It is about {amount}, and about being heard.",
    "I gave {obj} my name, so that it has an end.",
    "I had the same on {day}, and on {day2}.",
    "Waited {long} minutes before that in the queue.",
    "{She} had prepared everything. We had not.",
    "Solved at my desk, not solved for the next one.",
    "Passed on, and I do not know to whom.",
    "I would have sent the {amount} back at once, if I could.",
    "{She} asked me what I would do. I did not know.",
    "Open since {month}, as far as I can see.",
    "Not the first in this house, says {poss} neighbour.",
    "{She} laughed in the end, so did I.",
    "Two systems, two truths.",
    "Talked for {minutes} minutes, most of it waiting for the screen.",
    "Case is {weeks} old.",
)

VALUE_TAILS = (
    "Worth the {minutes} minutes.",
    "{She} was glad that somebody took the time.",
    "No queue today, {she} noticed it.",
    "Settled at once.",
    "{She} had called on {day} and not come through.",
    "That is what we are here for.",
    "{She} said thank you {often}.",
    "Nothing left open.",
    "Noted on the account, so that nobody asks again.",
    "Asked me to greet the colleague of {day}.",
    "Took {minutes} minutes, all of it useful.",
    "{She} will tell {poss} neighbours.",
    "I learned something as well.",
    "First contact in {years} years.",
)

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
OFTEN = ("twice", "three times", "four times", "five times")
NTH = ("second", "third", "fourth", "fifth", "sixth")
WEEKS = (
    "ten days",
    "two weeks",
    "three weeks",
    "four weeks",
    "five weeks",
    "six weeks",
    "two months",
    "three months",
)
HOURS = ("six", "half past six", "seven", "eight", "five", "half past nine")
ORDINALS = ("1st", "3rd", "5th", "8th", "10th", "12th", "15th", "18th", "20th", "25th", "28th")
FRICTION = (
    "repeat-ID",
    "slow system",
    "dropped channel",
    "menu maze",
    "transfer",
    "policy",
    "unclear letter",
    "promise broken",
)
