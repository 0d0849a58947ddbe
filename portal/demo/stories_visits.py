"""Ideas for Field Service, written by hand; the form is that of `stories_billing`."""

STORIES = """
title: Text the customer when the engineer is 30 minutes away
key: engineer-text
for: where-engineer, customer, weeks
today: People take a day off and wait from eight to one. At eleven they ring us: where is he? All we
  can do is ring dispatch, who ring the van. It takes nine minutes and the answer is "soon".
better: The van knows where it is. When it sets off for the next address, send one text: name, photo
  of the badge, about 30 minutes. Nobody has to ring.
state: in_progress
authors: amina-yusuf 70, tomasz-wrona 30
age: 1
accept: Yes. Dispatch answers 540 of these calls a week and hates every one. We start with the north
  vans, because their tablets already send a position.
ask: Do customers want a text for every visit, or only when we are late?
answer: For every visit. The worst is not that he is late, it is not knowing. I asked eleven of them
  this week.
done: Every appointment with a mobile number gets one text when the van is 30 minutes out, at both
  sites, seven days running.
metric: where-calls
note: Started with the north vans: 14 of 38 tablets send their position.
moved: The gateway contract was signed a week late. Nothing else moves.

title: Ask callers to wait for the engineer before they reach the queue
key: engineer-announcement
for: where-engineer, business, days
today: The line fills up with people who ask where the engineer is, from half past eight on.
better: A recorded message that says engineers may come until six and that no call is needed.
state: rolled_back
authors: tim-claasen 100
accept: Let us try. It costs a recording.
done: The message plays on every call to the visit line.
change: Callers hear the message before they reach you.
evidence: Recording 22, live on both sites.
verdict: More people called, twice as often. It told them that we did not know either.
back: The recording was taken off. It told people to wait for a day that they had already lost.

title: Ring at nine when a visit of the day will not happen
key: missed-visit-call
for: missed-visit, customer, weeks
today: Dispatch knows at seven who is ill. The customer hears it from me at four, after a day at
  home. That call takes twenty minutes and a promise I cannot keep.
better: A list at half past seven. Two of us ring everybody on it before nine and offer the first
  free slot.
state: validated
authors: jonas-lindqvist 50, fiona-macleod 30, henrik-dahl 20
accept: Yes. I will give two dispatchers for the first hour. If it holds, it stays.
done: Everybody whose visit is dropped is rung by nine, on four weeks in a row.
change: On a dropped visit the note "rung at" shows when and by whom. The new date is already in.
evidence: Call list of four weeks, with times.
claim: Repeat calls and goodwill after missed visits
cites: Goodwill payments, account 6840, and overflow partner invoice, line 8.
verdict: Goodwill payments fell in the ledger, month by month. Approved.

title: Offer call-back before the queue passes ten minutes
for: change-visit, customer, months
today: In the morning people wait twenty minutes to move a date, which takes one.
better: Offer a call-back as soon as the wait is longer than ten minutes.
state: declined
authors: amina-yusuf 100
age: 3
decline: The dialler licence ends in March. Buying slots for four months costs more than it saves.
  We would say yes with the new dialler.
would: The new dialler in March. I have noted your idea in its list of wishes, with your name.

title: Move an appointment by answering the text
for: change-visit, customer, weeks
today: The text names a day and no way to change it. So they ring, wait, and spell their name.
better: "Answer 1 for another day." Three days are offered, one is picked.
state: committed
authors: linh-nguyen 60, jasper-holm 40
age: 8

title: One list of outages that we may read out
for: no-supply, employee, weeks
today: The network desk knows the street is dark. We learn it from the twentieth caller.
better: Their list on our screen, with one sentence we may say and the time it was written.
state: in_progress
age: 12

title: No customer number in the dark
for: no-supply, customer, days
today: The menu wants a customer number before it lets anybody through. It is on a paper, in a
  drawer, in the dark.
better: The street and the house are enough for an outage.
state: closed
accept: Of course. It was never needed, the menu was copied from the bill line.

title: The job stays open until the wall is closed
for: work-unfinished, customer, weeks
today: The fitter closes the job when the cable is in. The wall, the lawn and the paint are nobody's
  job, so the customer rings until somebody feels responsible.
better: A second line on the job sheet: what is left, who does it, by when.

title: Photos of the finished job on the customer screen
for: work-unfinished, employee, weeks
today: "It is done", says the sheet. "There is a hole", says the customer. I believe her and cannot
  prove it.
better: Two photos from the fitter's tablet, before and after, where we can see them.

title: Say which documents the engineer needs before he drives
for: change-visit, customer, days
today: One visit in twelve ends at the door, because the permit or the key is missing.
better: A short list in the confirmation, and a question the day before.

title: Back-up generators for people with medical devices on one list
for: no-supply, customer, months
today: I asked four people who has the list of customers with breathing devices. There are two lists
  and neither is on our screen.
better: One list, seen by the outage desk at once, with a call back within ten minutes.
"""
