"""What the prover says of a draft, as a creator reads it: what is sure, what is not, and all of it in a file."""

from __future__ import annotations

from dataclasses import replace

from adapters.studio.findings import MOST, proof_sheet
from bot.play.dice import seeded
from bot.store.drafts import DraftRow, RoleRow
from bot.story.prover.prove import prove
from bot.studio.portfolio import Mine
from bot.studio.proof import Proof, proof_of
from tests.bot.story.draft import scenes

ROOMS = 12
TALE = scenes(
    "gate: {choices: {in: {label: In, to: hall}}}\nhall: {ending: {title: The hall, kind: happy}}\n"
    + "\n".join(f"room-{number}: {{choices: {{on: {{label: On, to: hall}}}}}}" for number in range(ROOMS))
)
DRAFT = Mine(RoleRow("tale", 1, "owner", 0), DraftRow("tale", 3, 1, 0, "{}", "{}"), TALE, None)


def proof(**changes: object) -> Proof:
    return replace(proof_of(TALE, prove(TALE, seeded(1, 0))), **changes)  # type: ignore[arg-type]


def test_more_findings_than_fit_are_in_a_file() -> None:
    found = proof()
    assert len(found.found) > MOST
    sheet = proof_sheet(DRAFT, found)
    assert f"and {len(found.found) - MOST} more, in the file" in sheet.text
    assert sheet.document is not None
    name, content = sheet.document
    assert name == "tale-findings.txt"
    told = content.decode()
    for number, one in enumerate(found.found, 1):
        assert f"{number}. {one.problem.severity} {one.problem.place} {one.problem.code}" in told


def test_few_findings_need_no_file() -> None:
    few = proof(found=proof().found[:MOST])
    assert proof_sheet(DRAFT, few).document is None


def test_what_is_not_sure_is_said() -> None:
    assert "nobody goes back" not in proof_sheet(DRAFT, proof()).text
    told = proof_sheet(DRAFT, proof(back=False, proven=False, why=("it has dice",), unseen=("coins",))).text
    assert "holds for plays in which nobody goes back" in told
    assert "Not all is proven: it has dice" in told
    assert "Cuts at the bounds are not looked for in coins." in told
    assert "Proven" not in told
