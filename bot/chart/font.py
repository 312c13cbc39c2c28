"""Letters for pictures: the first font on this machine that has all those of a text, or else Pillow's own."""

from __future__ import annotations

from functools import lru_cache

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

PLAIN = (
    "NotoSans-Regular.ttf",
    "DejaVuSans.ttf",
    "LiberationSans-Regular.ttf",
    "SegoeUI.ttf",
    "Arial.ttf",
    "Helvetica.ttc",
)
BOLD = ("NotoSans-Bold.ttf", "DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf", "segoeuib.ttf", "Arial Bold.ttf")
WORLD = (
    "NotoSansCJK-Regular.ttc",
    "wqy-microhei.ttc",
    "PingFang.ttc",
    "msyh.ttc",
    "malgun.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansBengali-Regular.ttf",
    "NotoSansTamil-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "DejaVuSans.ttf",
    "Arial Unicode.ttf",
)
"""After the plain ones, for the scripts that those lack."""
WORLD_BOLD = ("NotoSansCJK-Bold.ttc", *WORLD)
_NOWHERE = "\U0010fffd"
"""A private letter: what a font draws for it, it draws for all that it lacks."""


class Fonts:
    """Fonts at pixel sizes, for one picture: a face must not be used by two threads at once.

    `names` are tried in order before the built-in one; None takes what systems usually have.
    """

    def __init__(self, names: tuple[str, ...] | None = None) -> None:
        self._names = names
        self._faces: dict[tuple[str, int], Font | None] = {}
        self._covers: dict[tuple[str, str], bool] = {}

    def fitting(self, text: str, pixels: int, bold: bool) -> Font | None:
        """A font of that size with every letter of the text; None when no font here has them all."""
        for name in self._order(bold):
            face = self._face(name, pixels)
            if face is not None and all(self._has(name, face, letter) for letter in text):
                return face
        return None

    def _order(self, bold: bool) -> tuple[str, ...]:
        names = self._names if self._names is not None else (*BOLD, *WORLD_BOLD) if bold else (*PLAIN, *WORLD)
        return (*names, "")

    def _face(self, name: str, pixels: int) -> Font | None:
        if (name, pixels) not in self._faces:
            self._faces[name, pixels] = _opened(name, pixels)
        return self._faces[name, pixels]

    def _has(self, name: str, face: Font, letter: str) -> bool:
        if letter.isspace():
            return True
        if (name, letter) not in self._covers:
            drawn, missing = face.getmask(letter), face.getmask(_NOWHERE)
            self._covers[name, letter] = drawn.size != missing.size or bytes(drawn) != bytes(missing)
        return self._covers[name, letter]


def _opened(name: str, pixels: int) -> Font | None:
    if not name:
        return ImageFont.load_default(pixels)
    path = _path(name)
    return None if path is None else ImageFont.truetype(path, pixels)


@lru_cache(maxsize=64)
def _path(name: str) -> str | None:
    """Where the font is; looking through a system's folders is slow, so it is done once."""
    try:
        path = ImageFont.truetype(name, 12).path
    except OSError:
        return None
    return path if isinstance(path, str) else None
