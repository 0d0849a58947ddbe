"""Ideas for Payments, written by hand; the form is that of `stories_billing`."""

STORIES = """
title: Find a payment by amount and day, not only by customer number
key: find-payment
for: payment-missing, customer, weeks
today: A digit is wrong and the money lies in a pot without a name. The customer reads me the line
  from her bank and I can only say that I do not see it.
better: Search the pot by amount, day and name, and book it while we are on the line.
state: validated
authors: zeynep-kaya 60, oliver-grant 40
accept: Yes. There are 1,900 payments in that pot today. I did not know it either.
done: Every agent can search unbooked payments and book up to 500 euros.
change: Under Payments there is "Unbooked". Search by amount and day, book it, tell the customer
  it is there.
evidence: Release 31 with the search, number of unbooked payments attached.
claim: Follow-up calls about missing payments
cites: Overflow partner invoice, line 5, and two temporary posts not renewed.
verdict: I signed the partner's line only. The temporary posts ended for other reasons as well.

title: Send a message when an instalment has been changed
key: instalment-message
for: instalment-change, customer, days
today: They change the instalment and then ring to ask whether it worked.
better: A message within the hour: from this day we take this amount.
state: not_proven
authors: andrei-popescu 100
accept: Yes. It costs little, and I would like to know whether it helps.
done: Every change sends a message within an hour.
change: After a change the customer gets a message with day and amount.
evidence: Message log of the first month.
verdict: We cannot tell it from chance. The messages are read, the calls come all the same.

title: Show the old and the new instalment on one screen
key: instalment-screen
for: instalment-change, employee, weeks
today: I change the amount on one screen and see the old one on another. A typing error costs two
  calls.
better: Old, new and the first day on one screen, to read back before saving.
state: measuring
authors: svenja-kruger 100
evidence: Release 34, screen shown to Team Curlew.

title: Show the next instalment date on the payment-plan confirmation
for: payment-plan, customer, days
today: The confirmation has the sum and the number of parts, not the dates. They ring each month to
  ask when.
better: A small table: date, amount. It is in the system.
state: accepted
authors: beatriz-santos 100
age: 10

title: Do not end a plan because one part is three days late
for: payment-plan, customer, weeks
today: A part comes three days late and the plan ends by itself. The whole sum is due, the person
  panics, we make a new plan by hand.
better: Five days of patience and a message on the first of them.
state: in_progress
authors: salma-benali 100
age: 3

title: Correct one wrong digit of an account without starting again
for: direct-debit, employee, days
today: One digit wrong and I have to delete the mandate. The customer gets a cancellation letter for
  a contract that she wants.
better: Let us correct it within two days, with the reason noted.
state: closed

title: Keep the day of the month when the bank changes
for: direct-debit, customer, days
today: After a change of bank the debit moves to the first. Wages come on the fifth, so it bounces.
better: The day belongs to the customer, not to the account.

title: Name a day for every refund
for: refund, customer, weeks
today: "Within a few weeks" is what I have to say. So they ring each week, and I say it again.
better: Two fixed pay-out days a week, and the day on the letter.
state: committed
authors: ahmed-el-masri 100
age: 5

title: Let small refunds go without a second signature
for: refund, business, days
today: A refund of eleven euros waits for two signatures, like one of eleven thousand.
better: One signature below a hundred euros, and a sample checked each month.
state: declined
decline: The auditors asked for two signatures after the case of last year, and they are right that
  it was one person who could do it alone.
would: A report that shows refunds by person each week. Finance has it on the list for spring.

title: A dispute stops the way to collections
for: debt-letter, customer, weeks
today: The bill is in dispute and goes to collections the same night. Taking it back costs us more
  than the bill, and the person has been frightened for nothing.
better: A dispute flag that the night run respects, with an end date.

title: One sum and one number in the letter from collections
for: debt-letter, customer, days
today: Our sum, their sum, fees in between. People pay one and are reminded for the other.
better: One sum that settles everything until a date, and the number of one person.

title: Tell people that a payment takes two days to show
for: payment-missing, customer, days
today: They pay, look, see nothing, and pay again. Then I send one of the two back.
better: One line where the balance stands: payments show after two working days.
state: closed
"""
