"""What can happen in a play, by the place in the story where it happens."""

from __future__ import annotations

from typing import Literal, NamedTuple

What = Literal["scene", "open", "true", "false", "taken", "cut", "default", "stuck", "endless"]
"""`scene`: it is entered · `open`: the choice can be taken · `true`, `false`: the condition is asked and holds or not ·
`taken`: the candidate leads on · `cut`: the assignment's value lies outside its variable's bounds and is cut ·
`default`: time runs out while no default is open · `stuck`: nothing is open, or the route finds nothing ·
`endless`: more scenes follow one another than may.
"""


class Mark(NamedTuple):
    """Something that can happen, and where: a scene, "scene.choice", or the address of a site."""

    what: What
    where: str
