"""Makes the clips of a story: only what is missing or changed, two at a time, each file whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from zlib import crc32

import numpy as np

from bot.clips.make.ambience import ambience
from bot.clips.make.encode import encode, made_from, retitle
from bot.clips.make.poster import choose, is_ours, make_poster, poster_digest
from bot.clips.make.score import score
from bot.clips.make.shot import FPS, Shot
from bot.clips.make.sound import mastered
from bot.clips.make.take import Take, take_of
from bot.story.story import Story

WORKERS = 2
LEADS = 2
"""The first of the cast are whom the poster should show."""
LEDGER = "clips.json"
MUSIC, PLACE = 0.8, 0.62
"""How loud the score and the place are against each other."""

Report = Callable[[str], None]


def make_clips(story: Story, folder: Path, *, only: set[str] | None = None, report: Report = print) -> None:
    """Makes what is missing or changed in the story's folder; `only` names scenes. An author's own clips are kept."""
    takes = {id: take_of(story, id) for id in story.scenes}
    targets = {id: target for id in takes if (target := _target(story, folder, id))}
    wanted = {}
    for id, target in sorted(targets.items()):
        if only is not None and id not in only:
            continue
        made = made_from(target)
        if made is None and target.is_file():
            report(f"{id}: kept, it was not made here")
        elif made != takes[id].digest:
            wanted[id] = target
    (folder / "clips").mkdir(parents=True, exist_ok=True)
    try:
        _make_all({id: (takes[id], target) for id, target in wanted.items()}, report)
    finally:
        _write_ledger(folder, takes, targets)
    if only is None and takes:
        _poster(story, folder, list(takes.values()), report)
    size = sum(target.stat().st_size for target in targets.values() if target.is_file())
    report(f"{story.id}: {len(wanted)} made, {len(targets) - len(wanted)} as they were, {size / 1e6:.1f} MB in all")


def _target(story: Story, folder: Path, id: str) -> Path | None:
    """Where the clip goes; None when it is a link or leads out of the story's folder."""
    clip = story.scenes[id].clip or f"clips/{id}.mp4"
    path = Path(clip)
    if "://" in clip or path.is_absolute() or ".." in path.parts:
        return None
    return folder / path


def _make_all(wanted: Mapping[str, tuple[Take, Path]], report: Report) -> None:
    if len(wanted) < 2:
        for id, (take, target) in wanted.items():
            report(f"{id}: {make_one(take, target)}")
        return
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        try:
            running = {pool.submit(make_one, take, target): id for id, (take, target) in wanted.items()}
            for number, done in enumerate(as_completed(running), 1):
                report(f"{running[done]}: {done.result()} ({number} of {len(wanted)})")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def make_one(take: Take, target: Path) -> str:
    """Makes one clip, or only its subtitles when the rest is as it was; says how long and how large it is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    subtitles = {
        language: [(said.span, said.texts[language]) for said in take.lines if language in said.texts]
        for language in take.languages
    }
    subtitles = {language: cues for language, cues in subtitles.items() if cues}
    made = made_from(target)
    if made and made.partition(".")[0] == take.digest.partition(".")[0]:
        retitle(target, subtitles, take.digest)
        return "new subtitles"
    random = np.random.default_rng(crc32(take.scene.encode()))
    music = score(take.look.mood, take.seconds, random)
    sound = mastered(MUSIC * music + PLACE * ambience(take.look, take.seconds, random))
    encode(target, Shot(take).frames(), FPS, sound, subtitles, take.digest)
    return f"{take.seconds:.1f} s, {target.stat().st_size / 1000:.0f} kB"


def _write_ledger(folder: Path, takes: Mapping[str, Take], targets: Mapping[str, Path]) -> None:
    """clips.json says for every clip made here what it was made from, its length, and when each line is said."""
    ledger = {}
    for id, target in sorted(targets.items()):
        take = takes[id]
        if made_from(target) == take.digest:
            lines = {said.id: list(said.span) for said in take.lines}
            ledger[id] = {"digest": take.digest, "seconds": take.seconds, "lines": lines}
    text = json.dumps(ledger, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    path = folder / "clips" / LEDGER
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    part = path.with_name(f".{LEDGER}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _poster(story: Story, folder: Path, takes: list[Take], report: Report) -> None:
    path = folder / "poster.jpg"
    take, title = (
        choose(takes, frozenset(list(story.cast)[:LEADS])),
        story.wording(story.language).plain("title") or story.id,
    )
    made = is_ours(path)
    if made is None and path.is_file():
        report("poster: kept, it was not made here")
    elif made != poster_digest(take, title):
        make_poster(path, take, title)
        report(f"poster: from {take.scene}")
