"""How Python itself is set for serving many viewers from one process."""

from __future__ import annotations

import gc
import sys

SWITCH_SECONDS = 0.0005
"""How long one thread may keep the interpreter from another that waits for it. The store's thread asks for it between
statements; at Python's own 5 ms a busy event loop would starve it."""

YOUNG_OBJECTS = 20_000
"""Objects made before garbage is looked for. A tap makes hundreds that end with it, so looking at every 700, as Python
does by itself, finds nothing and takes a fifth of the time of a tap."""


def tune() -> None:
    """Set the interpreter. Call it again once everything is loaded, which then is never looked at again as garbage."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)
    gc.collect()
    gc.freeze()
