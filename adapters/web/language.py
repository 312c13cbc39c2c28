"""Which language a browser would like."""

from __future__ import annotations

import re
from collections.abc import Iterable

LANGUAGES = 20
"""Entries of an Accept-Language header that are looked at."""

WEIGHT = re.compile(r"[01](\.[0-9]{0,3})?")


def accepted(header: str, known: Iterable[str]) -> str:
    """The known language that an Accept-Language header likes best; else English if known, else the first."""
    codes = {code.lower(): code for code in known}
    for wanted in _wanted(header):
        for code in (wanted, wanted.partition("-")[0]):
            if code in codes:
                return codes[code]
    return "en" if "en" in codes or not codes else next(iter(codes.values()))


def _wanted(header: str) -> list[str]:
    """The codes of an Accept-Language header (RFC 9110), the best liked first; those of weight 0 are left out."""
    liking: dict[str, float] = {}
    for entry in header.split(",")[:LANGUAGES]:
        code, _, weight = entry.partition(";")
        weight = weight.strip().removeprefix("q=")
        liking[code.strip().lower()] = float(weight) if WEIGHT.fullmatch(weight) else 1.0
    return [code for code in sorted(liking, key=liking.__getitem__, reverse=True) if liking[code] > 0]
