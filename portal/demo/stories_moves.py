"""Ideas for Moves and Contracts, written by hand; the form is that of `stories_billing`."""

STORIES = """
title: Ask for the meter number with a picture of where it stands
key: meter-number-picture
for: move-in, customer, weeks
today: Four meters in the cellar, one field in the form. One move-in in five has the wrong number.
  The wrong flat is billed, two customers ring, three times each.
better: A picture of the usual meters with the number circled, and a check of the digits while
  typing.
state: validated
authors: aleksandra-nowak 55, deniz-aydin 45
accept: Yes. I went down to my own cellar with the form. I picked the wrong one.
done: The moving form shows the picture and refuses a number that cannot exist.
change: The form checks the meter number. If it refuses, ask for a photo.
evidence: Moving form 6, share of wrong numbers before and after.
claim: Follow-up calls after a move
cites: Overflow partner invoice, line 3, and correction runs no longer bought.
verdict: Approved. Fewer correction runs are on the invoice as well.

title: One call for moving out and moving in
for: move-out, customer, weeks
today: Moving out is one desk, moving in another. People tell both the same story, and one of them
  forgets it.
better: One screen with two addresses and two dates.
state: in_progress
authors: patrick-oconnell 100
age: 9

title: A final bill that does not wait for the next tenant
for: move-out, customer, weeks
today: The final bill waits until the new tenant sends a reading. The old one waits for the deposit.
better: After two weeks take the reading of the key handover.
state: triage
age: 5

title: Stop writing to people who have died
for: bereavement, customer, weeks
today: A daughter sent the certificate twice. Reminders still come in her father's name. She was not
  angry. That was the worst.
better: One desk, one paper, one call. From that day on no letter leaves with that name.
state: in_progress
authors: grace-okafor 100
age: 2
accept: Yes, at once. Sinéad takes these cases herself from Monday, until the system can do it.

title: Correct a spelling mistake without a certificate
for: name-change, employee, days
today: For one letter in a name we ask for a passport.
better: Two letters may be corrected on the call, with a note.
state: closed
accept: Yes. The rule was made for changes of name, not for our typing.

title: Keep tariff and mandate when somebody marries
for: name-change, customer, months
today: A new name makes a new contract. The old tariff is lost, the direct debit as well.
better: A name is a field, not a contract.
state: declined
decline: The old contract system cannot do it, and it is replaced in autumn. I will not have it
  mended twice.
would: The new system. The case stands in its tests, under your names.

title: One list for an owner with many flats
for: landlord, business, months
today: A landlord has eleven flats, eleven customer numbers, eleven passwords. He sends us a letter
  for each change.
better: One login that shows all flats, and a form for a change of tenant.

title: The new price in euros a month on page one
for: price-letter, customer, weeks
today: The price letter has cents per unit on page three. People fear the worst and ring.
better: "At your use you pay 84 euros a month from January, so far 79." One sentence, page one.
state: accepted
authors: markus-thiele 60, ewa-zielinska 40
age: 2

title: The last day to object in bold
for: price-letter, customer, days
today: It is in the text somewhere. They find it the day after.
better: The date in bold beside the new price. It is their right, it should be easy to find.
state: closed

title: Confirm a cancellation on the same day
for: cancel, customer, days
today: A cancellation is confirmed after three weeks. Until then people ring, write again, and
  cancel the debit to be safe.
better: One mail on the same day: we have it, your contract ends on.
state: committed
authors: maren-petersen 100
age: 11

title: Do not send people who want to leave to the sales team
for: cancel, customer, days
today: The menu for cancelling leads to sales. They want to confirm a date and get an offer. Then
  they want to speak to a manager.
better: Confirm first. Offer after, if they like.
state: declined
decline: The sales team keeps one in six of these customers. I will not give that up, but I see what
  it costs you on the phone.
would: A test in one team that shows how many stay when we confirm first. Bring me two volunteers.

title: Pay the bonus without a form
for: bonus, customer, weeks
today: The bonus is promised at the door and paid on a form that nobody sends.
better: It is in the contract, so pay it on the day.

title: Compare tariffs with the use that we already know
for: tariff-advice, customer, weeks
today: I type the use of a customer from one screen into another. She waits, and hears me type.
better: The comparison opens with her use of last year filled in.
state: committed
authors: julia-baumann 100
age: 2

title: Say what happens to the bonus before somebody moves
for: bonus, customer, days
today: People move two streets on and lose the bonus. They hear of it a year later, from us, on the
  phone.
better: Let them keep it within the town, or at least say it before they sign.
"""
