"""Frames and sound into a file: H.264, AAC and one subtitle track per language, by the ffmpeg that comes in a wheel."""

from __future__ import annotations

import subprocess
import wave
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from bot.clips.make.paint import HEIGHT, WIDTH
from bot.clips.make.sound import RATE, Sound
from bot.clips.make.timing import Span

VIDEO = (
    "-c:v", "libx264", "-preset", "slow", "-tune", "animation", "-crf", "33.5", "-profile:v", "high",
    "-pix_fmt", "yuv420p", "-vf", "scale=out_color_matrix=bt709:out_range=tv", "-colorspace", "bt709",
    "-color_primaries", "bt709", "-color_trc", "bt709", "-threads", "1",
)  # fmt: skip
AUDIO = ("-c:a", "aac", "-b:a", "36k", "-ac", "1")
"""Small on purpose: all clips of a story travel with it, at about 17 kB a second."""
MARK = "cliffhanger-clip:"
"""Stands in the file's comment before the digest: a clip without it is an author's own and is never replaced."""
DIGEST_LENGTH = 33
LANGUAGES = {
    "ar": "ara", "bn": "ben", "cs": "ces", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "fa": "fas", "fi": "fin",
    "fr": "fra", "he": "heb", "hi": "hin", "hu": "hun", "id": "ind", "it": "ita", "ja": "jpn", "ko": "kor", "nl": "nld",
    "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "sv": "swe", "th": "tha", "tr": "tur", "uk": "ukr", "vi": "vie",
    "zh": "zho",
}  # fmt: skip
"""ISO 639-1 to the three letters an mp4 track is tagged with."""

Cues = Sequence[tuple[Span, str]]


class EncodeError(RuntimeError):
    """ffmpeg refused; the message ends with what it said."""


def ffmpeg() -> str:
    """The path of the program; the optional packages of the extra `clips` bring it."""
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def encode(
    target: Path, frames: Iterable[bytes], fps: int, sound: Sound, subtitles: Mapping[str, Cues], digest: str
) -> None:
    """Writes `target` (an mp4) whole or not at all; frames are raw RGB, 540x960. Its neighbours take part files."""
    heard = target.with_name(f".{target.stem}.wav")
    picture = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(fps), "-i", "pipe:0"]
    coded = ["-t", f"{len(sound) / RATE:.3f}", *VIDEO, "-g", str(fps * 5), *AUDIO]
    try:
        _write_wave(heard, sound)
        _write(target, [*picture, "-i", str(heard)], ["-map", "0:v", "-map", "1:a"], coded, subtitles, digest, frames)
    finally:
        heard.unlink(missing_ok=True)


def retitle(target: Path, subtitles: Mapping[str, Cues], digest: str) -> None:
    """Gives a clip new subtitles; picture and sound stay bit for bit as they are."""
    _write(
        target, ["-i", str(target)], ["-map", "0:v", "-map", "0:a"], ["-c:v", "copy", "-c:a", "copy"], subtitles, digest
    )


def _write(
    target: Path,
    sources: list[str],
    maps: list[str],
    coded: list[str],
    subtitles: Mapping[str, Cues],
    digest: str,
    frames: Iterable[bytes] = (),
) -> None:
    part = target.with_name(f".{target.stem}.mp4")
    scripts = [target.with_name(f".{target.stem}.{language}.srt") for language in subtitles]
    command = [ffmpeg(), "-y", "-v", "error", *sources]
    tagged: list[str] = []
    first = sources.count("-i")
    try:
        for i, (language, cues) in enumerate(subtitles.items()):
            scripts[i].write_text(script(cues), encoding="utf-8")
            command += ["-i", str(scripts[i])]
            maps = [*maps, "-map", f"{first + i}:s"]
            tag = LANGUAGES.get(language.partition("-")[0], "und")
            tagged += [f"-metadata:s:s:{i}", f"language={tag}", f"-disposition:s:{i}", "0" if i else "default"]
        command += [*maps, *coded, "-c:s", "mov_text", *tagged, "-metadata", f"comment={MARK}{digest}"]
        _run([*command, "-fflags", "+bitexact", "-movflags", "+faststart", str(part)], frames)
        part.replace(target)
    finally:
        for path in (part, *scripts):
            path.unlink(missing_ok=True)


def script(cues: Cues) -> str:
    """Subtitles in SubRip form."""
    blocks = [f"{i}\n{_clock(start)} --> {_clock(end)}\n{text}\n" for i, ((start, end), text) in enumerate(cues, 1)]
    return "\n".join(blocks)


def _clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"00:{minutes:02d}:{rest // 1000:02d},{rest % 1000:03d}"


def _write_wave(path: Path, sound: Sound) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def _run(command: list[str], frames: Iterable[bytes]) -> None:
    # Our own program with arguments we made: no shell, no words of the story among them but file names.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603
        if process.stdin is None or process.stderr is None:
            raise EncodeError("ffmpeg was started without pipes")
        with suppress(BrokenPipeError):
            for frame in frames:
                process.stdin.write(frame)
            process.stdin.close()
        said = process.stderr.read().decode(errors="replace")
    if process.returncode:
        raise EncodeError(f"ffmpeg ended with {process.returncode} while writing {command[-1]}: {said[-400:].strip()}")


def made_from(path: Path) -> str | None:
    """The digest in a clip this maker wrote; None when there is no file or it is an author's own."""
    if not path.is_file():
        return None
    mark = MARK.encode()
    with path.open("rb") as file:
        head = file.read(1 << 17)
    at = head.find(mark)
    return head[at + len(mark) :][:DIGEST_LENGTH].decode("ascii", "replace") if at >= 0 else None
