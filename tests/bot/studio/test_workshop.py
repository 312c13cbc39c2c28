"""The workshop works in a child process: whatever is sent fails alone, the bot goes on, and nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvloop

from bot.play.dice import seeded
from bot.story.problem import StoryError
from bot.story.prover.prove import prove
from bot.story.reader import read_story
from bot.studio.proof import proof_of
from bot.studio.report import Report
from bot.studio.workshop import Busy, Fault, Kind, Limits, Replaced, WorkFailed, Workshop
from tests.bot.play.dramas import drama
from tests.bot.story.draft import written
from tests.bot.story.test_tree import LAUGHS
from tests.bot.studio.hostile import uploads
from tests.bot.studio.packing import MAIN, STORED, STORY, Item, zip_of
from tests.bot.studio.test_report import clip

ENDLESS = 10**9
"""Plays that nobody lives to see the end of."""

DRAMA = read_story("airlock-nine", {path: text.encode() for path, text in drama("airlock-nine").sources.items()})
ME, OTHER = 1, 2

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc, and others do not limit memory so")


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    async with Workshop().running() as workshop:
        yield workshop


def sent(folder: Path, content: bytes) -> Path:
    """An upload as its receiver has put it down."""
    file = folder / "upload"
    file.write_bytes(content)
    return file


async def check(workshop: Workshop, folder: Path, content: bytes, name: str = "tale.zip", who: int = ME) -> Report:
    return await workshop.check(who, sent(folder, content), name)


async def begun(workshop: Workshop) -> int:
    """The pid of the bench, once there is one."""
    while workshop.pid is None:
        await asyncio.sleep(0.01)
    return workshop.pid


async def working(workshop: Workshop, who: int = ME) -> tuple[asyncio.Task[object], int]:
    """A job that takes for ever, in the midst of it, and the bench that is at it."""
    job: asyncio.Task[object] = asyncio.create_task(workshop.plays(who, DRAMA.id, DRAMA.sources, plays=ENDLESS))
    pid = await begun(workshop)
    await asyncio.sleep(0.2)
    assert not job.done()
    return job, pid


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def failed(job: asyncio.Task[object]) -> Fault:
    with pytest.raises(WorkFailed) as error:
        await job
    assert error.value.kind.value in str(error.value)
    return error.value.fault


# -- what is asked comes


async def test_a_good_upload_is_checked_and_its_clips_taken_out(workshop: Workshop, tmp_path: Path) -> None:
    content = zip_of(MAIN, clip(9), Item("clips/b.mp4", b"no film"), Item("clips/c.mp4", b"film", STORED).both(crc=1))
    report = await check(workshop, tmp_path, content)
    assert (report.errors, report.warnings, report.missing) == ((), (), ())
    assert report.sources == {"story.yaml": STORY.decode()}
    to = tmp_path / "clips"
    to.mkdir()
    good, unfit, damaged = await workshop.clips(ME, sent(tmp_path, content), "tale.zip", to)
    assert good.file is not None
    assert good.kept is not None
    assert (good.path, good.file.read_bytes(), good.kept.seconds) == ("clips/a.mp4", clip(9).content, 9.0)
    assert (unfit.file, damaged.file) == (None, None)
    assert "export it as MP4" in unfit.why
    assert "its checksum is another one" in damaged.why
    assert list(to.iterdir()) == [good.file]


async def test_a_broken_upload_is_reported_and_its_clips_refused(workshop: Workshop, tmp_path: Path) -> None:
    report = await check(workshop, tmp_path, zip_of(Item("story.yaml", written("a: {to: nowhere}").encode())))
    [error] = report.errors
    assert (error.code, error.place.line, error.place.column) == ("STORY012", 7, 11)
    with pytest.raises(StoryError) as refused:
        await workshop.clips(ME, sent(tmp_path, b"PK\x03\x04"), "tale.zip", tmp_path)
    assert refused.value.problems[0].code == "STORY093"


async def test_a_check_knows_the_version_before_and_the_clips_it_had(workshop: Workshop, tmp_path: Path) -> None:
    file = sent(tmp_path, zip_of(MAIN))
    first = await workshop.check(ME, file, "tale.zip", known={"clips/a.mp4": 5.0})
    assert (first.missing, first.changes) == ((), ())
    file = sent(tmp_path, zip_of(Item("story.yaml", STORY.replace(b"label: B", b"label: Boo"))))
    second = await workshop.check(ME, file, "tale.zip", before=first.sources)
    assert second.missing == ("clips/a.mp4",)
    assert [change.id for change in second.changes] == ["en scene/a/choice/b"]
    unreadable = await workshop.check(ME, file, "tale.zip", before={"story.yaml": "of another time"})
    assert (unreadable.errors, unreadable.changes) == ((), ())


async def test_proof_plays_and_map_are_what_the_terminal_has(workshop: Workshop) -> None:
    proof = await workshop.prove(ME, DRAMA.id, DRAMA.sources)
    assert proof == proof_of(DRAMA, prove(DRAMA, seeded(1, 0)))
    known = {scene.clip: 5.0 for scene in DRAMA.scenes.values() if scene.clip}
    figures = await workshop.plays(ME, DRAMA.id, DRAMA.sources, known, plays=100, seed=7)
    assert (figures.plays, figures.seed, figures.seconds is not None) == (100, 7, True)
    assert figures == await workshop.plays(ME, DRAMA.id, DRAMA.sources, known, plays=100, seed=7)
    drawn = await workshop.map(ME, DRAMA.id, DRAMA.sources, known, figures.visits, proof, "svg")
    assert drawn.startswith(b"<svg")
    assert drawn != await workshop.map(ME, DRAMA.id, DRAMA.sources, kind="svg")
    assert (await workshop.map(ME, DRAMA.id, DRAMA.sources)).startswith(b"\x89PNG")


async def test_a_story_that_cannot_be_read_is_an_error_like_any_other(workshop: Workshop) -> None:
    with pytest.raises(StoryError) as refused:
        await workshop.prove(ME, "tale", {"story.yaml": "title: [", "locales/xx.yaml": "a: 1"})
    assert refused.value.problems[0].code == "STORY003"


# -- whatever is sent


async def test_every_hostile_upload_is_answered_by_the_same_bench(workshop: Workshop, tmp_path: Path) -> None:
    await check(workshop, tmp_path, zip_of(MAIN))
    pid, answered = workshop.pid, 0
    for hostile in uploads():
        report = await check(workshop, tmp_path, hostile.content(), hostile.called)
        assert [problem.code for problem in report.errors] == [hostile.code], hostile.what
        assert report.sources == {}
        answered += 1
    assert answered >= 60
    assert workshop.pid == pid


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (LAUGHS, "STORY007"),
        ("a: " + "[" * 100_000, "STORY004"),
        ("a: !!python/object/apply:os.system ['exit 1']", "STORY008"),
        ("".join(f"k{n}: x\n" for n in range(50_000)), "STORY005"),
    ],
    ids=["laughs", "depth", "object", "entries"],
)
async def test_a_bomb_of_yaml_is_answered(workshop: Workshop, tmp_path: Path, text: str, code: str) -> None:
    report = await check(workshop, tmp_path, text.encode(), "tale.yaml")
    assert [problem.code for problem in report.errors] == [code]


# -- whatever happens to the bench


async def test_a_bench_that_is_killed_fails_its_job_alone(workshop: Workshop, tmp_path: Path) -> None:
    job, pid = await working(workshop)
    after = asyncio.create_task(check(workshop, tmp_path, zip_of(MAIN), who=OTHER))
    await asyncio.sleep(0)
    os.kill(pid, signal.SIGKILL)
    assert await failed(job) is Fault.CRASH
    assert (await after).errors == ()
    assert workshop.pid not in (None, pid)
    assert is_gone(pid)


async def test_a_bench_that_was_killed_at_rest_is_missed_by_nobody(workshop: Workshop, tmp_path: Path) -> None:
    await check(workshop, tmp_path, zip_of(MAIN))
    pid = workshop.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while not is_gone(pid):
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    assert (await check(workshop, tmp_path, zip_of(MAIN))).errors == ()
    assert workshop.pid != pid


async def test_a_job_over_its_time_is_ended(tmp_path: Path) -> None:
    async with Workshop(Limits({Kind.PLAYS: 0.3})).running() as workshop:
        job, pid = await working(workshop)
        assert await failed(job) is Fault.TIME
        assert is_gone(pid)
        assert (await check(workshop, tmp_path, zip_of(MAIN))).errors == ()


async def little(folder: Path) -> Limits:
    """Memory for a bench and a small story, and for little more."""
    async with Workshop().running() as workshop:
        await check(workshop, folder, zip_of(MAIN))
        status = Path(f"/proc/{workshop.pid}/status").read_text()
    [peak] = re.findall(r"^VmPeak:\s+(\d+) kB$", status, flags=re.MULTILINE)
    return Limits(memory=int(peak) * 1024 + 8 * 1024 * 1024)


def large_story() -> bytes:
    """Half as many entries as there may be, most of them conditions that are to be compiled."""
    episodes, facts = [], "title: T\nlanguage: en\nvariables: {m: {type: integer, from: 0, to: 9}}\nepisodes:\n"
    for number in range(2):
        choices = ", ".join(f"c{n}: {{label: L, if: m > {n}, to: end}}" for n in range(3))
        scenes = "".join(f"  s{number}x{n}: {{choices: {{{choices}}}}}\n" for n in range(480))
        end = "" if number else "  end: {ending: {title: E, kind: open}}\n"
        text = f"title: E\nstart: s{number}x0\nscenes:\n{scenes}{end}"
        facts += f"  e{number}: episodes/e{number}.yaml\n"
        episodes.append(Item(f"episodes/e{number}.yaml", text.encode(), STORED))
    return zip_of(Item("story.yaml", facts.encode()), *episodes)


@ON_LINUX
async def test_a_job_over_its_memory_is_ended(tmp_path: Path) -> None:
    async with Workshop(await little(tmp_path)).running() as workshop:
        with pytest.raises(WorkFailed) as error:
            await check(workshop, tmp_path, large_story())
        assert error.value.fault is Fault.MEMORY
        assert workshop.pid is None
        assert (await check(workshop, tmp_path, zip_of(MAIN))).errors == ()
    async with Workshop().running() as workshop:
        report = await check(workshop, tmp_path, large_story())
        assert (report.errors, report.scenes) == ((), 2 * 480 + 1)


@ON_LINUX
async def test_a_bench_that_has_grown_makes_room_for_a_new_one(tmp_path: Path) -> None:
    async with Workshop(await little(tmp_path)).running() as workshop:
        for _ in range(2):
            assert (await check(workshop, tmp_path, zip_of(MAIN))).errors == ()
            assert workshop.pid is None


async def test_a_bot_that_is_large_has_a_small_bench(tmp_path: Path) -> None:
    bot = b"x" * (150 * 1024 * 1024)
    async with Workshop(Limits(memory=200 * 1024 * 1024)).running() as workshop:
        await check(workshop, tmp_path, zip_of(MAIN))
        assert workshop.pid is not None
    assert len(bot) > 0


async def test_where_our_own_code_fails_the_bench_goes_on(workshop: Workshop, tmp_path: Path) -> None:
    with pytest.raises(WorkFailed) as error:
        await workshop.clips(ME, sent(tmp_path, zip_of(MAIN, clip(9))), "tale.zip", tmp_path / "missing")
    assert error.value.fault is Fault.CRASH
    pid = workshop.pid
    assert (await check(workshop, tmp_path, zip_of(MAIN))).errors == ()
    assert workshop.pid == pid is not None


async def test_a_story_too_large_to_be_told_is_refused(workshop: Workshop, tmp_path: Path) -> None:
    with pytest.raises(WorkFailed) as error:
        await workshop.prove(ME, "tale", {"story.yaml": "x" * 40 * 1024 * 1024})
    assert error.value.fault is Fault.LARGE
    assert (await check(workshop, tmp_path, zip_of(MAIN))).errors == ()


# -- the bot goes on meanwhile


async def test_the_loop_turns_while_the_bench_works(workshop: Workshop) -> None:
    job, _ = await working(workshop)
    for _ in range(50):
        await asyncio.sleep(0.005)
    assert not job.done()
    job.cancel()


@ON_LINUX
async def test_the_bench_gives_way_and_knows_no_token(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "1:secret")
    await check(workshop, tmp_path, zip_of(MAIN))
    assert workshop.pid is not None
    assert os.getpriority(os.PRIO_PROCESS, workshop.pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 5)
    assert b"secret" not in Path(f"/proc/{workshop.pid}/environ").read_bytes()


# -- the line


async def test_jobs_come_in_their_order_and_a_newer_one_of_the_same_takes_the_place(
    workshop: Workshop, tmp_path: Path
) -> None:
    first, _ = await working(workshop)
    came: list[str] = []

    async def asked(who: int, name: str) -> None:
        await check(workshop, tmp_path, zip_of(MAIN), name, who)
        came.append(f"{who} {name}")

    older = asyncio.create_task(asked(ME, "a.zip"))
    await asyncio.sleep(0)
    others = [asyncio.create_task(asked(who, name)) for who, name in ((OTHER, "a.zip"), (ME, "b.zip"), (ME, "a.zip"))]
    with pytest.raises(Replaced):
        await older
    first.cancel()
    await asyncio.gather(*others)
    assert came == ["1 a.zip", "2 a.zip", "1 b.zip"]


async def test_who_waits_with_too_much_already_is_told_so(tmp_path: Path) -> None:
    async with Workshop(Limits(each=2, all=3)).running() as workshop:
        first, _ = await working(workshop)
        waiting = [asyncio.create_task(check(workshop, tmp_path, zip_of(MAIN), f"{n}.zip")) for n in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Busy, match="2 jobs of yours wait"):
            await check(workshop, tmp_path, zip_of(MAIN), "2.zip")
        waiting.append(asyncio.create_task(check(workshop, tmp_path, zip_of(MAIN), who=OTHER)))
        await asyncio.sleep(0)
        with pytest.raises(Busy, match="too many"):
            await check(workshop, tmp_path, zip_of(MAIN), who=3)
        waiting[0].cancel()
        await asyncio.sleep(0)
        waiting[0] = asyncio.create_task(check(workshop, tmp_path, zip_of(MAIN), who=3))
        await asyncio.sleep(0)
        first.cancel()
        assert [report.errors for report in await asyncio.gather(*waiting)] == [(), (), ()]


async def test_who_no_longer_waits_frees_the_bench(workshop: Workshop, tmp_path: Path) -> None:
    job, pid = await working(workshop)
    job.cancel()
    assert (await check(workshop, tmp_path, zip_of(MAIN))).errors == ()
    assert is_gone(pid)


# -- the end


async def test_at_the_end_whatever_runs_or_waits_is_broken_off_and_no_process_is_left(tmp_path: Path) -> None:
    async with Workshop().running() as workshop:
        job, pid = await working(workshop)
        waiting: asyncio.Task[object] = asyncio.create_task(check(workshop, tmp_path, zip_of(MAIN)))
        await asyncio.sleep(0)
    assert is_gone(pid)
    assert (await failed(job), await failed(waiting)) == (Fault.CLOSED, Fault.CLOSED)
    with pytest.raises(WorkFailed):
        await check(workshop, tmp_path, zip_of(MAIN))


async def test_a_workshop_is_opened_and_closed_without_a_job() -> None:
    async with Workshop().running() as workshop:
        assert workshop.pid is None


def test_it_works_on_the_loop_that_the_bot_has(tmp_path: Path) -> None:
    async def life() -> int:
        async with Workshop().running() as workshop:
            assert (await check(workshop, tmp_path, zip_of(MAIN))).errors == ()
            job, pid = await working(workshop)
        assert await failed(job) is Fault.CLOSED
        return pid

    assert is_gone(uvloop.run(life()))


def test_a_bench_whose_bot_is_gone_ends_in_the_midst_of_its_job(tmp_path: Path) -> None:
    """The bot is killed; nobody is left to watch its bench."""
    script = (
        "import asyncio, sys\n"
        "from bot.studio.workshop import Workshop\n"
        "async def main():\n"
        "    async with Workshop().running() as workshop:\n"
        "        job = asyncio.create_task(workshop.plays(1, 'tale', {'story.yaml': sys.argv[1]}, plays=10**9))\n"
        "        while workshop.pid is None:\n"
        "            await asyncio.sleep(0.01)\n"
        "        print(workshop.pid, flush=True)\n"
        "        await job\n"
        "asyncio.run(main())\n"
    )

    async def life() -> None:
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-c", script, STORY.decode(), stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3]
        )
        assert bot.stdout is not None
        pid = int(await bot.stdout.readline())
        await asyncio.sleep(0.2)
        assert not is_gone(pid)
        bot.kill()
        await bot.wait()
        while not is_gone(pid):
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(life(), 30))
