"""A still that stands in for a clip: the scene's picture in outline, its title, and what is said in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from bot.clips.sketch import HEIGHT, WIDTH, palette_of, sketch
from bot.clips.wrap import wrap

MARGIN = 44
FLOOR = 52
"""Pixels that stay free below the words."""

CEILING = 600
"""Pixels from the top where the words may begin: below the horizon, so that they stand on dark ground."""

SIZES = (30, 26, 22, 19)
"""Type sizes in pixels, tried from large to small until everything fits."""

LEADING = 1.32
"""Height of a row in type sizes."""

NAME_LEADING = 2.1
"""The same for a row with a name, which stands off from what was said before."""

MEASURE = (WIDTH - 2 * MARGIN) * 0.92
"""Pixels a row may take. Widths are estimates, and typefaces differ."""

BOLD = 1.12
"""How much wider bold letters are."""

FONTS = "'Noto Sans','Noto Sans CJK SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',system-ui,sans-serif"
UNFIT = re.compile(
    "[^\t\n\r -\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]|[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
"""What XML forbids, and what would turn the direction of a text without being seen."""

Row = tuple[str, str, int]
"""A row of text, its class (`name`, `said` or `told`), its type size."""


def storyboard(title: str, lines: Sequence[tuple[str, str]], look: str) -> str:
    """An SVG file's text, 540 x 960, without script or outside link. `lines` are (speaker's name or "", words)."""
    palette = palette_of(look)
    clean = [(_clean(name), _clean(text)) for name, text in lines]
    label = escape(" ".join([_clean(title), *(f"{name}: {text}" if name else text for name, text in clean)]))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
            f'height="{HEIGHT}" role="img" aria-label="{label}">',
            _style(palette.accent),
            sketch(look),
            _shades(palette.ground),
            *_title(_clean(title), palette.accent),
            *_words(clean),
            f'<rect x="14" y="14" width="{WIDTH - 28}" height="{HEIGHT - 28}" rx="20" fill="none" '
            f'stroke="{palette.accent}" stroke-opacity=".35" stroke-width="2"/>',
            "</svg>\n",
        ]
    )


def _clean(text: str) -> str:
    return " ".join(UNFIT.sub("", text).split())


def _style(accent: str) -> str:
    return (
        f"<style>text{{font-family:{FONTS};text-anchor:middle;unicode-bidi:plaintext;fill:#fff}}"
        f".title{{font-weight:700}}.name{{font-weight:600;letter-spacing:1.5px;fill:{accent}}}"
        ".told{font-style:italic;opacity:.9}</style>"
    )


def _shades(ground: str) -> str:
    """Dark edges above and below, so that white words are read on any picture."""
    stops = f'<stop stop-color="{ground}" stop-opacity="0"/><stop offset=".3" stop-color="{ground}" stop-opacity=".9"/>'
    return (
        f'<defs><linearGradient id="low" x1="0" y1="0" x2="0" y2="1">{stops}</linearGradient>'
        '<linearGradient id="high" x1="0" y1="1" x2="0" y2="0"><stop stop-color="#000" stop-opacity="0"/>'
        '<stop offset="1" stop-color="#000" stop-opacity=".55"/></linearGradient></defs>'
        f'<rect width="{WIDTH}" height="190" fill="url(#high)"/>'
        f'<rect y="{CEILING - 70}" width="{WIDTH}" height="{HEIGHT - CEILING + 70}" fill="url(#low)"/>'
    )


def _title(title: str, accent: str) -> list[str]:
    if not title:
        return []
    size = 36
    rows = wrap(title, MEASURE / size / BOLD, 2)
    texts = [_text(row, "title", size, 78 + number * size * 1.2) for number, row in enumerate(rows)]
    y = 78 + len(rows) * size * 1.2 - 20
    return [*texts, f'<path d="M230 {y:.0f}H310" stroke="{accent}" stroke-width="3" stroke-linecap="round"/>']


def _words(lines: Sequence[tuple[str, str]]) -> list[str]:
    space = HEIGHT - FLOOR - CEILING
    rows = next((rows for rows in (_rows(lines, size) for size in SIZES) if _height(rows) <= space), None)
    if rows is None:
        rows = _fitting(_rows(lines, SIZES[-1]), space)
    y = CEILING + (space - _height(rows)) / 2
    texts: list[str] = []
    for text, kind, size in rows:
        y += _tall(kind, size)
        texts.append(_text(text, kind, size, y))
    return texts


def _rows(lines: Sequence[tuple[str, str]], size: int) -> list[Row]:
    rows: list[Row] = []
    small = round(size * 0.66)
    for name, text in lines:
        rows += [(row, "name", small) for row in wrap(name, MEASURE / small, 1)]
        rows += [(row, "said" if name else "told", size) for row in wrap(text, MEASURE / size, 8)]
    return rows


def _fitting(rows: list[Row], space: float) -> list[Row]:
    """As many rows as there is space for, the last of them an ellipsis."""
    dots: Row = ("…", "told", SIZES[-1])
    while rows and _height([*rows, dots]) > space:
        rows = rows[:-1]
    return [*(rows[:-1] if rows and rows[-1][1] == "name" else rows), dots]


def _height(rows: Sequence[Row]) -> float:
    return sum(_tall(kind, size) for _, kind, size in rows)


def _tall(kind: str, size: int) -> float:
    return size * (NAME_LEADING if kind == "name" else LEADING)


def _text(text: str, kind: str, size: int, y: float) -> str:
    return f'<text class="{kind}" x="{WIDTH // 2}" y="{y:.0f}" font-size="{size}">{escape(text)}</text>'
