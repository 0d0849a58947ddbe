"""What the ideas about a contact reason are made of: its thing, its paper, its question."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facets:
    """Phrases that fit into the sentences of `patterns`, for one contact reason.

    `missing` follows "say" or "tell customers"; `fix` and `self_service` are verbs without "to".
    """

    thing: str
    paper: str
    cases: str
    question: str
    missing: str
    fix: str
    self_service: str


_TABLE = """
estimated-reading
  an estimated reading | the annual bill | bills with an estimated reading
  Why does my bill say E beside the reading? | that the reading was estimated
  correct an estimated reading | replace an estimate with a real reading
bill-higher
  a bill that went up | the yearly statement | bills that rose by more than a third
  Why do I pay so much more than last year? | what made the amount go up
  compare two years on one screen | see last year beside this year
corrected-bill
  a corrected bill | the credit note | corrected bills
  Do I pay the old bill or the new one? | which of the two bills counts
  merge a credit note with its new bill | see what changed on a corrected bill
first-bill
  the first bill | the welcome letter | first bills with a part month
  Why is my first bill for six weeks? | when the first bill comes
  preview a first bill | see how the first bill is worked out
standing-charge
  the standing charge | the first page of the bill | questions about the standing charge
  What is the standing charge for? | what the standing charge pays for
  explain the charge from one card | see the standing charge by month
unclear-letter
  a letter without a date | the confirmation letter | letters that need an answer
  What do you want from me in this letter? | by which date something has to happen
  see the letter the customer holds | answer a letter from their phone
reminder-crossed
  a reminder that crossed with a payment | the first reminder | reminders sent after the money came
  I paid on Monday, why do you remind me? | that a payment may be on its way
  hold a reminder for three days | tell us that they have paid
complaint-status
  a complaint | the complaint letter | complaints without an answer
  What happened to my complaint? | who looks after the complaint and until when
  read the state of a complaint | see where their complaint stands
duplicate-bill
  a copy of a bill | the copy letter | requests for a copy
  Can you send me the bill from March again? | where older bills can be found
  send a copy of a bill | download every bill of three years
send-reading
  a meter reading | the reading card | readings that were refused
  Did my reading reach you? | until when a reading counts
  enter a reading for a closed month | send a photo of the meter
meter-access
  a reading visit | the visit card | visits with nobody at home
  When does the man for the meter come? | at what time the reader comes
  move a reading visit | choose an hour for the reading visit
meter-text
  a text about the meter | the text message | texts that look like fraud
  Is this text about my meter really from you? | who sent the text and why
  see the texts a customer got | check that a text is ours
smart-meter
  a silent smart meter | the smart meter leaflet | meters silent for a week
  Why does the app show no values? | that the meter has not sent for a week
  restart the connection of a meter | test the connection of their meter
meter-exchange
  a meter exchange | the exchange notice | exchanges without a final reading
  How long does the exchange take? | how long the power is off
  see the notes of the fitter | pick a day for the exchange
meter-doubt
  a meter that seems wrong | the test order | meter tests that wait for a date
  Can a meter count too much? | what a meter test costs and when it is free
  order a meter test | compare a day with the fridge alone
instalment-change
  a changed instalment | the instalment notice | instalments changed in the last week
  From when do I pay the new amount? | from which month the new amount counts
  change an instalment for next month | change their instalment themselves
payment-missing
  a payment that is not shown | the account statement | payments without a customer number
  I paid, why can you not see it? | that a payment takes two days to show
  find a payment by amount and day | see a payment on its way
payment-plan
  a payment plan | the plan confirmation | plans with one late instalment
  When do I pay the next part? | when the next instalment is due
  extend a plan by a week | move one instalment of their plan
direct-debit
  a new bank account | the mandate letter | direct debits that came back
  Which account did you take it from? | from when the new account is charged
  correct one wrong digit of an account | change their bank in two steps
