"""What a place and its weather sound like: rain, rails, crowds, engines, wind, clocks, hearts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bot.clips.make.look import Look
from bot.clips.make.sound import RATE, Sound, add, noise, pluck, times

Random = np.random.Generator


def rain(seconds: float, random: Random) -> Sound:
    """A soft wash with single drops in it."""
    track = noise(seconds, random, 900, 7000) * 0.5
    for _ in range(int(seconds * 26)):
        t = times(0.03)
        drop = np.sin(2 * np.pi * random.uniform(1400, 4200) * t) * np.exp(-t * 190)
        add(track, drop, random.uniform(0, seconds), random.uniform(0.1, 0.5))
    return track


def wind(seconds: float, random: Random) -> Sound:
    """Gusts that rise and fall."""
    t = times(seconds)
    gusts = 0.55 + 0.3 * np.sin(2 * np.pi * 0.23 * t + random.uniform(0, 6)) + 0.15 * np.sin(2 * np.pi * 0.61 * t)
    return np.asarray(noise(seconds, random, 160, 620) * gusts + noise(seconds, random, 700, 1300) * gusts**3 * 0.3)


def storm(seconds: float, random: Random) -> Sound:
    """Rain, wind and far thunder."""
    track = rain(seconds, random) + 0.6 * wind(seconds, random)
    length = 2.4
    roll = noise(length, random, 30, 130) * np.exp(-times(length) * 1.3) * np.minimum(1, times(length) / 0.12)
    add(track, roll, random.uniform(1.1, 1.9), 2.2)
    return track


def rails(seconds: float, random: Random) -> Sound:
    """A train from inside: rumble, and wheels over the joints in pairs."""
    t = times(seconds)
    track = noise(seconds, random, 35, 150) * (0.75 + 0.15 * np.sin(2 * np.pi * 1.4 * t))
    click = noise(0.08, random, 300, 1500) * np.exp(-times(0.08) * 60)
    now = 0.25
    while now < seconds:
        for after, level in ((0.0, 0.8), (0.13, 0.6)):
            add(track, click, now + after, level)
        now += 0.72
    return np.asarray(track)


def station(seconds: float, random: Random) -> Sound:
    """Air, an engine at rest, a bell far away, one train going by."""
    t = times(seconds)
    pass_by = np.exp(-(((t - seconds * 0.45) / (seconds * 0.28)) ** 2))
    track = noise(seconds, random, 60, 300) * 0.3 + noise(seconds, random, 50, 420) * pass_by * 0.7
    for i, pitch in enumerate((659.3, 523.3)):
        add(track, pluck(pitch, 1.6, 0.4), 0.7 + 0.45 * i, 0.28)
    return np.asarray(track)


def murmur(seconds: float, random: Random) -> Sound:
    """Many people talking, no one in particular."""
    t = times(seconds)
    track = np.zeros_like(t)
    for _ in range(9):
        voice = noise(seconds, random, random.uniform(180, 420), random.uniform(700, 1500))
        talk = np.clip(np.sin(2 * np.pi * random.uniform(1.6, 3.4) * t + random.uniform(0, 6)), 0, 1)
        pause = np.clip(np.sin(2 * np.pi * random.uniform(0.15, 0.4) * t + random.uniform(0, 6)) + 0.4, 0, 1)
        track += voice * talk * pause * 0.3
    return np.asarray(track)


def market(seconds: float, random: Random) -> Sound:
    """A murmur, something frying, bowls set down."""
    track = murmur(seconds, random) + noise(seconds, random, 3500, 9000) * 0.1
    for _ in range(int(seconds * 1.2)):
        add(track, pluck(random.uniform(1500, 2600), 0.25, 0.9), random.uniform(0.2, seconds), 0.14)
    return track


def hum(seconds: float, random: Random) -> Sound:
    """A ship's engines far below and air in the ducts."""
    t = times(seconds)
    track = np.zeros_like(t)
    for pitch, level in ((46, 0.6), (92.4, 0.35), (138.2, 0.16), (231, 0.06)):
        track += (
            level * np.sin(2 * np.pi * pitch * t + level * 9) * (0.86 + 0.14 * np.sin(2 * np.pi * 0.31 * t + pitch))
        )
    return np.asarray(track * 0.6 + noise(seconds, random, 200, 900) * 0.12)


def bridge_beeps(seconds: float, random: Random) -> Sound:
    """The hum, with instruments that report."""
    track = hum(seconds, random)
    t = times(0.09)
    now = 0.5
    while now < seconds - 0.2:
        pitch = float(random.choice([880.0, 1174.7, 1318.5]))
        add(track, np.sin(2 * np.pi * pitch * t) * np.exp(-t * 24), now, 0.2)
        now += float(random.choice([0.16, 0.7, 1.1]))
    return track


