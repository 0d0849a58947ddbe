"""Ideas for Metering, written by hand; the form is that of `stories_billing`."""

STORIES = """
title: Say who we are in the text about the meter
key: meter-text-name
for: meter-text, customer, days
today: The text says "Hello, send your reading" with a link and no name. Banks tell people never to
  press such a link. So they ring to ask whether it is fraud, and I cannot see the text either.
better: Our name first, the last three digits of the customer number, no link. Answer with the
  number, done.
state: validated
authors: grace-okafor 60, hana-kovar 40
accept: Yes. Nils rang me and asked me to show him my own phone. I had deleted it myself.
done: All meter texts start with our name, carry three digits, and take the reading as an answer.
change: Customers can answer the text with the reading. You see the text and the answer on the
  account.
evidence: Text template 4, send log of the first week.
claim: Calls about the text, own staff and partner
cites: Overflow partner invoice, line 9, and the gateway invoice for answered texts.
verdict: Signed in full. The drop is larger than the season and the invoice shows it.

title: "Reading estimated" goes on page one of the portal as well
for: estimated-reading, customer, days
today: On paper it is there now. Online the same bill still shows the E.
better: The same sentence, in the same place, in the portal and in the mail that announces the bill.
state: implemented
authors: amina-yusuf 100
age: 4
change: "Reading estimated" is on page one of the bill in the portal.

title: A shorter visit card with only the day on it
key: visit-card-short
for: meter-access, business, days
today: The card for the reading visit is full of rules. Nobody reads to the end, and half of the
  people are not at home.
better: Only the day, the name of the reader and a thank you.
state: harmful
authors: paul-richter 100
accept: Short is good. We try it with the whole autumn run and look at the calls.
verdict: Calls rose in every week since. People missed the hour and the number. Saying so early
  saved the winter run.
evidence: Card version 12, printed for all districts.

title: Move the telephone number to the back of the visit card
key: visit-card-number
for: meter-access, business, days
today: People ring before they have read the card.
better: Put the number on the back, under the questions that most people ask.
state: harmful
authors: birgit-lange 100
verdict: The number was looked for, not the answers. The calls came to the main line instead.
evidence: Card version 12, back page.

title: Morning or afternoon instead of a two-hour window
key: visit-card-window
for: meter-access, employee, weeks
today: Readers hunt after two-hour windows and drive each street three times.
better: Two half days, so that a street is read in one go.
state: harmful
authors: mateo-herrera 100
verdict: Readers drove less and customers waited longer. The calls say the second weighs more.
evidence: Route plan of the autumn run.

title: Let customers send a photo of the meter
for: send-reading, customer, weeks
today: They type eight digits into a form that takes seven, or swap two of them. The bill comes
  from a guess, and they paid double because nobody came to read it.
better: A photo by message or app. We read it, store it, and thank them.
state: in_progress
authors: minh-tran 60, elif-demir 40
age: 6

title: Leave the last month open for readings for five more days
for: send-reading, employee, days
today: From the first of the month I cannot enter a reading for the last one. The customer has it
  in hand and I have to send a guess.
better: Five days of grace, with the date of the reading beside it.
state: closed
accept: Yes. The lock was for a closing date that moved two years ago.

title: Tell the customer when the smart meter goes silent
for: smart-meter, customer, weeks
today: We know after three days that a meter sends nothing. The customer finds out after three
  weeks, in the app, and thinks it is the app.
better: A message on day four: we see it, we try these two things, you hear from us by Friday.

title: One person for meter, modem and app
for: smart-meter, customer, months
today: The meter people say it is the modem, the modem people say it is the app. The customer has
  three case numbers and no values.
better: A desk of two people who may look at all three and keep the case to its end.
state: declined
decline: The three contracts with three suppliers run until June and forbid it. I tried to find a
  way around it and there is none that is honest.
would: New contracts in June. I have put this sentence into the tender.

title: Leave the old reading with the customer at the meter exchange
for: meter-exchange, customer, days
today: The fitter notes the last reading of the old meter and takes it along. Months later we argue
  about it and nobody has a paper.
better: A photo of both meters, sent to the customer before the fitter leaves the cellar.

title: A test at home before the meter test that costs money
for: meter-doubt, customer, days
today: "Your meter is wrong" ends in a test for a fee, and nine in ten meters are right. Then they
  are angry about the fee and still about the bill.
better: A card with four steps: all fuses off, look, one fuse on, look. We do it together on the
  phone.
state: closed

title: Give the reader the note about the broken bell
for: meter-access, customer, days
today: "Bell is broken, knock" has been on the account since spring. The reader never sees it and
  writes "nobody at home".
better: Notes with the word access go to the reader's list.
"""
