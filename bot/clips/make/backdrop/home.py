"""Rooms people live and lie in: kitchen, bedroom, hospital."""

from __future__ import annotations

from math import exp

from bot.clips.make.backdrop.sky import BOTTOM, LEFT, RIGHT, TOP, ground, lamp_at, outline, sky, skyline
from bot.clips.make.motion import Glow, Hanging, Steam, Trace
from bot.clips.make.paint import Canvas
from bot.clips.make.palette import dim, mix
from bot.clips.make.stage import Stage


def kitchen(stage: Stage) -> None:
    """Tiles, pots on hooks, a window over the counter, something on the stove."""
    p, random = stage.palette, stage.random
    stage.indoors = True
    sky(stage, 420, (190, 170), 20)
    stage.layer(0.12, lambda c: skyline(c, random, 420, mix(p.mid, p.low, 0.3), (20, 110), (30, 60), p.lamp, 0.35))
    window = outline(104, 120, 306, 400)
    stage.windows.append(window)

    stage.layer(0.4, lambda canvas: _kitchen_wall(canvas, stage))
    for x, kind in ((370, 0), (424, 1), (478, 0), (526, 1)):
        pan = Canvas((-34, -2, 34, 110))
        metal = mix(p.pale, (120, 110, 110), 0.5)
        pan.line([(0, 0), (0, 44)], 5, dim(metal, 0.6))
        if kind:
            pan.oval(0, 68, 27, 27, dim(metal, 0.65))
            pan.oval(-3, 66, 20, 20, dim(metal, 0.85))
        else:
            pan.blob([(-15, 48), (0, 42), (15, 48), (13, 84), (0, 96), (-13, 84)], dim(metal, 0.75))
        stage.add(Hanging(pan, x, 280, 0.5, 3, 3.7, x, stage.focus))
    stage.layer(0.6, lambda c: _counter(c, stage))
    lamp = Canvas((-80, -4, 80, 150))
    lamp.line([(0, 0), (0, 80)], 3.4, p.deep)
    lamp.blob([(-64, 128), (-40, 86), (0, 74), (40, 86), (64, 128), (0, 134)], dim(p.accent, 0.62))
    lamp.oval(0, 128, 36, 8, (255, 246, 220))
    stage.add(Hanging(lamp, 384, -44, 0.75, 4, 4.6, 0, stage.focus))
    stage.add(Glow(384, 96, 270, p.lamp, 0.75, 0.6))
    stage.add(Steam(430, 470, 280, mix((255, 255, 255), p.lamp, 0.3), 0.6, 0.28, 40, 8))
    stage.light, stage.floor = 1, 800


def _kitchen_wall(canvas: Canvas, stage: Stage) -> None:
    window = outline(104, 120, 306, 400)
    p = stage.palette
    random = stage.random
    paint = mix(mix((150, 98, 66), p.mid, 0.42), p.lamp, 0.12)
    canvas.gradient([dim(paint, 0.55), paint, dim(paint, 0.8)])
    for x in range(-60, 620, 46):
        canvas.line([(x, 420), (x, 560)], 2, dim(paint, 0.62), 0.7)
    for y in (420, 466, 512):
        canvas.line([(LEFT, y), (RIGHT, y)], 2, dim(paint, 0.62), 0.7)
    for _ in range(14):
        x, y = -60 + 46 * random.randrange(14), 420 + 46 * random.randrange(3)
        canvas.rect(x + 2, y + 2, x + 44, y + 44, mix(paint, p.accent, 0.4), 0.4)
    canvas.rect(90, 104, 320, 412, mix((226, 206, 176), p.mid, 0.35), round_=4)
    canvas.hole(window)
    canvas.line([(205, 120), (205, 400)], 7, mix((226, 206, 176), p.mid, 0.35))
    canvas.line([(104, 250), (306, 250)], 7, mix((226, 206, 176), p.mid, 0.35))
    canvas.rect(80, 400, 330, 416, mix((226, 206, 176), p.lamp, 0.3))
    canvas.polygon([(240, 376), (284, 376), (276, 402), (248, 402)], dim(p.accent, 0.8))
    for dx, dy in ((-24, -40), (-8, -56), (10, -50), (24, -34)):
        canvas.blob(
            [(262, 376), (262 + dx - 8, 376 + dy * 0.6), (262 + dx, 376 + dy), (262 + dx + 8, 376 + dy * 0.6)],
            mix((64, 120, 72), p.dark, 0.25),
        )
    canvas.rect(346, 250, RIGHT, 264, dim(paint, 0.4))
    for x, r, tone in ((376, 17, p.accent), (420, 22, p.pale), (466, 15, (190, 80, 60)), (508, 20, p.lamp)):
        canvas.rect(x - r, 250 - r * 2.1, x + r, 250, dim(tone, 0.62), round_=6)
        canvas.rect(x - r, 250 - r * 2.1, x + r, 250 - r * 1.7, dim(tone, 0.4), round_=3)


