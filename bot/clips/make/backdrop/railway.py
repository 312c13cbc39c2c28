"""The railway: platform, carriage, station hall, ticket office."""

from __future__ import annotations

from bot.clips.make.backdrop.sky import BOTTOM, LEFT, RIGHT, TOP, ground, lamp_at, outline, sky, skyline, toward
from bot.clips.make.motion import Glow, Hanging, Passing, Shimmer, Sweep
from bot.clips.make.paint import Canvas, ring
from bot.clips.make.palette import dim, mix
from bot.clips.make.stage import Stage


def platform(stage: Stage) -> None:
    """A train stands on the left, lamps run to the vanishing point, the wet edge line shines."""
    p, random, far = stage.palette, stage.random, (330.0, 430.0)
    sky(stage, 470, (470, 130))
    stage.layer(0.2, lambda c: skyline(c, random, 450, mix(p.mid, p.low, 0.35), (20, 120), (30, 70), p.lamp, 0.22))

    def ground(canvas: Canvas) -> None:
        canvas.polygon([(LEFT, BOTTOM), (LEFT, 700), far, (RIGHT, 545), (RIGHT, BOTTOM)], p.dark)
        canvas.polygon([(120, BOTTOM), far, (RIGHT, 560), (RIGHT, BOTTOM)], mix(p.mid, p.dark, 0.45))
        canvas.polygon([(60, BOTTOM), (122, BOTTOM), far], p.deep)
        canvas.polygon(
            [(150, BOTTOM), (196, BOTTOM), toward((180, BOTTOM), far, 0.97)], mix(p.lamp, p.accent, 0.35), 0.85
        )
        for k in (0.2, 0.42, 0.6, 0.74, 0.84):
            canvas.line([toward((130, BOTTOM), far, k), toward((1300, BOTTOM), far, k)], 2.5 * (1 - k), p.dark)
        canvas.glow(380, 640, 220, p.lamp, 0.3, 90)

    stage.layer(0.45, ground)
    stage.layer(0.5, lambda c: _train(c, stage, far))
    stage.layer(0.65, lambda c: _canopy(c, stage, far))
    for k in (0.05, 0.42, 0.66, 0.8):
        x, y = toward((470, 96), far, k)
        stage.add(
            Glow(
                x, y + 14 * (1 - k), 150 * (1 - k) + 26, p.lamp, 0.65, 0.62, "flicker" if k == 0.42 else "steady", k * 9
            )
        )
    for k in (0.12, 0.4, 0.6):
        x, y = toward((-20, 330), far, k)
        stage.add(Glow(x, y, 130 * (1 - k) + 20, p.lamp, 0.5, 0.34, "steady", k))
    stage.add(Shimmer((210, 600, 520, 900), p.lamp, 26, random, 0.7))
    stage.add(Sweep(p.lamp, 4.2, 1.1, 900, 260, 0.22))
    stage.light, stage.floor = 1, 742


def _train(canvas: Canvas, stage: Stage, far: tuple[float, float]) -> None:
    p = stage.palette
    side = mix(p.mid, p.accent, 0.2)
    canvas.polygon(
        [(LEFT - 40, 40), toward((LEFT - 40, 40), far, 0.94), toward((LEFT - 40, 860), far, 0.94), (LEFT - 40, 860)],
        side,
    )
    canvas.polygon(
        [(LEFT - 40, 40), toward((LEFT - 40, 40), far, 0.94), toward((LEFT - 40, 110), far, 0.94), (LEFT - 40, 110)],
        dim(side, 0.6),
    )
    canvas.polygon(
        [(LEFT - 40, 560), toward((LEFT - 40, 560), far, 0.94), toward((LEFT - 40, 600), far, 0.94), (LEFT - 40, 600)],
        p.accent,
    )
    canvas.polygon(
        [(LEFT - 40, 700), toward((LEFT - 40, 700), far, 0.94), toward((LEFT - 40, 860), far, 0.94), (LEFT - 40, 860)],
        p.deep,
    )
    warm = mix(p.lamp, (255, 255, 255), 0.18)
    edge = 0.02
    while edge < 0.9:
        wide = (1 - edge) * 0.2
        top, low = (LEFT - 40, 210), (LEFT - 40, 470)
        canvas.polygon(
            [
                toward(top, far, edge),
                toward(top, far, edge + wide),
                toward(low, far, edge + wide),
                toward(low, far, edge),
            ],
            warm,
        )
        head = toward((LEFT - 40, 400), far, edge + wide * 0.5)
        r = 52 * (1 - edge)
        if stage.random.random() < 0.6:
            canvas.oval(head[0], head[1], r * 0.42, r * 0.55, dim(side, 0.5))
            canvas.oval(head[0], head[1] + r * 1.1, r * 0.8, r * 0.7, dim(side, 0.5))
        edge += wide * 1.35


