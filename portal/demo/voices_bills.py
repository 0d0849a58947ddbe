"""What is heard about bills, letters and complaints.

Under each contact reason: `>` a failure in the customer's words, `-` a failure in the agent's
words, `+` a contact that was worth having, `?` what the customer had expected.
"""

VOICES = """
estimated-reading
> My bill is {amount} and nobody has been at my meter since {month}.
> There is a small E beside the number, is that an error?
> I thought my meter was broken, now I hear you only guessed.
> You guessed a third more than my meter says, that makes {other}.
> Why do you guess when I could have told you the number?
> I read the meter every month and still you send me a guess of {amount}.
- {Who} thought the meter was broken. The reading on the bill is a guess and it does not say so.
- {Who} had an electrician in for {amount} because of a reading that we had estimated.
- Bill of {amount} rests on an estimate. {She} had the true reading on a note beside the phone.
- {Who} paid {other} too much for {weeks} because the guess was never put right.
+ {Who} gave me the real reading, I corrected the bill to {amount} on the call.
+ {Who} will read {poss} meter each quarter from now on and wanted to know on which day.
? A word on the first page that the reading is a guess.
? That somebody asks for the reading before the bill is made.

bill-higher
> Last year it was {amount}, now it is {other}, and we live just the same.
> I am alone in two rooms, how can I use as much as a family?
> Nobody warned me, and now {other} goes off on the {ordinal}.
> I have switched everything off and still it goes up.
> Is it the price or is it me? Your page two does not tell me.
- {Who} compared both bills line by line. The price rose in {month}, the bill shows only the sum.
- {Who} asked {often} whether the neighbour is on {poss} meter. It was the price change of {month}.
- The instalment went from {amount} to {other} and the reason is on page four in small print.
+ {Who} has a heat pump since {month}. We went through the use together, it explains {amount}.
+ {Who} asked what a dryer costs in a month. Good talk, {minutes} minutes.
? Last year beside this year, on one line.
? To hear about it before the money is gone.

corrected-bill
> I have three envelopes from you with three amounts, which one do I pay?
> First {amount}, then minus {other}, then a new bill. I gave up adding.
> You say it is corrected, but the old bill is still being reminded.
> Is the credit note my money or is it already used up?
- {Who} paid the old bill of {amount} and the new one, because nothing said that one replaces it.
- {Who} laid all letters on the table and we did the sum together. It took {minutes} minutes.
- Credit note came on {day}, the new bill {weeks} later. {She} thought the credit was a present.
- The covering letter talks of {amount}, the corrected bill of {other}. I could not explain it.
+ {Who} wanted to know how the correction of {amount} was worked out, and was content with it.
? One page: what I owed, what was wrong, what I owe now.
? That the old bill is crossed out.

first-bill
> I moved in on the {ordinal} and you charge me from the first, why?
> It says six weeks on it, then five months, I do not follow.
> Is {amount} for one month or for the year?
> I have had no bill since {month}, is somebody else paying mine?
- {Who} took the instalment plan for the bill and paid {amount} {often}.
- {Who} waited {weeks} for a first bill that we never said would come so late.
- First bill covers a part month. {She} multiplied it by twelve and was frightened.
+ {Who} is new with us and asked how the first bill works. Two minutes, done.
+ Went through the first bill of {amount} with {who}, line by line, all clear now.
? A sentence that says which days the bill is for.
? To know in the welcome letter when the first bill comes.

standing-charge
> I was away for {weeks} and used nothing, and still you want {amount}.
> What am I paying for when the meter stands still?
> My holiday flat pays the same charge as my house, how is that fair?
- {Who} read the standing charge as a fee for the paper bill and wanted it back.
- {Who} asked {often} this year what the charge is for. The bill has the word and no sentence.
- The charge went up by a few euros in {month}, the bill shows it without a date.
+ {Who} compared our standing charge with another offer. I explained both, {she} stays.
+ Explained what the charge pays for, {who} thanked me and wrote it down.
? One sentence on the bill that explains it.
? To be told when it changes.

unclear-letter
> There is no date on this letter, is it from this year?
> I have read it {often} and I still do not know what you want from me.
> It says "without delay", so is that today or next week?
> The letter came on {day} and it wants an answer by the day before.
> My daughter read it to me, and she is a lawyer, and she does not know either.
- {Who} held the yellow letter. I cannot see it on my screen, so {she} read it to me word by word.
- {Who} rang to ask whether the letter is real, as it has no name under it.
- Letter asks for a form that was not in the envelope. Third one this week from the same run.
+ {Who} asked whether to keep the letter for the tax office. Yes, and that was all.
? A date, a name and one thing to do.
? To know whether I have to do anything at all.

reminder-crossed
> I paid on {day} and today I get a reminder with a fee.
> You took my {amount} and then you threaten me, which is it?
> I have paid on time for {years} years, and you write to me like that.
> Does your left hand know what the right hand does?
- {Who} has the proof of payment of {amount}. The reminder was printed two days before it arrived.
- Fee of five euros taken off again by hand. {She} was hurt more by the tone than by the fee.
- {Who} paid {often} out of fear, now we have to send {amount} back.
+ {Who} paid late because of a stay in hospital and asked what happens now. Sorted, no fee.
? That you look at my account before you write.
? A line that says: if you have paid, forget this letter.

complaint-status
> I have three numbers for one complaint, which one do you want?
> You promised me an answer by {day}, that was {weeks} ago.
> Everybody is sorry and nobody knows anything.
> Just tell me whether anybody has read it.
- {Who} complained in {month}. There are three cases, none of them has an owner.
- {Who} calls every {day} for an answer. All I can see is "in progress".
- Complaint was closed without a word. {She} found out from me, on the phone.
- {Who} told the story from the start for the {nth} time. I wrote it all down again.
+ {Who} added a photo to a complaint of this morning, number known, one minute.
? One number, one name, one date.
? A call before I have to call.

duplicate-bill
> I only need the bill from {month} again, why does that take {weeks}?
> My tax adviser wants it by {day} and I cannot print it.
> You want five euros for sending me my own bill?
- {Who} needs a copy for the housing office. I need a supervisor code to send it, nobody was free.
- {Who} asked {often} for the same copy. It is ordered each time and printed at the month's end.
- {She} lost papers in a water damage and has to order eight copies one by one.
+ {Who} needed the bill of {month} for the tax return. Sent while we spoke.
+ Housing office asked {who} for two bills. Found both, sent both, {minutes} minutes.
? That you send it while we are speaking.
? To find it myself, without a password by post.
"""
