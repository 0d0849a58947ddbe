"""What is to be done outside a request: an outbox in our own transaction, and its worker."""
