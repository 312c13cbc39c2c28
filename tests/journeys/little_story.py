"""Small stories for journeys, with real clips: short enough that a test sees them to their end."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

LANTERN = """
title: The Little Lantern
synopsis: One lantern, two ways over the river.
genres: [fable]
rating: all
language: en
cast:
  ada: {name: Ada}
variables:
  name: {type: text, length: 20, start: stranger}
  brave: {type: flag}
episodes:
  night:
    title: Night
    start: gate
    scenes:
      gate:
        title: The gate
        clip: clips/gate.mp4
        lines:
          - {ada: Which way now, id: which-way, at: 0s}
        choices:
          walk: {label: Walk on, to: bridge}
          say-name: {label: Say your name, ask: name, to: greeting}
          fly: {label: Fly, if: brave, else: locked, to: dawn}
          wait: {label: Wait by the well, to: well}
      greeting:
        clip: clips/greeting.mp4
        lines:
          - {ada: "So you are {name}", id: so-you-are, at: 0s}
        to: bridge
      bridge:
        title: The bridge
        clip: clips/bridge.mp4
        lines:
          - {ada: The river is loud, id: loud, at: 0s}
        choices:
          cross: {label: Cross the river, do: [brave = true], to: dawn}
          climb: {label: Climb the tower, to: tower}
          look-back: {label: Look back, do: [brave = true], to: gate}
      well:
        title: The well
        clip: clips/well.mp4
        within: 1s
        default: stay
        choices:
          stay: {label: Stay, to: dark}
          leave: {label: Leave, to: gate}
      tower:
        title: The tower
        clip: clips/tower.mp4
        within: 60s
        default: sleep
        choices:
          jump: {label: Jump, to: dawn}
          sleep: {label: Sleep, to: dark}
      dawn:
        title: Dawn
        clip: clips/dawn.mp4
        ending: {title: A light over the water, kind: happy}
      dark:
        title: Dark
        clip: clips/dark.mp4
        ending: {title: The lantern goes out, kind: sad}
"""

LANTERN_IN_SPANISH = """
title: La pequeña linterna
scene/gate: La puerta
scene/gate/line/which-way: ¿Por dónde ahora?
scene/gate/choice/walk: Seguir andando
scene/gate/choice/fly: Volar
"""

TORN = """
title: Torn
synopsis: Its only choice leads nowhere.
genres: [fable]
rating: all
language: en
episodes:
  one:
    title: One
    scenes:
      start:
        choices:
          go: {label: Go, to: nowhere}
"""

LONG, SHORT = 3, 1
"""Seconds."""

CLIPS = {"gate": LONG, "greeting": SHORT, "bridge": LONG, "well": SHORT, "tower": LONG, "dawn": SHORT, "dark": SHORT}
"""The scenes and how long each one's clip is. Long ones sound, short ones have no sound track at all."""


def make_clips(folder: Path, ffmpeg: str) -> dict[int, Path]:
    """Real videos, 270 x 480, by their length."""
    coding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
    clips = {seconds: folder / f"{seconds}.mp4" for seconds in (LONG, SHORT)}
    for seconds, file in clips.items():
        picture = ["-f", "lavfi", "-i", f"testsrc=size=270x480:rate=12:duration={seconds}"]
        tone = ["-f", "lavfi", "-i", f"sine=frequency=330:duration={seconds}", "-c:a", "aac", "-b:a", "32k"]
        sound = tone if seconds == LONG else []
        subprocess.run([ffmpeg, "-v", "error", *picture, *sound, *coding, "-threads", "1", str(file)], check=True)
    return clips


def write_stories(folder: Path, clips: Mapping[int, Path]) -> None:
    """`lantern`, which can be played in English and Spanish, and `torn`, which is broken."""
    lantern = folder / "lantern"
    (lantern / "clips").mkdir(parents=True)
    (lantern / "locales").mkdir()
    (lantern / "story.yaml").write_text(LANTERN, encoding="utf-8")
    (lantern / "locales" / "es.yaml").write_text(LANTERN_IN_SPANISH, encoding="utf-8")
    for scene, seconds in CLIPS.items():
        _clip(folder, scene).write_bytes(clips[seconds].read_bytes())
    (folder / "torn").mkdir()
    (folder / "torn" / "story.yaml").write_text(TORN, encoding="utf-8")


@contextmanager
def lost_clip(folder: Path, scene: str) -> Iterator[None]:
    """Inside, a clip that was there when the bot read the story is gone from the disk."""
    clip = _clip(folder, scene)
    aside = clip.with_suffix(".aside")
    clip.rename(aside)
    try:
        yield
    finally:
        aside.rename(clip)


def _clip(folder: Path, scene: str) -> Path:
    return folder / "lantern" / "clips" / f"{scene}.mp4"
