"""What is owed, by whom, until when: business calendars and the clocks that run by them."""