def _counter(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    wood = mix((120, 74, 50), p.mid, 0.35)
    canvas.rect(LEFT, 556, RIGHT, 584, mix(wood, p.lamp, 0.4))
    canvas.rect(LEFT, 553, RIGHT, 557, p.lamp, 0.7)
    canvas.gradient([dim(wood, 0.62), dim(wood, 0.25)], (LEFT, 584, RIGHT, BOTTOM))
    for x in (-30, 120, 270, 420):
        canvas.rect(x, 616, x + 136, 900, dim(wood, 0.44), round_=6)
        canvas.oval(x + 118, 700, 6, 6, p.lamp, 0.6)
    ground(canvas, 742, dim(mix(wood, p.mid, 0.4), 0.7))
    metal = mix((70, 72, 86), p.dark, 0.3)
    canvas.rect(376, 536, 486, 556, p.deep)
    canvas.rect(380, 472, 482, 540, metal, round_=12)
    canvas.rect(368, 488, 384, 500, metal, round_=4)
    canvas.rect(478, 488, 494, 500, metal, round_=4)
    canvas.rect(380, 468, 482, 480, dim(metal, 1.35), round_=6)
    canvas.rect(464, 484, 472, 534, p.lamp, 0.5)
    for i in range(5):
        canvas.polygon([(394 + i * 18, 548), (399 + i * 18, 538), (404 + i * 18, 548)], (110, 170, 255), 0.9)
    canvas.polygon([(40, 540), (130, 540), (140, 556), (30, 556)], mix(wood, (230, 190, 140), 0.5))
    for x, tone in ((60, (206, 60, 50)), (84, (90, 150, 70)), (106, (230, 170, 60))):
        canvas.oval(x, 532, 13, 11, dim(tone, 0.85))


def bedroom(stage: Stage) -> None:
    """A bed under a window, curtains that stir, a bedside lamp."""
    p, random = stage.palette, stage.random
    stage.indoors = True
    sky(stage, 460, (330, 180), 40)
    stage.layer(0.12, lambda c: skyline(c, random, 460, mix(p.mid, p.low, 0.3), (20, 120), (30, 60), p.lamp, 0.3))
    window = outline(150, 90, 430, 440)
    stage.windows.append(window)

    stage.layer(0.4, lambda canvas: _bedroom_wall(canvas, stage))
    for x, way in ((150, -1), (430, 1)):
        cloth = Canvas((-80, -2, 80, 440))
        tone = mix(mix((160, 110, 130), p.mid, 0.45), p.accent, 0.15)
        cloth.polygon([(-62, 0), (62, 0), (52, 424), (-58, 430)], tone, 0.94)
        for dx in (-40, -12, 18, 44):
            cloth.line([(dx, 0), (dx - 3, 424)], 7, dim(tone, 0.74), 0.8)
        stage.add(Hanging(cloth, x + way * 26, 62, 0.5, 12, 4.0, way, stage.focus))

    stage.layer(0.65, lambda canvas: _bedroom_bed(canvas, stage))

    stage.layer(0.65, lambda canvas: _bedroom_lamp(canvas, stage))
    stage.add(Glow(510, 450, 240, p.lamp, 0.65, 0.7))
    stage.light, stage.floor = 1, 800


def _bedroom_lamp(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    canvas.rect(506, 470, 514, 522, p.deep)
    canvas.polygon([(482, 474), (496, 420), (524, 420), (538, 474)], mix(p.lamp, (255, 255, 255), 0.2))


def _bedroom_bed(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    wood = mix((90, 56, 50), p.dark, 0.3)
    canvas.rect(70, 456, 470, 640, wood, round_=26)
    canvas.rect(90, 476, 450, 640, dim(wood, 1.3), round_=20)
    for x in (116, 286):
        canvas.rect(x, 520, x + 140, 610, mix((232, 228, 232), p.mid, 0.28), round_=34)
    canvas.blob(
        [(40, 640), (150, 594), (300, 606), (420, 590), (510, 640), (560, 1040), (-20, 1040)],
        mix(dim(p.accent, 0.5), p.mid, 0.35),
    )
    for x in (120, 240, 380):
        canvas.line([(x, 620), (x - 30, 760), (x - 50, 960)], 6, mix(dim(p.accent, 0.36), p.dark, 0.4))
    canvas.rect(478, 520, RIGHT, 760, dim(wood, 0.8))
    ground(canvas, 744, dim(mix(wood, p.mid, 0.4), 0.8))
    canvas.rect(10, 690, 530, 760, dim(wood, 0.75), round_=16)
    canvas.rect(10, 690, 530, 702, dim(wood, 1.2), round_=6)


def _bedroom_wall(canvas: Canvas, stage: Stage) -> None:
    window = outline(150, 90, 430, 440)
    p = stage.palette
    paint = mix(mix((98, 80, 120), p.mid, 0.5), p.lamp, 0.06)
    canvas.gradient([dim(paint, 0.55), paint, dim(paint, 0.7)])
    canvas.rect(136, 76, 444, 454, mix((220, 210, 210), p.mid, 0.5))
    canvas.hole(window)
    canvas.line([(290, 90), (290, 440)], 7, mix((220, 210, 210), p.mid, 0.5))
    canvas.line([(150, 240), (430, 240)], 7, mix((220, 210, 210), p.mid, 0.5))
    canvas.rect(LEFT, 56, RIGHT, 64, p.deep)
    canvas.rect(24, 200, 100, 300, p.dark)
    canvas.rect(32, 208, 92, 292, mix(p.accent, p.mid, 0.5))


def hospital(stage: Stage) -> None:
    """A bed and its curtain, a window with blinds, a heart drawn in light."""
    p, random = stage.palette, stage.random
    stage.indoors = True
    sky(stage, 460, (190, 160), 30)
    stage.layer(0.12, lambda c: skyline(c, random, 470, mix(p.mid, p.low, 0.35), (30, 160), (34, 70), p.lamp, 0.35))
    window = outline(56, 100, 316, 440)
    stage.windows.append(window)
    mix(mix((150, 190, 196), p.mid, 0.42), p.pale, 0.2)

    stage.layer(0.4, lambda canvas: _hospital_wall(canvas, stage))

    stage.layer(0.55, lambda canvas: _hospital_machine(canvas, stage))
    beat = []
    for i in range(60):
        x = (i % 30) / 30
        lift = (
            34 * exp(-(((x - 0.42) / 0.03) ** 2))
            - 14 * exp(-(((x - 0.5) / 0.03) ** 2))
            + 7 * exp(-(((x - 0.72) / 0.06) ** 2))
        )
        beat.append((372 + i * 2.1, 258 - lift))
    stage.add(Trace(beat, (110, 255, 190), 0.55))
    stage.add(Glow(433, 256, 120, (90, 230, 180), 0.55, 0.3, "pulse"))

    stage.layer(0.7, lambda canvas: _hospital_bed(canvas, stage))
    curtain = Canvas((-4, -2, 150, 700))
    tone = mix((120, 180, 176), p.mid, 0.4)
    curtain.polygon([(0, 0), (120, 0), (132, 690), (0, 690)], tone)
    for x in range(14, 124, 24):
        curtain.line([(x, 0), (x + 4, 690)], 8, dim(tone, 0.76), 0.8)
    stage.add(Hanging(curtain, -74, 30, 0.75, 9, 4.3, 1, stage.focus))
    lamp_at(stage, 300, 10, 300, 0.5, strength=0.35)
    stage.light, stage.floor = -1, 800


def _hospital_bed(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    clean = mix(mix((150, 190, 196), p.mid, 0.42), p.pale, 0.2)
    sheet = mix((228, 234, 238), p.mid, 0.3)
    canvas.rect(60, 520, 480, 700, mix(p.pale, p.dark, 0.4), round_=18)
    canvas.rect(150, 548, 390, 640, sheet, round_=40)
    canvas.blob([(20, 690), (140, 628), (280, 642), (420, 626), (520, 690), (560, 1040), (-20, 1040)], dim(sheet, 0.72))
    for x in (150, 280, 400):
        canvas.line([(x, 650), (x - 14, 800), (x - 20, 980)], 5, dim(sheet, 0.5))
    ground(canvas, 748, dim(clean, 0.5))
    for x in (48, 492):
        canvas.line([(x, 600), (x, 790)], 9, mix(p.pale, p.mid, 0.3))
    canvas.rect(40, 690, 500, 752, mix(clean, p.dark, 0.35), round_=14)
    canvas.rect(40, 690, 500, 700, mix(p.pale, (255, 255, 255), 0.2), 0.8, 5)


def _hospital_machine(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    canvas.line([(430, 330), (430, 660)], 9, p.dark)
    canvas.rect(356, 196, 510, 330, p.dark, round_=12)
    canvas.rect(366, 206, 500, 304, (8, 22, 26), round_=6)
    for x in range(376, 500, 18):
        canvas.line([(x, 208), (x, 302)], 1, (30, 70, 70), 0.7)
    for i, tone in enumerate((p.accent, p.lamp, (96, 226, 170))):
        canvas.oval(384 + 22 * i, 317, 5, 5, tone)
    canvas.line([(20, 180), (20, 640)], 5, mix(p.pale, p.mid, 0.4))
    canvas.line([(0, 184), (40, 184)], 5, mix(p.pale, p.mid, 0.4))
    canvas.blob([(28, 190), (54, 190), (54, 256), (41, 268), (28, 256)], mix(p.rim, p.accent, 0.2), 0.75)
    canvas.line([(41, 266), (44, 420), (70, 560)], 2, p.pale, 0.8)


def _hospital_wall(canvas: Canvas, stage: Stage) -> None:
    window = outline(56, 100, 316, 440)
    p = stage.palette
    clean = mix(mix((150, 190, 196), p.mid, 0.42), p.pale, 0.2)
    canvas.gradient([dim(clean, 0.6), clean, dim(clean, 0.75)])
    canvas.rect(44, 88, 328, 452, mix((236, 240, 240), p.mid, 0.3))
    canvas.hole(window)
    for y in range(100, 300, 17):
        canvas.rect(56, y, 316, y + 6, mix((226, 232, 232), p.mid, 0.25), 0.85)
    canvas.line([(186, 100), (186, 440)], 5, mix((226, 232, 232), p.mid, 0.3))
    canvas.rect(LEFT, 500, RIGHT, 516, dim(clean, 0.6))
    canvas.gradient([dim(clean, 0.55), p.deep], (LEFT, 640, RIGHT, BOTTOM))
    canvas.rect(LEFT, 636, RIGHT, 646, dim(clean, 0.4))
    canvas.line([(376, TOP), (376, 200)], 4, p.dark)
