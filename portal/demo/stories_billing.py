"""Ideas for Billing, written by hand.

One block an idea. `for` holds reason, who gains, and effort. A story that must end in a certain
way names its `state`, its `authors`, how many workdays ago its last step was (`age`), and the
sentences people signed.
"""

STORIES = """
title: Say on the bill itself that the reading was estimated
key: estimated-on-the-bill
for: estimated-reading, customer, weeks
today: When nobody could read the meter we take a guess. On the bill that is a small E beside the
  number, explained on page four. People think the meter is broken, call an electrician, or pay
  double and then ring us. Every third call about bills is this one.
better: One line on page one, above the amount: "This reading was estimated, because nobody could
  read your meter. Send us the real one and we correct the bill." And the number to send it to.
state: validated
authors: amina-yusuf 60, tomasz-wrona 25, nadia-rahimi 15
accept: Yes. I rang three customers you named and asked them to show me the E. None of them found
  it. Carla changes the print template, it is one line.
done: Every bill with an estimated reading, on paper and in the portal, says so on page one,
  for two whole print runs.
change: A bill with an estimated reading now says so above the amount. Ask for the real reading,
  enter it on the call, and tell them the corrected bill comes within a week.
evidence: Print template 118 released, two sample bills attached to the change record.
claim: Overflow partner, fewer estimated reading calls
cites: Overflow partner invoice, line 4, fell in the two months after the change.
verdict: Invoice line 4 fell by what the calls say. The after-call time is theirs to explain,
  not to bank.

title: Put a date and a name on every confirmation letter
key: date-on-letters
for: unclear-letter, customer, days
today: They ring because the letter has no date on it. It says "without delay" and nobody has
  signed it, so they fear it is old, or false, or both. We cannot even tell them which run it was.
better: The date on top, one thing to do, the day by which it must be done, and the name of
  somebody who exists. Our own screen shows the same letter.
state: validated
authors: tomasz-wrona 70, esther-friedmann 30
accept: Yes, and I am a little ashamed. The date was dropped in 2019 to save a line.
done: All six confirmation letters carry date, name and deadline, and open from the customer screen.
change: The letter in the customer's hand shows a date and a deadline, and you see the same page
  under Documents.
evidence: Six templates released, samples checked by two colleagues from Team Heron.
claim: Own and partner calls about letters
cites: Overflow partner invoice, line 6, down in each of the three months since.
verdict: The calls fell at once and stayed down. I have seen the invoices for the three months.

title: Send one corrected bill instead of a credit note plus a new bill
for: corrected-bill, customer, weeks
today: After a wrong reading we send a credit note, then a new bill, then a letter that explains
  both. Three envelopes, three dates, three amounts. People add them up and ring.
better: One page: what you owed, what was wrong, what you owe now. The same data is already in the
  correction screen.
state: triage
authors: sofia-marchetti 100
age: 9

title: Let agents send a duplicate bill without a supervisor code
for: duplicate-bill, employee, days
today: For a copy of a bill I need a supervisor code. My supervisor is in a meeting, so the customer
  waits, or calls again. We send forty copies a day and have never refused one.
better: Let us send it while we are speaking, and check a sample of ten a month instead.
state: triage
authors: rajesh-iyer 100
age: 11

title: One reference number for one complaint, not three
for: complaint-status, customer, weeks
today: The web form gives one number, the mail gives another and I open a third. The customer reads
  me all three and I look in three places.
better: The first number wins. Later contacts are hung onto it, and it stands in every answer.
state: triage
authors: amina-yusuf 100
age: 3

title: Explain the standing charge on the first bill in one sentence
for: standing-charge, customer, days
today: The word is on the bill and the sentence is on the website. New customers take it for a fee
  that we made up.
better: "The standing charge pays for meter, reading and network, whether or not you use anything."
  That is all it needs.
state: triage
authors: jonas-lindqvist 100
age: 6

title: Reminder letters cross with payments in the post
for: reminder-crossed, customer, weeks
today: The reminder is printed on Monday, the money arrives on Tuesday, the letter on Thursday. A
  customer of twenty years rang in tears over five euros.
better: Look at the account once more on the morning the letter leaves the house, and take out
  everybody who has paid.
state: needs_info
authors: amina-yusuf 70, mariam-diallo 30
age: 2
ask: Which letter did the customer hold in hand? Was it the yellow reminder or the white one with
  the barcode? The white one leaves our system on its own.

title: Tell new customers when their first bill comes
key: first-bill-date
for: first-bill, customer, days
today: New customers hear nothing for weeks and then get a bill for a part month. Many ring before
  it comes, and again when it is there.
better: One line in the welcome letter: your first bill comes in the week of, for these days.
state: not_proven
authors: clara-neumann 100
accept: Worth trying, and cheap. If the calls stay, we will say so.
done: The line stands in every welcome letter for a whole month.
change: The welcome letter names the week of the first bill.
evidence: Welcome letter version 9, sent to 4,100 new customers.
verdict: Fifteen weeks on, the weeks after look like the weeks before. Thank you for letting us
  measure it.

title: Show how a part month is worked out on the first bill
key: first-bill-part-month
for: first-bill, customer, weeks
today: "Six weeks, then five months" stands on it, and a sum. Nobody can follow it, nor can we.
better: Days times price on one line for each period, and the sum under it.
state: measuring
authors: katharina-wolff 50, joseph-mwangi 50
done: First bills show days, price and amount for each period.
change: First bills have one line a period. Read it out together, it adds up.
evidence: Bill layout 7.2, released to all new contracts.

title: Stop asking for the customer number that is printed on our own letter
for: unclear-letter, customer, days
today: Our letter asks people to "state your customer number when you call", in a box of its own.
  The number itself is on the back, in grey.
better: Put the number beside the telephone number, large.
state: accepted
authors: leyla-aksoy 100
age: 4

title: Warn people before the instalment goes up by a third
for: bill-higher, customer, weeks
today: The new instalment is on page two of the yearly statement. Two weeks later the money is gone
  and the bank sends it back.
better: Over a third more, we send a message ten days before, with the old and the new amount
  and a number to talk about it.

title: Last year beside this year on the yearly statement
for: bill-higher, customer, weeks
today: I lay two bills side by side on the desk and explain them on the phone, twelve minutes each.
better: Two columns, last year and this year: use, price, amount. The difference split into "you
  used more" and "it costs more".

title: A complaint keeps its person until it is answered
for: complaint-status, customer, weeks
today: Complaints move from tray to tray. Each time somebody says "I am only covering for her".
better: Whoever opens it keeps it for ten working days, with a substitute named on the case.

title: Say "if you have paid, forget this letter" on the first reminder
for: reminder-crossed, customer, days
today: The first reminder threatens with a fee. Half of the people who ring have already paid.
better: A friendly first line and no fee in the first letter. The second one may be firm.
state: closed
accept: Yes. I read the letter aloud at our meeting and nobody wanted to have written it.

title: Write bills for people who cannot read small print
for: bill-higher, customer, months
today: A woman reads every bill to her mother through a magnifying glass and then asks us what it
  says. We read the same bill to three people a day.
better: A large-print bill on request, one tick in the customer record, kept for good.

title: Give us the same picture of the letter that the customer holds
for: unclear-letter, employee, weeks
today: The customer says "the yellow one, second paragraph". I see a line of codes. So she reads me
  our own letter, word by word.
better: Every letter opens on the customer screen as it was printed.

title: A quiet word on the line when the amount is frightening
for: bill-higher, customer, days
today: At nine hundred euros people stop listening, and we read out rules.
better: Three sentences for that moment, a pause, and the right to offer a plan at once.
state: draft
authors: amina-yusuf 100
age: 2
"""
