"""Where a ship is steered from: cockpit, control room."""

from __future__ import annotations

from math import sin

from bot.clips.make.backdrop.ship import space, steel
from bot.clips.make.backdrop.sky import BOTTOM, LEFT, RIGHT, TOP, ground, lamp_at
from bot.clips.make.motion import Drifting, Glow, Sweep, Trace
from bot.clips.make.paint import Canvas, ring
from bot.clips.make.palette import dim
from bot.clips.make.stage import Stage


def cockpit(stage: Stage) -> None:
    """A wide window on the stars and a world, a console full of lights."""
    p, random = stage.palette, stage.random
    stage.indoors = True
    space(stage, (430, 300), 190)
    ship = Canvas((-30, -12, 30, 12))
    ship.polygon([(-26, 0), (10, -5), (26, 0), (10, 5)], dim(p.pale, 0.8))
    ship.oval(-26, 0, 4, 2.4, p.lamp)
    stage.add(Drifting(ship, 60, 190, (9, -2), 0.1))

    stage.layer(0.4, lambda canvas: _cockpit_frame(canvas, stage))

    stage.layer(0.7, lambda canvas: _cockpit_console(canvas, stage))
    stage.add(Trace([(240 + i * 1.0, 566 + 10 * sin(i / 5)) for i in range(60)], (120, 255, 220), 0.7))
    for i in range(9):
        stage.add(
            Glow(30 + 60 * i, 640, 22, random.choice((p.accent, p.lamp, (90, 230, 190))), 0.7, 0.8, "blink", i * 0.37)
        )
    stage.add(Glow(270, 560, 220, (60, 180, 190), 0.7, 0.3, "pulse"))
    stage.floor = 800


