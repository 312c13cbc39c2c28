"""Making sound out of numbers: tones, noise, rooms, and the loudness it must have. Mono, `RATE` samples a second."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float64]

RATE = 32000
LOUDNESS = -18.0
"""LUFS; and the highest peak, so that nothing clips after encoding."""
PEAK = 0.84


def times(seconds: float) -> Sound:
    """The moments of every sample."""
    return np.arange(round(seconds * RATE)) / RATE


def hertz(note: float) -> float:
    """The pitch of a MIDI note number."""
    return float(440.0 * 2 ** ((note - 69) / 12))


def noise(seconds: float, random: np.random.Generator, low: float, high: float) -> Sound:
    """Noise between two pitches in Hz, as loud as a sine of amplitude one."""
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(random.standard_normal(count))
    pitch = np.fft.rfftfreq(count, 1 / RATE)
    shape = 1 / (1 + (low / np.maximum(pitch, 1)) ** 4) / (1 + (pitch / high) ** 4)
    shaped = np.fft.irfft(spectrum * shape, count)
    return np.asarray(shaped / (np.sqrt(np.mean(shaped**2)) + 1e-9) * 0.7)


def pluck(pitch: float, seconds: float, bright: float = 1.0) -> Sound:
    """A soft struck string, like a felt piano."""
    t = times(seconds)
    total = np.zeros_like(t)
    for part, weight in ((1, 1.0), (2, 0.42), (3, 0.2), (4, 0.1), (5, 0.05)):
        total += (
            weight
            * bright ** (part - 1)
            * np.sin(2 * np.pi * pitch * part * (1 + 0.0003 * part**2) * t)
            * np.exp(-t * (1.3 + 0.9 * part))
        )
    return np.asarray(total * np.minimum(1, t / 0.006))


def pad(pitch: float, seconds: float, bright: float = 0.5) -> Sound:
    """A held chord tone that swells and beats slowly."""
    t = times(seconds)
    total = np.zeros_like(t)
    for detune in (-0.0028, 0.0, 0.0031):
        for part, weight in ((1, 1.0), (2, 0.36 * bright), (3, 0.2 * bright), (4, 0.1 * bright)):
            total += weight * np.sin(2 * np.pi * pitch * (1 + detune) * part * t + part * 1.7 + detune * 900)
    swell = np.minimum(1, t / 0.9) * np.minimum(1, (seconds - t) / 0.9)
    return np.asarray(total / 3 * np.clip(swell, 0, 1))


def add(track: Sound, sound: Sound, at: float, level: float = 1.0) -> None:
    """Mixes a sound into a track from second `at`; what runs over the end is cut."""
    start = round(at * RATE)
    end = min(len(track), start + len(sound))
    if 0 <= start < end:
        track[start:end] += level * sound[: end - start]


def room(track: Sound, random: np.random.Generator, seconds: float = 1.6, wet: float = 0.3) -> Sound:
    """The track in a room whose echo takes `seconds` to die."""
    t = times(seconds)
    echo = random.standard_normal(len(t)) * np.exp(-5.2 * t / seconds) * np.minimum(1, t / 0.012)
    size = 1 << (len(track) + len(echo) - 1).bit_length()
    pitch = np.fft.rfftfreq(size, 1 / RATE)
    soft = 1 / (1 + (pitch / 3200) ** 2) / (1 + (140 / np.maximum(pitch, 1)) ** 2)
    tail = np.fft.irfft(np.fft.rfft(track, size) * np.fft.rfft(echo, size) * soft, size)[: len(track)]
    level = np.sqrt(np.mean(track**2)) / (np.sqrt(np.mean(tail**2)) + 1e-9)
    return np.asarray(track * (1 - wet * 0.4) + tail * level * wet)


def loudness(track: Sound) -> float:
    """Programme loudness in LUFS (ITU-R BS.1770: K-weighting, gated blocks of 0.4 s)."""
    spectrum = np.fft.rfft(track)
    pitch = np.fft.rfftfreq(len(track), 1 / RATE)
    high = (pitch / 2200) ** 2
    gain = (1 + 1.585 * high) / (1 + high) / np.sqrt(1 + (38 / np.maximum(pitch, 0.1)) ** 4)
    weighted = np.fft.irfft(spectrum * gain, len(track))
    block = round(0.4 * RATE)
    steps = range(0, max(1, len(weighted) - block), block // 4)
    powers = np.array([np.mean(weighted[i : i + block] ** 2) for i in steps]) + 1e-12
    levels = -0.691 + 10 * np.log10(powers)
    kept = powers[levels > -70]
    if len(kept) == 0:
        return -70.0
    gate = -0.691 + 10 * np.log10(np.mean(kept)) - 10
    return float(-0.691 + 10 * np.log10(np.mean(powers[levels > max(-70, gate)])))


def mastered(track: Sound, fade: float = 0.35) -> Sound:
    """Faded in and out, brought to the loudness, its peaks bent under the ceiling."""
    t = np.arange(len(track)) / RATE
    ends = np.clip(np.minimum(t / fade, (len(track) / RATE - t) / (fade * 1.6)), 0, 1)
    track = track * np.sin(ends * np.pi / 2)
    for _ in range(2):
        track = track * 10 ** ((LOUDNESS - loudness(track)) / 20)
        track = PEAK * np.tanh(track / PEAK)
    return np.asarray(track)
