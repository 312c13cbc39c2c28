"""The hand that draws people and things: flat colour, one shadow side, one bright rim, always alike."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter

from bot.clips.make.paint import Canvas, Points, curve
from bot.clips.make.palette import Palette, lit, mix
from bot.clips.make.words import Colour


@dataclass(frozen=True, slots=True)
class Light:
    """The light people stand in. `side` is where the rim comes from; `dark` is 1 for a silhouette."""

    ambient: Colour
    rim: Colour
    shadow: Colour
    side: int = 1
    dark: float = 0.0

    @classmethod
    def of(cls, palette: Palette, side: int, dark: float = 0.0) -> Light:
        """The light of a palette."""
        return cls(mix(palette.ambient, (255, 240, 226), 0.42), palette.rim, palette.deep, side, dark)


def _moved(mask: Image.Image, dx: float, dy: float) -> Image.Image:
    moved = Image.new("L", mask.size)
    moved.paste(mask, (round(dx), round(dy)))
    return moved


class Brush:
    """Draws parts onto a canvas in a light."""

    def __init__(self, canvas: Canvas, light: Light) -> None:
        self.canvas = canvas
        self.light = light

    def colour(self, colour: Colour, shade: float = 0.0) -> Colour:
        """A surface's colour in this light; `shade` 1 is its darkest."""
        seen = mix(
            lit(colour, self.light.ambient), lit(mix(colour, self.light.shadow, 0.48), self.light.ambient, 0.74), shade
        )
        return mix(seen, self.light.shadow, self.light.dark * 0.9)

    def part(
        self,
        points: Points,
        colour: Colour,
        shade: float = 16,
        rim: float = 4,
        smooth: bool = True,
        soft: float = 0,
    ) -> Image.Image:
        """A lit shape: `shade` and `rim` are the widths of its dark and bright edges in units. Gives its mask."""
        canvas, side = self.canvas, self.light.side
        unit = canvas.image.width / (canvas.box[2] - canvas.box[0])
        mask = canvas.mask(curve(points) if smooth else points)
        canvas.stamp(mask, self.colour(colour, 1 if shade else 0))
        if shade:
            bright = ImageChops.multiply(mask, _moved(mask, side * shade * unit, -shade * 0.3 * unit))
            if soft:
                bright = ImageChops.multiply(mask, bright.filter(ImageFilter.BoxBlur(soft * unit)))
            canvas.stamp(bright, self.colour(colour))
        if rim:
            edge = ImageChops.subtract(mask, _moved(mask, -side * rim * unit, rim * 0.45 * unit))
            bright_edge = mix(lit(mix(colour, (255, 255, 255), 0.35), self.light.rim, 1.25), self.light.rim, 0.45)
            canvas.stamp(edge, bright_edge, 0.92)
        return mask

    def flat(self, points: Points, colour: Colour, alpha: float = 1.0, smooth: bool = True, shade: float = 0.0) -> None:
        """A shape in one tone."""
        self.canvas.polygon(curve(points) if smooth else points, self.colour(colour, shade), alpha)

    def line(self, points: Points, width: float, colour: Colour, alpha: float = 1.0, shade: float = 0.0) -> None:
        """A bent stroke."""
        bent = curve(points, closed=False, steps=6) if len(points) > 2 else points
        self.canvas.line(bent, width, self.colour(colour, shade), alpha)