def _canopy(canvas: Canvas, stage: Stage, far: tuple[float, float]) -> None:
    p = stage.palette
    roof = [(210, TOP), (RIGHT, TOP), (RIGHT, 250), toward((RIGHT, 250), far, 0.93), toward((250, TOP), far, 0.93)]
    canvas.polygon(roof, p.dark)
    for k in (0, 0.3, 0.52, 0.68, 0.8, 0.88):
        canvas.line([toward((210, TOP), far, k), toward((RIGHT, -20), far, k)], 9 * (1 - k), p.deep)
    for k in (0.02, 0.36, 0.6, 0.76):
        x, top = toward((RIGHT - 34, 120), far, k)
        _, foot = toward((RIGHT - 34, 900), far, k)
        wide = 17 * (1 - k)
        canvas.rect(x - wide, top, x + wide, foot, mix(p.dark, p.mid, 0.4 + k * 0.4))
        canvas.rect(x - wide, top, x - wide * 0.6, foot, p.rim, 0.45)
        canvas.polygon(
            [(x - wide, top + 70 * (1 - k)), (x - wide * 7, top - 30), (x - wide, top - 10)], mix(p.dark, p.mid, 0.3)
        )
    for k in (0.05, 0.42, 0.66, 0.8):
        x, y = toward((470, 96), far, k)
        r = 26 * (1 - k)
        canvas.line([(x, y - 80 * (1 - k)), (x, y)], 3 * (1 - k) + 0.6, p.deep)
        canvas.polygon(
            [
                (x - r * 1.3, y + r * 0.3),
                (x - r * 0.5, y - r * 0.6),
                (x + r * 0.5, y - r * 0.6),
                (x + r * 1.3, y + r * 0.3),
            ],
            p.deep,
        )
        canvas.oval(x, y + r * 0.35, r, r * 0.34, (255, 246, 220))


def carriage(stage: Stage) -> None:
    """A compartment with a broad window; the night runs by outside, the straps swing."""
    p, random = stage.palette, stage.random
    stage.indoors, stage.light = True, 1
    sky(stage, 520, (150, 170), 30)
    for depth, speed, tall, base in ((0.2, 70, (30, 90), 500), (0.3, 260, (20, 140), 540)):
        canvas = Canvas((0, 240, 1400, 620))
        shade = mix(p.mid, p.low, 0.3 if depth < 0.25 else 0.0)
        x = 0.0
        while x < 1400:
            width = random.uniform(50, 150)
            top = base - random.uniform(*tall)
            canvas.rect(x, top, x + width, 620, shade)
            for _ in range(int(width / 16)):
                wx, wy = x + random.uniform(6, width - 12), top + random.uniform(8, 70)
                canvas.rect(wx, wy, wx + 6, wy + 8, p.lamp, 0.8)
            x += width + random.uniform(0, 60)
        stage.add(Passing(canvas, speed, depth, stage.focus))
    window = outline(52, 150, 488, 560)
    stage.windows.append(window)

    stage.layer(0.5, lambda canvas: _carriage_wall(canvas, stage))

    stage.layer(0.8, lambda canvas: _carriage_seats(canvas, stage))
    for i, x in enumerate((70, 190, 350, 470)):
        strap = Canvas((-24, -4, 24, 96))
        strap.line([(0, 0), (0, 54)], 6, p.deep)
        loop = ring(0, 72, 15, 18, sides=24)
        strap.line([*loop, loop[0]], 5, mix(p.pale, p.lamp, 0.3))
        stage.add(Hanging(strap, x, 36, 0.8, 9, 1.9, 0.3 * i, stage.focus))
    stage.add(Glow(270, 20, 330, p.lamp, 0.5, 0.34, "flicker", 2))
    stage.add(Sweep(mix(p.lamp, p.rim, 0.5), 1.7, 0.5, 1500, 220, 0.3))
    stage.floor = 800


