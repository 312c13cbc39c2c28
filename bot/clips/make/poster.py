"""A story's poster: its strongest picture, held still, with the title on it."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bot.clips.make.paint import HEIGHT, WIDTH
from bot.clips.make.palette import mix, palette_for
from bot.clips.make.shot import Shot
from bot.clips.make.take import MAKER, Take

MARK = "cliffhanger-poster:"
MARGIN = 40
FONTS = ("DejaVuSerif-Bold.ttf", "DejaVuSans-Bold.ttf", "NotoSansCJK-Bold.ttc", "NotoSerif-Bold.ttf")


def poster_digest(take: Take, title: str) -> str:
    """Changes when the poster would."""
    return f"{MARK}{MAKER}:{take.digest.partition('.')[0]}:{title}"


def is_ours(path: Path) -> str | None:
    """The digest in a poster this maker wrote; None when it is missing or an author's own."""
    if not path.is_file():
        return None
    with Image.open(path) as image:
        comment = image.info.get("comment", b"")
    text = comment.decode(errors="replace") if isinstance(comment, bytes) else str(comment)
    return text if text.startswith(MARK) else None


def choose(takes: list[Take], leads: frozenset[str]) -> Take:
    """The take that shows most: the leads together, a place, weather, a mood; the earliest of equals."""

    def worth(take: Take) -> int:
        look = take.look
        shot = {"two-shot": 4, "silhouette": 3, "wide": 2, "close": 1}.get(look.shot, 0)
        seen = sum(2 if who.id in leads else 0 for who in look.seen) + min(2, len(look.seen))
        return shot + seen + bool(look.props) + 2 * bool(look.weather) + bool(look.mood)

    return max(takes, key=worth)


def make_poster(target: Path, take: Take, title: str) -> None:
    """Writes `target` (540x960 JPEG) whole or not at all."""
    frame = Shot(take).frame(min(2.4, take.seconds * 0.5))
    palette = palette_for(take.look.time, take.look.mood)
    _veil(frame, palette.deep)
    _letter(frame, title.upper(), mix(palette.lamp, (255, 255, 255), 0.45), palette.accent)
    part = target.with_name(f".{target.name}.part")
    frame.save(part, "JPEG", quality=86, optimize=True, progressive=True, comment=poster_digest(take, title).encode())
    part.replace(target)


def _veil(frame: Image.Image, colour: tuple[int, int, int]) -> None:
    veil = Image.new("L", (1, HEIGHT))
    for y in range(HEIGHT):
        veil.putpixel((0, y), round(225 * min(1.0, max(0.0, (y - 520) / 250))))
    frame.paste(colour, (0, 0), veil.resize((WIDTH, HEIGHT)))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def _broken(pen: ImageDraw.ImageDraw, title: str, size: int) -> list[str]:
    font, lines = _font(size), [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if pen.textlength(longer, font=font) <= WIDTH - 2 * MARGIN or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _letter(frame: Image.Image, title: str, colour: tuple[int, int, int], accent: tuple[int, int, int]) -> None:
    pen = ImageDraw.Draw(frame)
    size = 76
    lines = _broken(pen, title, size)
    while size > 30 and (
        len(lines) > 3 or max(pen.textlength(line, font=_font(size)) for line in lines) > WIDTH - 2 * MARGIN
    ):
        size -= 4
        lines = _broken(pen, title, size)
    height = round(size * 1.12)
    top = 884 - height * len(lines)
    glow = Image.new("L", frame.size)
    shade = ImageDraw.Draw(glow)
    for i, line in enumerate(lines):
        shade.text((MARGIN, top + i * height), line, font=_font(size), fill=255)
    frame.paste((0, 0, 0), (0, 4), glow.filter(ImageFilter.GaussianBlur(9)))
    frame.paste(colour, (0, 0), glow)
    pen.rectangle((MARGIN, top - 26, MARGIN + 92, top - 18), fill=accent)
