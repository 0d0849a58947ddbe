"""Who may stay unnamed: what is offered, sealed authors, phrases to come back with."""