def _carriage_seats(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    cloth = mix(p.dark, p.accent, 0.3)
    for x0, x1 in ((LEFT - 20, 118), (422, RIGHT + 20)):
        canvas.rect(x0, 470, x1, BOTTOM, cloth, round_=46)
        canvas.rect(x0 + 14, 500, x1 - 14, 640, mix(cloth, p.mid, 0.4), round_=30)
        canvas.rect(x0, 466, x1, 486, mix(p.pale, p.mid, 0.2), 0.7, 10)


def _carriage_wall(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    panel = mix(p.mid, p.accent, 0.16)
    canvas.gradient([dim(panel, 0.55), panel, dim(panel, 0.8)])
    canvas.rect(LEFT, TOP, RIGHT, 34, p.dark)
    canvas.rect(LEFT, 60, RIGHT, 84, mix(p.dark, p.mid, 0.5))
    for x in range(-50, 600, 26):
        canvas.line([(x, 84), (x + 10, 104)], 3, p.deep)
    canvas.rect(LEFT, 104, RIGHT, 112, mix(p.pale, p.lamp, 0.3))
    canvas.rect(36, 134, 504, 578, p.dark, round_=30)
    canvas.rect(44, 142, 496, 570, mix(p.pale, p.mid, 0.4), round_=26)
    canvas.rect(LEFT, 600, RIGHT, BOTTOM, dim(panel, 0.6))
    ground(canvas, 720, dim(mix(p.mid, p.accent, 0.1), 0.62))
    canvas.rect(LEFT, 586, RIGHT, 606, mix(p.pale, p.mid, 0.3))
    canvas.hole(
        [
            (x, y)
            for x, y in [(76, 150), (464, 150), (488, 174), (488, 540), (464, 562), (76, 562), (52, 540), (52, 174)]
        ]
    )
    canvas.polygon([(120, 150), (200, 150), (92, 562), (52, 562), (52, 420)], p.rim, 0.09)
    canvas.polygon([(380, 150), (404, 150), (300, 562), (270, 562)], p.rim, 0.07)


def station_hall(stage: Stage) -> None:
    """A great arched window, shafts of light, a hanging clock, people small below."""
    p, _random = stage.palette, stage.random
    stage.indoors = True
    sky(stage, 520, (270, 170))
    stage.windows.append([*ring(270, 230, 160, 164, 0.5, 80)[:41], (430, 470), (110, 470)])

    stage.layer(0.35, lambda canvas: _station_hall_hall(canvas, stage))

    stage.layer(0.5, lambda canvas: _station_hall_crowd(canvas, stage))
    clock = Canvas((-60, -4, 60, 190))
    clock.line([(0, 0), (0, 80)], 6, p.deep)
    clock.oval(0, 124, 50, 50, p.deep)
    clock.oval(0, 124, 43, 43, mix(p.lamp, (255, 255, 255), 0.4))
    clock.line([(0, 124), (-6, 92)], 5, p.deep)
    clock.line([(0, 124), (2, 86)], 3.5, p.accent)
    stage.add(Hanging(clock, 372, -10, 0.6, 2, 5, 0, stage.focus))
    stage.add(Glow(372, 114, 110, p.lamp, 0.6, 0.45))
    stage.add(Glow(270, 250, 330, p.low, 0.3, 0.35))
    stage.floor = 770


def _station_hall_crowd(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    random = stage.random
    for _ in range(16):
        x, k = random.uniform(-20, 560), random.uniform(0.6, 1)
        canvas.oval(x, 512 - 6 * k, 6 * k, 7 * k, p.dark)
        canvas.blob([(x - 11 * k, 524), (x, 514), (x + 11 * k, 524), (x + 9 * k, 576), (x - 9 * k, 576)], p.dark)
    canvas.rect(52, 366, 196, 446, p.deep, round_=6)
    for row in range(4):
        for k in range(9):
            canvas.rect(
                62 + k * 14,
                376 + row * 17,
                73 + k * 14,
                386 + row * 17,
                p.lamp if random.random() < 0.7 else p.mid,
                0.85,
            )


def _station_hall_hall(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    wall = mix(p.mid, p.lamp, 0.12)
    canvas.gradient([dim(wall, 0.4), wall, dim(wall, 0.7)])
    canvas.gradient([mix(wall, p.lamp, 0.3), dim(wall, 0.3)], (LEFT, 560, RIGHT, BOTTOM))
    top = ring(270, 230, 174, 180, 0.5, 80)[:41]
    canvas.polygon([*top, (444, 480), (96, 480)], dim(wall, 0.45))
    canvas.hole([*ring(270, 230, 160, 164, 0.5, 80)[:41], (430, 470), (110, 470)])
    for x, high in ((164.0, 106), (217, 74), (270, 60), (323, 74), (376, 106)):
        canvas.line([(x, high), (x, 474)], 5, dim(wall, 0.4))
    for y in (160, 250, 340, 430):
        canvas.line([(108, y), (432, y)], 4, dim(wall, 0.4))
    for ray in range(7):
        canvas.line(
            [toward((-700 + 330 * ray, 1100), (270, 420), 0), toward((-700 + 330 * ray, 1100), (270, 420), 0.79)],
            2,
            dim(wall, 0.55),
            0.6,
        )
    for y in (585, 625, 690, 790, 930):
        canvas.line([(LEFT, y), (RIGHT, y)], 2, dim(wall, 0.55), 0.5)
    for side in (-1, 1):
        for k in (0.0, 0.4):
            x = 270 + side * (310 - 130 * k)
            canvas.rect(x - 32 + 12 * k, TOP, x + 32 - 12 * k, 640 - 60 * k, dim(wall, 0.5 + 0.3 * k))
            canvas.rect(x - side * (24 - 10 * k) - 4, TOP, x - side * (24 - 10 * k) + 4, 640 - 60 * k, p.rim, 0.3)
    canvas.polygon([(180, 470), (360, 470), (470, BOTTOM), (70, BOTTOM)], p.low, 0.2)


def ticket_office(stage: Stage) -> None:
    """A lit booth behind glass bars, a counter, posters and pigeon-holes."""
    p, _random = stage.palette, stage.random
    stage.indoors = True

    stage.layer(0.35, lambda canvas: _ticket_office_wall(canvas, stage))

    stage.layer(0.5, lambda canvas: _ticket_office_bars(canvas, stage))
    lamp = Canvas((-70, -4, 70, 120))
    lamp.line([(0, 0), (0, 60)], 4, p.deep)
    lamp.blob([(-52, 92), (-34, 60), (0, 50), (34, 60), (52, 92), (0, 98)], p.dark)
    lamp.oval(0, 94, 30, 8, (255, 246, 220))
    stage.add(Hanging(lamp, 100, -20, 0.7, 4, 4.2, 0, stage.focus))
    stage.add(Glow(100, 80, 210, p.lamp, 0.7, 0.6, "flicker", 1))
    lamp_at(stage, 275, 320, 240, 0.4, strength=0.5)
    stage.light, stage.floor = -1, 800


def _ticket_office_bars(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    for x in range(150, 416, 44):
        canvas.line([(x, 152), (x, 512)], 5, mix(p.dark, p.lamp, 0.3))
    canvas.line([(134, 330), (416, 330)], 4, mix(p.dark, p.lamp, 0.3))
    canvas.polygon([(LEFT, 520), (RIGHT, 520), (RIGHT, 566), (LEFT, 566)], mix(p.pale, p.accent, 0.35))
    canvas.rect(LEFT, 512, RIGHT, 522, mix(p.lamp, (255, 255, 255), 0.2))
    canvas.gradient([mix(p.dark, p.accent, 0.2), p.deep], (LEFT, 566, RIGHT, BOTTOM))
    for x in range(-40, 600, 120):
        canvas.rect(x, 600, x + 96, 900, p.deep, 0.5)
    ground(canvas, 744, dim(mix(p.mid, p.accent, 0.15), 0.6))


def _ticket_office_wall(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    random = stage.random
    panel = mix(p.mid, p.accent, 0.22)
    canvas.gradient([dim(panel, 0.5), panel, dim(panel, 0.5)])
    for x in range(-60, 620, 44):
        canvas.line([(x, TOP), (x, 620)], 2, dim(panel, 0.6), 0.6)
    canvas.rect(120, 110, 430, 520, dim(panel, 0.4), round_=16)
    canvas.gradient([mix(p.lamp, p.accent, 0.3), mix(p.lamp, p.mid, 0.45)], (134, 150, 416, 510))
    for row in range(4):
        for k in range(7):
            x, y = 150 + k * 38, 176 + row * 46
            canvas.rect(x, y, x + 30, y + 36, dim(panel, 0.75))
            if random.random() < 0.7:
                shade = random.choice((p.accent, p.pale, p.lamp))
                canvas.rect(x + 5, y + 12 + random.random() * 10, x + 25, y + 36, shade)
    canvas.rect(120, 110, 430, 152, p.dark, round_=10)
    canvas.rect(236, 120, 314, 142, p.lamp, round_=6)
    canvas.oval(236, 131, 5, 5, p.dark)
    canvas.oval(314, 131, 5, 5, p.dark)
    for x, tone in ((18, p.accent), (452, p.pale)):
        canvas.rect(x, 190, x + 84, 310, dim(tone, 0.9))
        canvas.rect(x + 8, 198, x + 76, 262, mix(p.high, tone, 0.2))
        canvas.polygon([(x + 8, 262), (x + 40, 214), (x + 76, 262)], mix(p.mid, tone, 0.4))
        for y in (272, 284, 296):
            canvas.line([(x + 12, y), (x + 70, y)], 3, dim(panel, 0.5))
