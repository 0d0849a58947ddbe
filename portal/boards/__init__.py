"""Who really moved what: leaderboard, funnel."""
