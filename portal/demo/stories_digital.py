"""Ideas for Digital Self-Service, written by hand; the form is that of `stories_billing`."""

STORIES = """
title: Send the login code by mail when the text does not come
key: code-by-mail
for: login-code, customer, weeks
today: The code comes late or never, people press again, and the fifth one locks them out. I cannot
  see whether anything was sent.
better: After a minute offer the mail address that we know. Show us what was sent and when.
state: validated
authors: nadia-rahimi 50, lukas-hoffmann 50
accept: Yes. A quarter of our codes go to numbers that no longer exist.
done: After 60 seconds the page offers the code by mail, and agents see the send log.
change: Under Sign-in you see each code with its time. After a minute the customer can choose mail.
evidence: Release notes 5.8, share of codes sent by mail.
claim: Calls about login codes
cites: Text message invoice and overflow partner invoice, line 2.
verdict: Approved. The text invoice fell as well, which I had not expected.

title: Keep the chat open while somebody looks for the contract
key: chat-stays-open
for: chat-dropped, customer, days
today: After two minutes of silence the chat ends. People are looking for their contract in the
  hall, come back, and start again, by phone.
better: Ten minutes, and a friendly question after five.
state: validated
authors: noor-van-dijk 60, samuel-adu 40
accept: Yes. Two minutes was the default of the supplier, nobody had chosen it.
done: The limit is ten minutes on all chat entries.
change: The chat stays open for ten minutes. You can close it yourself when all is said.
evidence: Setting changed, screenshot in the change record.
claim: Second contacts after a broken chat
cites: Overflow partner invoice, line 11, for the months until the check.
verdict: Approved for the months that I can see. I want to look at it again in half a year.

title: Text people a link instead of a call-back
key: call-back-by-text
for: chat-dropped, customer, weeks
today: We promise a call-back, reach a mailbox, and they call again.
better: Send a text with a link to pick the time of the call.
state: not_proven
authors: amina-yusuf 100
accept: A fair try. Repeat calls within seven days will tell us.
done: Every promised call-back sends the link.
change: Tell customers that a text with times to choose from is on its way.
evidence: Link opened by four in ten, log attached.
verdict: Four in ten used the link, and repeat calls did not move. An honest null.

title: Pass on that a caller is already known
for: password-twice, customer, months
today: The menu asks for number and birthday. Then I ask for number and birthday. After a transfer
  my colleague does.
better: A green mark on my screen: identified in the menu, by these two facts.
state: in_progress
authors: carlos-medina 50, tobias-engel 50
age: 7

title: Say which field is wrong
for: form-fails, customer, days
today: "Please check your entries." There are thirty-one entries.
better: The field in words, the reason in words, and the page stays where it is.
state: closed
accept: Yes. I filled in the form myself and gave up on page three.

title: Keep what was typed when the form fails
for: form-fails, customer, weeks
today: Send, error, empty form. They call, and we type it for them.
better: Nothing that was typed is ever lost.
state: committed
age: 3

title: The mail about a bill links to the bill
for: bill-not-online, customer, days
today: The link leads to the front page. Password, menu, archive, year, list. And then it is not
  there yet.
better: Send the mail when the bill is there, and link to it.
state: accepted
age: 6

title: Old bills stay when the contract changes
for: bill-not-online, customer, weeks
today: With a new contract the old bills are gone from the portal. For us they are all there.
better: All bills of a customer in one list, for three years.

title: Show us the chat that came before the call
for: chat-dropped, employee, weeks
today: She wrote it all to the chat. I see nothing of it, so she tells me again, and not so kindly.
better: The last chat on the customer screen, for two days.
state: accepted
age: 13

title: Eight wrap-up codes instead of forty-one
key: wrap-up-codes
for: password-twice, employee, days
today: After each call I choose one of forty-one codes. We all take "other" or the first that fits.
better: Eight codes that we agreed on, with "other" as the ninth.
state: measuring
authors: bilal-haddad 40, sigrid-nystrom 30, chiara-romano 30
evidence: Code list 3, training of twenty minutes in each team.

title: Upload photos that phones really make
for: form-fails, customer, days
today: One megabyte is the limit. Every phone makes four.
better: Make them smaller on our side.
state: closed
"""
