"""How much is tried. `HYPOTHESIS_PROFILE=thorough`, as `make thorough` sets it, tries much more than every run does."""

from __future__ import annotations

import os

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "usual")
"""`usual` or `thorough`: of Hypothesis's examples, and of everything else that is tried by chance."""

EXAMPLES = {"usual": 100, "thorough": 1000}
"""Of every property that does not say how many it needs."""


def effort(usual: int, thorough: int) -> int:
    """How many of something to try."""
    return thorough if PROFILE == "thorough" else usual
