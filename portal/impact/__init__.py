"""What a change did: statistics, analyses, verdicts and money."""
