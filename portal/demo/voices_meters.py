"""What is heard about meters, readings and visits of engineers; signs as in `voices_bills`."""

VOICES = """
send-reading
> I typed in my reading {often} and it says implausible, but it is what the meter shows.
> Did my reading reach you? There was no answer, nothing.
> Your card came on {day} and I was to send it by {day2}.
> Do you want the numbers after the comma or not?
- {Who} sent the reading by card, by web and by phone, to be sure. Now we have three of them.
- The month was closed, I could not enter the reading. {She} will get a guess of {amount}.
- {Who} has two registers and the form has one field. {She} added them up.
- Phone menu for readings hangs up after the fourth digit. {Who} tried it {often}.
+ {Who} gave the reading, it is in, the new bill will be {amount}. Done in {minutes} minutes.
+ {Who} asked where the number of the meter stands. Found it together.
? A short "thank you, we have it".
? To send a photo and be done.

meter-access
> I stayed at home all morning and nobody rang the bell.
> The card says between eight and four, do you think I do not work?
> You want into my cellar and I do not even have the key.
> He says nobody was in. I was in, the bell is broken and it says so on the door.
- {Who} took a day off for the reading. The reader had swapped the street with {day}.
- The number on the visit card leads to the general queue. {She} waited {long} minutes.
- Card came after the visit. {Who} asks {often} how that is meant to work.
+ {Who} moved the reading visit to {day}, and the neighbour will open the door.
? An hour, not a day.
? That he rings me when the bell does not work.

meter-text
> I got a text about my meter, is that you or is it fraud?
> There is a link in it, and my bank says never to press a link.
> It says hello and a number, and no name at all.
> I deleted it, it looked like all the other false ones.
> Was that text meant for me? I have no gas meter.
- {Who} cannot tell who sent the text about the meter. I could not see it on my side either.
- {She} got the same text {often}. The reading has been here since {day}.
- {Who} asked the police about our text. They told {obj} to call us.
+ {Who} answered the text with the reading and asked whether it arrived. It did.
? Your name in it, and the last digits of my customer number.
? No link, just a question that I can answer.

smart-meter
> The app shows nothing since {month}, and I pay extra for this meter.
> It was to be clever, and now I read it myself with a torch.
> You say it sends, my screen says it does not.
- {Who} bought a car charger because of the hourly values. There have been none for {weeks}.
- Three people, three answers: the meter, the modem, the app. {She} has written them all down.
- The meter went silent after the update of {month}. {Who} hears it from me, by chance.
+ {Who} wanted to know who can see the values. I explained it, {she} was at ease.
? To be told when it stops, before I notice.
? One person for meter, modem and app.

meter-exchange
> The fitter was here, and the old reading is on no paper I have.
> How long is the power off? I have a freezer full and a child with an inhaler.
> You changed it on {day}, and the bill still has the old number.
- {Who} let the fitter in {often}. The first had the wrong meter in the van.
- New meter, old number on the bill, {other} too much since {month}.
- {She} was given a day and no hour. Took the day off, the fitter came at five to four.
+ {Who} asked how long the power is off during the exchange. Half an hour, that was all.
+ Booked the exchange for {who} on {day} morning, {she} chose the hour.
? The old reading on paper, signed.
? A text the day before, with an hour in it.

meter-doubt
> Nothing is running and the wheel still turns.
> My neighbour has the same flat and pays half.
> I want it tested, but you want {amount} for that, before I know?
- {Who} was told {often} that a test is possible. Nobody said what it costs or when it is free.
- Test ordered in {month}, no date yet. {She} has stopped paying until it is done.
- {Who} found the old pump in the cellar by {poss} own search. We had only sent a form.
+ Switched off fuse after fuse with {who} on the phone. It was the boiler. {minutes} minutes.
? A way to check it myself before it costs money.

where-engineer
> I have taken the second day off now. Just tell me if he is coming.
> You said from eight to one, it is two now, and I have to fetch the child.
> Is he coming or not? I only want to know.
> I stood at the gate in the rain as the bell is broken.
> I went down for the bins and there was the card in the box.
- {Who} waits since eight. I rang dispatch, they rang the van, the answer is "soon".
- {Who} called {often} this morning. Nine minutes each time, and all I could say was "today".
- Engineer was moved to the afternoon, {she} was not told. {She} had taken the morning off.
+ {Who} asked whether the engineer can come to the back door. Noted for the van.
? A text when the van sets off.
? A time I can plan with.

change-visit
> I cannot on {day}, and your letter has no number to say so.
> The website offers me only the date I do not want.
> I moved it to {day}, and he came on the old day.
- {Who} moved the visit {often}. Both dates are still in the plan, two vans would have come.
- {She} waited {long} minutes in the queue to move a date, which took one minute.
- Menu sends date changes to the emergency line. {Who} apologised to me for that.
+ {Who} moved the visit to {day}, early. Two minutes.
+ Put two visits of {who} into one, {she} saves a day off.
? To move it by answering the text.

missed-visit
> Nobody came, nobody rang, and you tell me I was not at home.
> I lost a day's pay of {amount} for nothing.
> This is the {nth} time. I do not believe the next date either.
- {Who} has a picture of {poss} door with the clock beside it. The van was two streets away.
- {She} is asked to book again at the end of the queue, {weeks} from now.
- Visit was dropped because of illness. The list shows it since seven, {who} heard it at four.
- {Who} had the landlord, the caretaker and the neighbour there. Nobody of ours came.
+ {Who} had forgotten the visit and was sorry. New date on {day}.
? A call at nine, not at four.
? The next free date, not the last one.

no-supply
> It is dark here since {hour}, is it only my house?
> I pressed four numbers, and then it said the office opens at eight.
> My mother has a breathing device, how long will it take?
- {Who} was asked for the customer number while standing in the dark.
- Outage in the whole street, the recorded message did not say so. Five calls in {long} minutes.
- The text said ten o'clock, then two, then nothing. {Who} wants one honest time.
+ {Who} smelled burning at the fuse box. Straight to the emergency desk, a van in {long} minutes.
+ Told {who} which fuse to try. Light came back while we spoke.
? To hear at once that you know about it.
? One time that holds.

work-unfinished
> He left a hole in my wall and said somebody else would come.
> The job is closed at your end, and here is the cable on the floor.
> Who closes the wall? You send me to the fitter and the fitter to you.
- {Who} waits {weeks} for the second trade. Our system says finished on {day}.
- Job sheet is signed, {she} signed for the key. There is still no earth on the socket.
- {Who} was passed on {often}, between us, the fitter and the network.
+ {Who} sent photos, the fitter says it is safe. The wall is closed on {day}.
? That the same man comes back.
? A sheet that says what is left, and who does it.
"""
