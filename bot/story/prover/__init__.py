"""The prover: what can happen in any play of a story, and what never can, with the shortest way there."""