refund
  a refund | the credit letter | refunds older than two weeks
  When does my money come? | on which day a refund is paid
  see the day a refund leaves | choose where a refund goes
debt-letter
  a letter from collections | the collections letter | cases with a payment in the last month
  Do I pay you or the collectors? | whom to ring and what is still owed
  pause a case that is in dispute | see what is still owed
where-engineer
  a late engineer | the appointment text | appointments later than an hour
  Where is my engineer? | when the engineer sets off
  see the van on a map | see when the engineer sets off
change-visit
  an appointment | the appointment letter | appointments moved more than once
  Can I have another day? | how to move an appointment
  book the first free slot | move their appointment
missed-visit
  a missed appointment | the apology letter | appointments that nobody kept
  Why did nobody come? | why nobody came and what happens next
  book a new visit the same day | pick the new day at once
no-supply
  a loss of supply | the outage text | outages longer than two hours
  Is it only my house? | how long the outage will last
  see the outage map | report an outage by address
work-unfinished
  unfinished work | the job sheet | jobs closed with work left over
  Who comes back to close the wall? | what is still to be done and by whom
  see photos of the job | send a photo of what is left
login-code
  a login code | the code message | codes that were not delivered
  Why does the code never come? | how long a code is valid
  see whether a code was delivered | choose text or mail for the code
password-twice
  asking who somebody is | the security notice | calls with two identity checks
  Why do I have to say all this again? | which question we will ask
  pass on that a caller is known | identify once for phone and portal
bill-not-online
  a bill that is not online | the notice mail | notices without a bill behind them
  You say my bill is there, but where? | on which day the bill appears
  place a bill in the portal | get a link straight to the bill
form-fails
  a form that fails | the contact form | forms given up on the last page
  Why can I not send this form? | which field is wrong
  see a form that was not sent | save a half-filled form
chat-dropped
  a chat that breaks off | the chat greeting | chats that ended without goodbye
  Are you still there? | that a chat ends after five minutes of silence
  read the chat that broke off | pick up a chat where it ended
move-in
  a move in | the moving form | move-ins without a meter number
  Am I registered at the new address? | which reading we need from the new flat
  start a contract from the key handover | register the new flat with a photo
move-out
  a final bill | the final bill | final bills older than six weeks
  When is my last bill? | when the final bill comes
  close a contract on a past day | give the final reading and the new address
name-change
  a name on the contract | the contract letter | contracts with a wrong name
  Why is the bill still in my old name? | which paper proves a new name
  correct a spelling mistake | add a second person to the contract
landlord
  an empty flat | the owner letter | flats between two tenants
  Why do I pay for an empty flat? | who pays between two tenants
  see all flats of one owner | report a new tenant
bereavement
  a contract after a death | the condolence letter | contracts of people who died
  What do you need from me now? | which single paper we need
  close a contract without a second call | send the certificate once
price-letter
  a change of price | the price letter | letters about a new price
  What do I pay from January? | what the new price means in euros a month
  work out the new instalment | see the new price in euros
tariff-advice
  a choice of tariff | the tariff sheet | advice calls longer than ten minutes
  Which tariff is right for me? | which tariff is cheaper at their use
  compare three tariffs on one page | compare tariffs with their own use
cancel
  a cancellation | the cancellation letter | cancellations without a confirmation
  Did you get my cancellation? | on which day the contract ends
  confirm a cancellation on the call | confirm a cancellation by mail
bonus
  a promised bonus | the contract offer | bonuses that are overdue
  Where is the bonus I was promised? | when the bonus is paid and against what
  see the bonus of a contract | see the day their bonus is paid
"""


def _read(table: str) -> dict[str, Facets]:
    """Four lines a reason: its key, then the phrases in the order of the fields."""
    lines = table.strip().splitlines()
    return {
        lines[start]: Facets(
            *(cell.strip() for line in lines[start + 1 : start + 4] for cell in line.split("|"))
        )
        for start in range(0, len(lines), 4)
    }


FACETS = _read(_TABLE)
