"""The music under a scene, mood by mood: chords that are held, strings that are plucked, drones and pulses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.clips.make.sound import RATE, Sound, add, hertz, noise, pad, pluck, room, times


@dataclass(frozen=True, slots=True)
class Tune:
    """How a mood sounds: chords as MIDI notes, plucks a second, and how loud each voice is."""

    chords: tuple[tuple[int, ...], ...]
    pace: float
    pads: float
    plucks: float
    drone: float = 0.0
    pulse: float = 0.0
    bright: float = 0.5
    lift: int = 12


TUNES: dict[str, Tune] = {
    "": Tune(((50, 57, 62, 65), (48, 55, 60, 64)), 1.2, 0.5, 0.4),
    "tense": Tune(((45, 52, 57, 58), (44, 51, 56, 59)), 0.7, 0.32, 0.3, 0.5, 0.42, 0.7),
    "warm": Tune(((53, 60, 64, 69), (50, 57, 62, 65), (48, 55, 64, 67)), 1.7, 0.5, 0.55, 0, 0, 0.4),
    "sad": Tune(((45, 52, 60, 64), (41, 53, 57, 64), (43, 50, 59, 62)), 0.9, 0.46, 0.6, 0, 0, 0.3),
    "hopeful": Tune(((48, 55, 64, 67), (55, 59, 62, 71), (53, 60, 65, 72)), 2.2, 0.5, 0.55, 0, 0, 0.6),
    "eerie": Tune(((46, 53, 59, 64), (45, 52, 58, 63)), 0.6, 0.5, 0.34, 0.46, 0, 0.9, 24),
    "calm": Tune(((48, 55, 62, 64), (53, 60, 64, 67)), 0.8, 0.55, 0.4, 0, 0, 0.3),
    "romantic": Tune(((53, 60, 64, 69), (52, 59, 62, 67), (50, 57, 60, 65)), 1.5, 0.52, 0.5, 0, 0, 0.45),
    "comic": Tune(((48, 52, 55), (53, 57, 60), (55, 59, 62)), 4.4, 0.12, 0.8, 0, 0, 0.8, 12),
    "urgent": Tune(((45, 52, 57, 60), (41, 48, 53, 56), (43, 50, 55, 58)), 4.0, 0.28, 0.32, 0.4, 0.7, 0.8, 0),
}


def score(mood: str, seconds: float, random: np.random.Generator) -> Sound:
    """The music of a mood for so many seconds, in its room."""
    tune = TUNES.get(mood, TUNES[""])
    track = np.zeros(round(seconds * RATE))
    shift = int(random.integers(-2, 3))
    _chords(track, tune, seconds, shift)
    _plucks(track, tune, seconds, shift, random)
    if tune.drone:
        t = times(seconds)
        root = hertz(tune.chords[0][0] + shift - 12)
        low = (
            np.sin(2 * np.pi * root * t)
            + 0.6 * np.sin(2 * np.pi * root * 2.003 * t)
            + 0.3 * np.sin(2 * np.pi * root * 3.01 * t)
        )
        track += tune.drone * 0.4 * low * (0.75 + 0.25 * np.sin(2 * np.pi * 0.21 * t))
    if tune.pulse:
        _pulse(track, tune, seconds, shift, random)
    return room(track, random, 2.2 if mood in ("eerie", "sad", "calm") else 1.4, 0.36)


def _chords(track: Sound, tune: Tune, seconds: float, shift: int) -> None:
    count = max(2, min(len(tune.chords), round(seconds / 2.6)))
    length = seconds / count
    for i in range(count):
        for note in tune.chords[i % len(tune.chords)]:
            add(
                track,
                pad(hertz(note + shift), length + 0.9, tune.bright),
                i * length - (0.3 if i else 0),
                tune.pads * 0.3,
            )


def _plucks(track: Sound, tune: Tune, seconds: float, shift: int, random: np.random.Generator) -> None:
    step = 1 / tune.pace
    count = max(2, min(len(tune.chords), round(seconds / 2.6)))
    now, last = 0.35, 0
    while now < seconds - 0.5:
        chord = tune.chords[min(count - 1, int(now / seconds * count)) % len(tune.chords)]
        last = int((last + random.integers(1, 3)) % len(chord))
        note = chord[last] + shift + tune.lift + (12 if random.random() < 0.18 else 0)
        short = 0.5 if tune.pace > 4.2 else 2.2
        add(track, pluck(hertz(note), short, tune.bright + 0.3), now, tune.plucks * 0.5 * float(random.uniform(0.6, 1)))
        if random.random() < 0.72 or tune.pace >= 4:
            now += step
        else:
            now += step * (0.5 if random.random() < 0.5 else 1.5)


def _pulse(track: Sound, tune: Tune, seconds: float, shift: int, random: np.random.Generator) -> None:
    beat = 0.28 if tune.pace > 2 else 0.86
    t = times(0.34)
    thump = np.sin(2 * np.pi * (62 * t + 26 * np.exp(-t * 26) / 26)) * np.exp(-t * 13)
    tick = noise(0.05, random, 3000, 8000) * np.exp(-times(0.05) * 90)
    root = pluck(hertz(tune.chords[0][0] + shift - 12), 0.4, 0.9)
    now, number = 0.2, 0
    while now < seconds - 0.2:
        strong = number % 4 == 0
        add(track, thump, now, tune.pulse * (0.9 if strong else 0.4))
        if tune.pace > 2:
            add(track, root, now, tune.pulse * (0.5 if strong else 0.26))
            add(track, tick, now + beat / 2, tune.pulse * 0.12)
        elif strong:
            add(track, thump, now + 0.24, tune.pulse * 0.5)
        now += beat
        number += 1
