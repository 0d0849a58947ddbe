"""Business calendars and clocks."""
