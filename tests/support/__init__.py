"""What tests share: databases, a client that signs in, the checks of ``make test``."""
