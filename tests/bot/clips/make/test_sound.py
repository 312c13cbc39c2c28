"""Every clip is equally loud, never clips, and is quiet at both ends so that clips chain."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy", reason="making sound needs the optional extra `clips`")

import numpy

from bot.clips.make.ambience import PLACES as PLACE_SOUNDS
from bot.clips.make.ambience import ambience
from bot.clips.make.look import MOODS, PLACES, Look
from bot.clips.make.score import TUNES, score
from bot.clips.make.sound import LOUDNESS, PEAK, RATE, loudness, mastered, times


def test_a_tone_is_as_loud_as_the_standard_says() -> None:
    tone = numpy.sin(2 * numpy.pi * 997 * times(3))
    assert loudness(tone) == pytest.approx(-3.0, abs=0.4)


@pytest.mark.parametrize("mood", ["", "tense", "comic", "eerie"])
def test_what_is_heard_is_as_loud_as_it_should_be(mood: str) -> None:
    random = numpy.random.default_rng(7)
    look = Look(place="carriage", weather="storm", mood=mood)
    track = mastered(score(mood, 4.0, random) + ambience(look, 4.0, random))
    assert len(track) == 4 * RATE
    assert loudness(track) == pytest.approx(LOUDNESS, abs=1.5)
    assert abs(track).max() <= PEAK
    assert abs(track[:40]).max() < 0.02
    assert abs(track[-40:]).max() < 0.02


def test_every_mood_has_a_tune_and_every_place_a_sound() -> None:
    assert set(TUNES) - {""} == MOODS
    assert set(PLACE_SOUNDS) == PLACES
