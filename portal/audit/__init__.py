"""Who did what to which thing: append only, each row chained to the one before."""