def _cockpit_console(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    random = stage.random
    metal = dim(steel(p), 0.5)
    canvas.polygon([(LEFT, 560), (90, 500), (450, 500), (RIGHT, 560), (RIGHT, BOTTOM), (LEFT, BOTTOM)], metal)
    canvas.line([(LEFT, 560), (90, 500), (450, 500), (RIGHT, 560)], 5, p.rim, 0.7)
    canvas.gradient([dim(metal, 0.6), p.deep], (LEFT, 660, RIGHT, BOTTOM))
    for left, wide in ((100, 100), (214, 112), (340, 100)):
        canvas.polygon([(left, 520), (left + wide, 520), (left + wide + 6, 610), (left - 6, 610)], (6, 20, 30))
        canvas.line([(left, 520), (left + wide, 520)], 2, p.rim, 0.5)
    for i in range(6):
        canvas.rect(110, 534 + i * 11, 110 + random.uniform(20, 80), 539 + i * 11, (90, 220, 200), 0.8)
        canvas.rect(352 + i * 14, 600 - random.uniform(10, 60), 361 + i * 14, 600, p.accent, 0.85)
    dial = ring(270, 566, 32)
    canvas.line([*dial, dial[0]], 2, (90, 220, 200), 0.8)
    dial = ring(270, 566, 18)
    canvas.line([*dial, dial[0]], 1.6, (90, 220, 200), 0.6)
    ground(canvas, 750, dim(metal, 0.6))
    for _ in range(60):
        x, y = random.uniform(10, 530), random.uniform(624, 656)
        canvas.oval(x, y, 3.4, 3.4, random.choice((p.accent, p.lamp, (90, 230, 190), dim(metal, 0.5))))


def _cockpit_frame(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    random = stage.random
    metal = dim(steel(p), 0.42)
    canvas.polygon([(LEFT, TOP), (RIGHT, TOP), (RIGHT, BOTTOM), (LEFT, BOTTOM)], metal)
    canvas.hole([(70, 40), (470, 40), (556, 150), (530, 520), (10, 520), (-16, 150)])
    for x0, x1 in ((180, 150), (360, 390)):
        canvas.line([(x0, 30), (x1, 530)], 18, metal)
        canvas.line([(x0 + 7, 30), (x1 + 7, 530)], 2.4, p.rim, 0.6)
    canvas.line([(70, 40), (470, 40), (556, 150)], 4, p.rim, 0.5)
    canvas.polygon([(70, 40), (150, 40), (40, 300), (0, 300)], p.rim, 0.07)
    for i in range(9):
        canvas.oval(110 + 40 * i, 14, 5, 5, random.choice((p.accent, p.lamp, (90, 230, 190), dim(metal, 0.6))))


def control_room(stage: Stage) -> None:
    """A wall of screens, consoles in rows, one lamp that does not stop blinking."""
    p, random = stage.palette, stage.random
    stage.indoors = True
    screen = (90, 226, 206)

    stage.layer(0.35, lambda canvas: _control_room_wall(canvas, stage))
    stage.add(Trace([(330 + i * 2.6, 270 + 22 * sin(i / 4) * sin(i / 13)) for i in range(60)], p.accent, 0.35, 3.0))
    stage.add(Glow(190, 200, 200, screen, 0.35, 0.35, "pulse"))
    stage.add(Glow(236, 168, 26, (255, 70, 56), 0.35, 1.0, "blink"))

    stage.layer(0.6, lambda canvas: _control_room_rows(canvas, stage))
    for i in range(10):
        stage.add(
            Glow(
                40 + 52 * i,
                596 + 3 * (i % 2),
                26,
                random.choice((screen, p.accent, p.lamp)),
                0.6,
                0.6,
                "blink",
                i * 0.41,
            )
        )
    stage.add(Sweep((60, 120, 120), 3.6, 0.4, 300, 300, 0.25))
    lamp_at(stage, 270, -20, 300, 0.5, strength=0.25)
    stage.floor = 800


def _control_room_rows(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    screen = (90, 226, 206)
    random = stage.random
    metal = dim(steel(p), 0.5)
    for y, wide, shade in ((500, 210, 0.75), (572, 300, 0.5)):
        canvas.polygon(
            [(270 - wide, y), (270 + wide, y), (270 + wide + 40, y + 66), (270 - wide - 40, y + 66)],
            dim(metal, shade),
        )
        canvas.line([(270 - wide, y), (270 + wide, y)], 4, screen, 0.6)
        for i in range(int(wide / 20)):
            x = 270 - wide + 24 + i * 40
            canvas.polygon(
                [(x, y + 14), (x + 24, y + 14), (x + 27, y + 34), (x - 2, y + 34)],
                random.choice((screen, p.accent, p.lamp)),
                0.75,
            )
    canvas.gradient([dim(metal, 0.35), p.deep], (LEFT, 638, RIGHT, BOTTOM))
    ground(canvas, 744, dim(metal, 0.55))
    for x in (70, 470):
        canvas.oval(x, 478, 17, 20, p.deep)
        canvas.blob([(x - 40, 566), (x - 30, 506), (x, 494), (x + 30, 506), (x + 40, 566)], p.deep)
        canvas.line([(x + 15, 466), (x + 17, 486)], 2, screen, 0.8)


def _control_room_wall(canvas: Canvas, stage: Stage) -> None:
    screen = (90, 226, 206)
    p = stage.palette
    random = stage.random
    metal = dim(steel(p), 0.5)
    canvas.gradient([dim(metal, 0.5), metal, dim(metal, 0.4)])
    canvas.rect(26, 70, 514, 330, p.deep, round_=12)
    canvas.gradient([(6, 26, 36), (10, 46, 56)], (38, 82, 502, 318))
    for x in range(60, 500, 44):
        canvas.line([(x, 82), (x, 318)], 1, screen, 0.16)
    for y in range(100, 318, 36):
        canvas.line([(38, y), (502, y)], 1, screen, 0.16)
    globe = [(190, 200, r) for r in (92, 62, 30)]
    for x, y, r in globe:
        for rx in (r, r * 0.5):
            edge = ring(x, y, rx, 92 if r == 92 else r)
            canvas.line([*edge, edge[0]], 1.8, screen, 0.7)
    canvas.line([(98, 200), (282, 200)], 1.8, screen, 0.7)
    for i in range(9):
        canvas.rect(330, 104 + i * 13, 330 + random.uniform(30, 150), 110 + i * 13, screen if i % 3 else p.accent, 0.75)
    for x0, tone in ((14, p.accent), (194, screen), (374, p.lamp)):
        canvas.rect(x0, 356, x0 + 152, 460, p.deep, round_=8)
        canvas.rect(x0 + 8, 364, x0 + 144, 452, dim(tone, 0.14))
        for k in range(9):
            high = random.uniform(12, 70)
            canvas.rect(x0 + 18 + k * 13, 446 - high, x0 + 27 + k * 13, 446, tone, 0.7)
