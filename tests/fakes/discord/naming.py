"""Names of commands and options, as Discord takes them in any language."""

from __future__ import annotations

import unicodedata

LONGEST = 32
MARKED = ("DEVANAGARI", "THAI")
"""Scripts whose combining marks may stand in a name, too."""


def is_name(name: str) -> bool:
    """Whether it is one (Discord, application command naming): letters, digits, - _ and ', in lower case where the
    script has one.
    """
    return 1 <= len(name) <= LONGEST and name == name.lower() and all(map(_fits, name))


def _fits(letter: str) -> bool:
    kind = unicodedata.category(letter)[0]
    return letter in "-_'" or kind in "LN" or (kind == "M" and unicodedata.name(letter, "").startswith(MARKED))
