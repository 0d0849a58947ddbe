"""Points, the ledger, and what points buy."""
