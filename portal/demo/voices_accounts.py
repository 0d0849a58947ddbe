"""What is heard about payments, the portal, moving and contracts; signs as in `voices_bills`."""

VOICES = """
instalment-change
> I changed it to {amount} in {month}, and you took {other} again.
> From when does the new amount count? Nobody can say.
> You raised it without asking me, that is my rent money.
- {Who} changed the instalment online. It says "done", the old {amount} was taken on the {ordinal}.
- After a change of bank the date moved to the {ordinal}. {Her} wages come on the 30th.
- {Who} asked {often} for a lower amount. The screen allows it only after the yearly bill.
+ {Who} wants to pay {amount} from next month. Changed, confirmed, two minutes.
+ {Who} asked for a sensible instalment after the move. We agreed on {amount}.
? A message with the day and the new amount.
? My day of the month, not yours.

payment-missing
> I paid on {day}, my bank shows it, you do not.
> You ask me for proof, but it is your account that got it.
> Where is my {amount}? I can read you the line from the bank.
> I wrote the wrong digit, so it just lies there?
- {Who} paid {amount}. I found it {minutes} minutes later under another customer with a like number.
- {Who} sent the proof {often}. It lies in a mailbox that two people read.
- Payment takes two days to show. {She} was told it was not there and paid again.
+ {Who} paid for {poss} mother's flat and asked me to book it there. Done on the call.
? That you find it by the amount and the day.
? A line that says it can take two days.

payment-plan
> I wanted to pay one part later, and the whole plan was gone.
> Your letter has the sum and not the days.
> I asked for help and I got a form of six pages.
- {Who} missed one part by three days, the plan of {amount} ended by itself.
- Next date is not on the confirmation. {She} calls each month to ask.
- {Who} cannot pay {amount} at once. I may agree to three parts, {she} would need five.
+ Agreed on five parts of {amount} with {who}. {She} was relieved, so was I.
+ {Who} asked to bring the plan forward, {she} has work again.
? All dates on one page.
? To ring before it ends, not after.

direct-debit
> I sent you my new bank in {month}, and you still try the old one.
> It came back because of you, and my bank wants its fee.
> Why do I have to sign on paper in this day and age?
- One wrong digit, and I cannot correct it. {Who} has to start from the first page.
- {Who} changed the bank, the debit ran on the old one, {amount} came back with a fee.
- Instalment date jumped by two weeks after the change of bank. {She} was not told.
+ {Who} has a new account. Entered, read back, valid from next month.
+ {Who} would like to pay by direct debit from now on. Three minutes.
? To change it in two steps and get an answer.

refund
> You have owed me {amount} since {month}, where is it?
> When I owe you, it takes a week. When you owe me, it takes {weeks}.
> It went to an account I closed, and now nobody knows anything.
- Refund of {amount} waits for a second signature. {Who} has called {often}.
- {Who} was told {day}, then {day2}, then "soon". {She} has stopped believing us.
- A refund under ten euros is held until the next bill. The letter does not say so.
+ {Who} wanted the credit set against the next bill. Done.
? A day, and that it is the day.
? To choose between money and the next bill.

debt-letter
> You and the collectors both want {amount}, whom do I pay?
> I have paid it in {month}, and they still ring me at work.
> I opened it in front of my children. It reads as if I were a thief.
- {Who} has paid us, the case went out the same night. Now there are {other} of fees on top.
- The bill is in dispute since {month}. It went to collections all the same.
- {Who} cried. There is nobody I could put {obj} through to who can stop the case.
+ {Who} wants to settle it all today. Sum worked out with collections on the line.
? One number to ring, and one sum.
? That a dispute stops the clock.

login-code
> The code does not come, and when it comes it is no longer valid.
> It goes to my old phone, and to change that I need a code.
> I asked for it {often}, then it locked me out.
> I live in a valley, I have no signal. Can you not mail it?
- {Who} tried for {long} minutes. I cannot see whether the code left us at all.
- Five codes arrived together after an hour. {She} typed the wrong one, now {she} is locked.
- {Who} only wanted to give a reading. It took {minutes} minutes and two departments.
+ {Who} got a new phone and wanted the number changed. Checked, changed, code came.
? To choose mail when the text does not come.
? A line that says: use the last one.

password-twice
> I typed my number, then I said it, and now you ask me again.
> I was logged in when I pressed call, and you do not know who I am?
> My birthday, my address, my meter. Do you want my shoe size?
- {Who} went through the check in the menu. It does not reach my screen, I have to start again.
- After a transfer {she} was asked the same three questions for the {nth} time.
- {Who} rang from the app, signed in. I still have to ask for the customer number.
+ {Who} asked why we check at all. I explained it, {she} found it right.
? To say once who I am.

bill-not-online
> Your mail says the bill is there. It is not there.
> I see the bill of {month} and then nothing.
> I said paper no thanks, now I have neither paper nor screen.
- Mail went out on {day}, the bill appeared three days later. {Who} had called by then.
- {Who} changed the contract, the old bills are gone from the portal.
- {She} pressed the link, it leads to the front page, then password, then an empty list.
+ {Who} found the bill and asked how to keep it as a file. Two steps, done.
? A mail only when it is really there.
? A link that opens the bill.

form-fails
> It says one field is wrong, but not which.
> I filled in everything, pressed send, and it was all gone.
> Your form does not know my street. I have lived here for {years} years.
- {Who} typed the form {often}. A space in the customer number breaks it.
- {Who} gave up on page four and called. Same questions again, {minutes} minutes.
- The upload takes photos up to one megabyte. Every phone makes bigger ones.
+ {Who} wanted to know whether the form needs a signature. It does not.
? That what I typed is still there.
? The wrong field in red.

chat-dropped
> I went to find my contract, and the chat was closed.
> The robot asked me five things, then it said nobody is free.
> I was number two in the queue, and then it threw me out.
- {Who} had written it all in the chat. I cannot see it, {she} told it again.
- Chat ended during the transfer. {Who} was close to a solution and close to tears.
- {She} was in the chat for {long} minutes, then on the phone with me for {minutes}.
+ {Who} wanted a copy of the chat of this morning. Sent.
? To go on where it ended.
? To hear that nobody is free before I type it all.

move-in
> I have the keys since {day}, and you say the flat is somebody else's.
> Which number do you need? There are four meters in this cellar.
> You cut me off, though I registered {weeks} ago.
- {Who} registered online. The meter number had one digit too few, and nobody told {obj}.
- {She} gets the bill of the last tenant, {amount}, for {weeks} before the keys.
- {Who} told the landlord, the network and us. We asked for it {often}.
+ {Who} moves in on the {ordinal}. All data there, contract made in {minutes} minutes.
+ {Who} shares a flat with three others and asked who has to sign. One is enough.
? A short list of what you need, before I move.
? To be supplied from the day of the keys.

move-out
> I moved out in {month}, and you still take {amount}.
> Where is my final bill? I need it for the deposit.
> You sent it to the flat I no longer live in.
- {Who} handed over the keys on the {ordinal}. Final bill is stuck behind the new tenant's reading.
- {She} gave the reading {often}. The bill was made with a guess.
- Final bill went to the old address. It came back, nobody called {obj}.
+ {Who} moves on {day} and gave the new address. Closed for the {ordinal}.
? A final bill within six weeks, as the law says.
? One call for moving out and in.

name-change
> I have been married for {years} years, and you still write to the other name.
> It is one letter. Do you really need my passport for one letter?
> You changed my name, and now my direct debit is gone.
- {Who} sent the certificate {often}. It lies under the old name, where nobody looks.
- {She} changed {poss} first name. Every letter with the old one hurts, and they still go out.
- A new name makes a new contract in our system, so the tariff is lost.
+ {Who} wants {poss} partner on the contract as well. Form sent, explained.
+ {Who} spelled the name for me, corrected at once.
? To keep my contract when my name changes.

landlord
> The flat stands empty, and you bill me {amount} for heating nobody used.
> I have eleven flats and eleven passwords.
> My tenant left in {month}, and I hear of it from your reminder.
- {Who} reports each change of tenant on paper. We lose about every third one.
- Between two tenants the contract falls to the owner. {She} is never told so.
- {Who} was passed on {often}. Landlords belong to nobody, it seems.
+ {Who} reported a new tenant with reading and date. {minutes} minutes.
? One list of all my flats.
? A letter on the first day, not after six months.

bereavement
> My husband died in {month}, and you wrote to him again on {day}.
> I sent the certificate {often}. I cannot do it once more.
> I only want it to stop having his name on it.
- {Who} told it to four people before me. I did not ask again, I just did it.
- Reminder over {amount} to a man who died {weeks} ago. His daughter called, very calm.
- The form wants the signature of the contract holder. {She} asked me how that should be done.
+ {Who} takes over the contract of {poss} mother. Done in one call, with time for {obj}.
? To say it once.
? A person, not a form.

price-letter
> Four pages, and I still do not know what I pay from {month}.
> You give me cents per unit. I need euros per month.
> It says I can leave, but not by when.
> Everything gets dearer, but at least say it plainly.
- {Who} worked out an extra {amount} a month. It is a fifth of that, the table misleads.
- {She} had the letter on {day}, the date to object was the day before.
- {Who} read me page three aloud. Neither of us understood it.
+ {Who} wanted the new price in euros at {poss} use. Worked it out, {she} stays.
+ Explained to {who} which part of the price is ours and which is tax. {minutes} minutes.
? The new amount in euros a month.
? The last day to object, in bold.

tariff-advice
> Your website says A, your letter says B, your shop says C.
> I had to type in my use, and you are the ones who know it.
- {Who} compared for an hour. The page does not show the bonus of the old tariff.
- Three screens to compare two tariffs, {who} waited {minutes} minutes while I typed.
- {Who} was sold a tariff on {day} that does not exist for {poss} kind of meter.
+ {Who} has a car to charge at night. Found a tariff that saves about {amount} a year.
+ {Who} asked whether a longer contract is worth it. We did the sum, it is not.
+ Heat pump, small family, roof with panels. Good talk with {who}, {minutes} minutes.
? A comparison with my own use.

cancel
> I cancelled in {month}, and you have renewed me.
> There is no button to leave, only one to stay.
> Did you get it or not? I only want one line from you.
- {Who} cancelled by mail, by letter and by phone, for fear that one gets lost.
- Confirmation takes {weeks}. Until then {she} calls, and I can only say that it is here.
- Menu for cancelling leads to the sales team. {Who} was offered {amount} and got angry.
+ {Who} moves in with {poss} partner and closes one contract. Confirmed at once.
+ {Who} wanted to know how long the contract still runs. Until the {ordinal}, noted.
? A confirmation on the same day.

bonus
> You promised me {amount} after a year. It is a year and {weeks}.
> The man at my door said bonus, your contract says nothing.
> It says set against the bill, but I cannot find it there.
- {Who} asked {often} for the bonus. It needs a form that nobody sent.
- Bonus of {amount} was paid into the old contract, which is closed.
- {She} moved within the town, so the bonus was lost. The offer does not say that.
+ {Who} asked when the bonus of {amount} comes. In {month}, it is on the list.
? That it comes by itself.
? The day, on the contract.
"""