def alarm(seconds: float, random: Random) -> Sound:
    """The hum, a hiss of air, a slow two-tone warning."""
    t = times(seconds)
    tone = np.where((t * 0.7) % 1 < 0.5, np.sin(2 * np.pi * 440 * t), np.sin(2 * np.pi * 370 * t))
    gate = np.clip(np.sin(2 * np.pi * 0.7 * t), 0, 1) ** 2
    return np.asarray(hum(seconds, random) + 0.07 * tone * gate + noise(seconds, random, 2000, 6000) * 0.05)


def traffic(seconds: float, random: Random) -> Sound:
    """A town at a distance, a car going by."""
    t = times(seconds)
    car = np.exp(-(((t - seconds * 0.6) / 0.9) ** 2))
    return np.asarray(noise(seconds, random, 60, 380) * 0.45 + noise(seconds, random, 200, 1400) * car * 0.35)


def home(seconds: float, random: Random) -> Sound:
    """A quiet room and its clock."""
    track = noise(seconds, random, 80, 400) * 0.12
    t = times(0.03)
    now, number = 0.3, 0
    while now < seconds:
        add(track, np.sin(2 * np.pi * (2100 if number % 2 else 1750) * t) * np.exp(-t * 210), now, 0.4)
        now += 0.5
        number += 1
    return np.asarray(track)


def kitchen(seconds: float, random: Random) -> Sound:
    """A pot that simmers beside the clock."""
    track = home(seconds, random) + noise(seconds, random, 2500, 7000) * 0.07
    t = times(0.06)
    for _ in range(int(seconds * 14)):
        pitch = random.uniform(240, 520)
        add(track, np.sin(2 * np.pi * pitch * (1 + 4 * t) * t) * np.exp(-t * 60), random.uniform(0, seconds), 0.12)
    return np.asarray(track)


def ward(seconds: float, random: Random) -> Sound:
    """A quiet corridor and a heart that is counted."""
    track = noise(seconds, random, 90, 500) * 0.14
    t = times(0.12)
    beep = np.sin(2 * np.pi * 940 * t) * np.minimum(1, t / 0.01) * np.minimum(1, (0.12 - t) / 0.02)
    now = 0.4
    while now < seconds:
        add(track, beep, now, 0.2)
        now += 1.1
    return np.asarray(track)


def water(seconds: float, random: Random) -> Sound:
    """Small waves and insects."""
    t = times(seconds)
    laps = np.clip(np.sin(2 * np.pi * 0.45 * t + random.uniform(0, 6)), 0, 1) ** 2
    crickets = (
        np.sin(2 * np.pi * 4300 * t)
        * np.clip(np.sin(2 * np.pi * 21 * t), 0, 1)
        * np.clip(np.sin(2 * np.pi * 0.9 * t), 0, 1)
    )
    return np.asarray(noise(seconds, random, 300, 1400) * (0.12 + 0.4 * laps) + 0.03 * crickets)


PLACES: dict[str, tuple[Callable[[float, Random], Sound], float]] = {
    "platform": (station, 0.5),
    "carriage": (rails, 0.6),
    "station-hall": (murmur, 0.5),
    "ticket-office": (home, 0.6),
    "street": (traffic, 0.5),
    "bridge": (wind, 0.5),
    "kitchen": (kitchen, 0.6),
    "bedroom": (home, 0.5),
    "hospital": (ward, 0.6),
    "cafe": (murmur, 0.4),
    "night-market": (market, 0.55),
    "noodle-stall": (market, 0.5),
    "rooftop": (wind, 0.35),
    "alley": (traffic, 0.35),
    "river": (water, 0.6),
    "ship-corridor": (hum, 0.6),
    "cockpit": (bridge_beeps, 0.55),
    "airlock": (alarm, 0.6),
    "cabin": (hum, 0.4),
    "planet": (wind, 0.6),
    "control-room": (bridge_beeps, 0.5),
}
WEATHERS: dict[str, tuple[Callable[[float, Random], Sound], float]] = {
    "rain": (rain, 0.3),
    "storm": (storm, 0.45),
    "snow": (wind, 0.3),
    "fog": (wind, 0.15),
}


def ambience(look: Look, seconds: float, random: Random) -> Sound:
    """The place and the weather together; indoors the weather is a wall away."""
    track = np.zeros(round(seconds * RATE))
    for sounds, word, muffled in (
        (PLACES, look.place, 1.0),
        (WEATHERS, look.weather, 0.55 if look.place in INDOORS else 1.0),
    ):
        if word in sounds:
            make, level = sounds[word]
            track += level * muffled * make(seconds, random)
    return track


INDOORS = frozenset(
    ("carriage", "station-hall", "ticket-office", "kitchen", "bedroom", "hospital", "cafe", "cabin", "cockpit")
)
