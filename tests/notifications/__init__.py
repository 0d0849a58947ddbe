"""Messages in the portal."""
