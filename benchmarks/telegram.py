"""A tap in Telegram until the next scene's clip is there: ours, and the peers a bot would otherwise be written with.

All play the same tale (benchmarks/bots/tale.py) on the project's own Bot API server over real HTTP: the same scenes,
clips by file id, buttons, and for each tap the same three calls: answerCallbackQuery, editMessageCaption on the old
scene, sendVideo for the next. All use long polling and uvloop.

- Ours is put together as run_bot.py does it, on SQLite as shipped: a tap is durable before it is acknowledged, and so
  is the card that follows from it. Pacing to Telegram's limits is off, as no peer paces.
- python-telegram-bot: Application, ConversationHandler, PicklePersistence; updates one after the other, as the
  documentation of ConversationHandler asks. Once as it is, once with a SQLite commit (synchronous=FULL) for each tap.
- aiogram 3: its finite state machine in RedisStorage, on a Valkey server that writes each change to disk
  (appendfsync always); handlers run concurrently, as they do by default. It runs in an environment of its own, since it
  wants an older pydantic than ours.
- The floor: bare aiohttp, one grouped SQLite commit for each batch of updates, then the same calls. It has no outbox.

The server has one core; the contender has the other one, together with its storage. The viewers are in the server's
process and tap as soon as a scene is there. The contenders take turns, each figure is of the round with most taps a
second. Then each is killed (kill -9) in the middle of the same load and started again: `waiting` are viewers whose tap
was acknowledged and whose next scene never came, `forgotten` are acknowledged taps that the state kept does not know.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.contest import Contender, Losses, Pace, race, survive
from benchmarks.result import Result, Row, conclude
from benchmarks.rivals import look_for_them

VIEWERS = 100
SECONDS = 2.5
ROUNDS = 2
KILLED_VIEWERS = 50
KILLED_TAPS = 300

OURS = Contender("ours", "ours")
PLAIN = Contender("python-telegram-bot, PicklePersistence", "conversation")
COMMITS = Contender("the same with one SQLite commit per tap", "conversation", ("commit",))
AIOGRAM = Contender("aiogram 3, RedisStorage with appendfsync always", "fsm", peer=True)
FLOOR = Contender("the floor: bare aiohttp, grouped commits", "bare")
TARGETS: Mapping[Contender, float] = {PLAIN: 5.0, COMMITS: 5.0, AIOGRAM: 1.0, FLOOR: 0.5}
CONTENDERS = (OURS, *TARGETS)


async def paces(folder: Path) -> dict[Contender, Pace]:
    """The best round of each."""
    best: dict[Contender, Pace] = {}
    for number in range(ROUNDS):
        for contender in CONTENDERS:
            where = folder / f"race-{number}-{CONTENDERS.index(contender)}"
            pace = await race(contender, where, VIEWERS, SECONDS)
            if contender not in best or pace.taps > best[contender].taps:
                best[contender] = pace
    return best


async def losses(folder: Path) -> dict[Contender, Losses]:
    """What a kill -9 costs each."""
    found = {}
    for number, contender in enumerate(CONTENDERS):
        found[contender] = await survive(contender, folder / f"kill-{number}", KILLED_VIEWERS, KILLED_TAPS)
    return found


def measure() -> Result:
    """Everything, in a temporary folder on the disk that temporary folders are on."""
    look_for_them()
    with tempfile.TemporaryDirectory(prefix="cliffhanger-") as name:
        return asyncio.run(_measure(Path(name)))


async def _measure(folder: Path) -> Result:
    rates, lost = await paces(folder), await losses(folder)
    return Result("A tap in Telegram", _about(), (
        *_rates(rates),
        Row("the server's ceiling: one core, by its CPU time for a tap", f"{1 / rates[FLOOR].server:,.0f} taps/s",
            f"{rates[FLOOR].busy:.0%} of the core used with the floor, {rates[OURS].busy:.0%} with ours"),
        *(_waits(contender, pace) for contender, pace in rates.items()),
        *(_lost(contender, loss) for contender, loss in lost.items()),
    ))  # fmt: skip


def _rates(rates: Mapping[Contender, Pace]) -> list[Row]:
    ours = rates[OURS].taps
    rows = [Row(OURS.name, f"{ours:,.0f} taps/s", "1.00")]
    for peer, target in TARGETS.items():
        ratio = ours / rates[peer].taps
        said = f"ours is {ratio:.2f} of it"
        rows.append(Row(peer.name, f"{rates[peer].taps:,.0f} taps/s", said, f">= {target:g}", ratio >= target))
    return rows


def _waits(contender: Contender, pace: Pace) -> Row:
    return Row(
        f"tap to next scene, CPU, memory: {contender.name}",
        f"p50 {pace.p50 * 1000:.0f} ms, p99 {pace.p99 * 1000:.0f} ms; {pace.cpu * 1000:.2f} ms CPU a tap; "
        f"{pace.megabytes:.0f} MB",
    )


def _lost(contender: Contender, loss: Losses) -> Row:
    found = f"{loss.waiting} viewers left waiting, {loss.forgotten} of {loss.taps - loss.told} taps forgotten"
    if contender is not OURS:
        return Row(f"after kill -9: {contender.name}", found)
    kept = not loss.waiting and not loss.forgotten
    return Row(f"after kill -9: {contender.name}", found, "", "none of either", kept)


def _about() -> str:
    return (
        f"{VIEWERS} viewers in private chats, each tapping as soon as the next scene is there, on the project's own "
        f"Bot API server over real HTTP; best of {ROUNDS} rounds of {SECONDS} s. The same three calls for each tap. "
        "Pacing is off in ours, and the peers have none. Memory is of the process and its storage. Waits are those of "
        f"a crowd that never pauses. Below, kill -9 and a restart, {KILLED_VIEWERS} viewers."
    )


if __name__ == "__main__":
    conclude(measure())
