"""What the prover and random test plays say of a draft, as sheets; each finding can be played with one press."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.studio.sheet import Key, Line, Sheet, bold, code, counted, few, in_rows, line, quiet
from bot.studio.figures import Distribution, Figures, Hit
from bot.studio.portfolio import Mine
from bot.studio.proof import Found, Proof

MOST = 8
"""Findings told one by one; all are in the file that comes with them."""


def proof_sheet(mine: Mine, proof: Proof) -> Sheet:
    """What can and cannot happen."""
    head = line(bold(f"🔎 {mine.row.story}"), f" · draft {mine.draft.upload}: ", _verdict(proof))
    lines: list[Line] = [head, *_certainty(proof), *_figures(proof)]
    keys = []
    for number, found in enumerate(proof.found[:MOST]):
        lines.append(_finding(number, found))
        if found.link is not None:
            keys.append(Key(f"▶ {number + 1}", f"f {mine.row.story} {mine.draft.upload} {number}"))
    rest = len(proof.found[MOST:]) + proof.more
    if rest:
        lines.append(line(quiet(f"and {rest} more, in the file")))
    if keys:
        lines.append(line(quiet("▶ plays the shortest way to where it shows.")))
    document = (f"{mine.row.story}-findings.txt", _written(proof).encode()) if rest else None
    return Sheet(tuple(lines), in_rows(keys, 4), document=document)


def _written(proof: Proof) -> str:
    """Every finding with how to play there."""
    lines = []
    for number, found in enumerate(proof.found, 1):
        problem, sure = found.problem, "" if found.proven else " (sampled)"
        lines.append(f"{number}. {problem.severity} {problem.place} {problem.code} {problem.message}{sure}")
        lines += [f"   play: {' > '.join(found.way)}"] if found.way else []
    lines += [f"and {proof.more} more"] if proof.more else []
    return "\n".join(lines) + "\n"


def figures_sheet(mine: Mine, figures: Figures) -> Sheet:
    """What random plays came to, with the whole table as a file."""
    story = mine.row.story
    lines: list[Line] = [
        line(
            bold(f"🎲 {story}"),
            f" · draft {mine.draft.upload}: {counted(figures.plays, 'random play')}, seed {figures.seed}",
        ),
        *_endings(figures),
        *_spread("choices to the end", figures.lengths, 1),
        *_spread("minutes to the end", figures.seconds, 60),
        *_never("scenes", figures.scenes),
        *_never("choices", figures.choices),
        *_variables(figures),
    ]
    lines += [line(f"⚠️ {counted(one.plays, 'play')} stopped in ", code(one.scene), f": {one.outcome.value}")
              for one in figures.faults[:MOST]]  # fmt: skip
    rows = ((Key("🗺 Heat map", f"heat {story}"),),)
    return Sheet(tuple(lines), rows, document=(f"{story}-{figures.plays}-plays.csv", figures.csv.encode()))


def _verdict(proof: Proof) -> str:
    told = len(proof.found) + proof.more
    if not told:
        return "nothing is wrong"
    return counted(told, "finding") + (f", {counted(proof.errors, 'error')} among them" if proof.errors else "")


def _certainty(proof: Proof) -> Iterator[Line]:
    if proof.proven:
        yield line(quiet("Proven: this holds for every play there can be."))
    if not proof.back:
        yield line(quiet("What is found holds for plays in which nobody goes back: what is kept makes more possible."))
    for why in proof.why:
        yield line(quiet(f"Not all is proven: {why}"))
    if proof.unseen:
        yield line(quiet(f"Cuts at the bounds are not looked for in {few(proof.unseen)}."))


def _figures(proof: Proof) -> Iterator[Line]:
    """The shortest and the longest play, and the shortest running time to each ending."""
    figures = proof.figures
    longest = "without a longest play" if figures.longest is None else f"at most {figures.longest} choices long"
    yield line(quiet(f"{figures.states:,} states, {longest}"))
    for ending, choices in list(figures.shortest.items())[:MOST]:
        seconds = figures.seconds.get(ending)
        lasts = "" if seconds is None else f", {'at least' if figures.quickest else 'as little as'} {seconds:.0f} s"
        yield line(f"🏁 {ending}: after {choices} choices or more{lasts}")


def _finding(number: int, found: Found) -> Line:
    problem = found.problem
    sure = "" if found.proven else " (sampled)"
    mark = "❌" if problem.severity == "error" else "⚠️"
    return line(f"{number + 1}. {mark} ", code(str(problem.place)), f" {problem.code} {problem.message}{sure}")


def _endings(figures: Figures) -> Iterator[Line]:
    for scene, plays in sorted(figures.endings.items(), key=lambda one: -one[1])[:MOST]:
        yield line(f"🏁 {scene}: {100 * plays / figures.plays:.1f} %")


def _spread(name: str, found: Distribution | None, unit: float) -> Iterator[Line]:
    if found is not None:
        spread = found.spread
        least, middle, most = (f"{value / unit:.3g}" for value in (spread.least, spread.middle, spread.most))
        yield line(f"{name}: {least} to {most}, half within {middle}")


def _never(name: str, hits: tuple[Hit, ...]) -> Iterator[Line]:
    never = [one.id for one in hits if not one.plays]
    if never:
        yield line(f"{name} in no play: ", few(never))


def _variables(figures: Figures) -> Iterator[Line]:
    ranges = [f"{one.name} {one.least} to {one.most}" for one in figures.variables if one.least is not None]
    if ranges:
        yield line(quiet(few(ranges)))
