"""The rules of a group that plays one session: ballots, votes, verdicts, the host. Pure, and no platform's own."""
