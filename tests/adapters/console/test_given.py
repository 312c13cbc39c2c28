"""`check`, `prove`, `test` and `map` take what a creator would send: a zip, or a single file."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from tests.adapters.console.test_terminal import ROOT, run
from tests.adapters.console.test_trials import TRAP

DRAMA = ROOT / "stories" / "airlock-nine"


def packed(folder: Path, without: str = "") -> str:
    """The drama as a zip; `without` is a file that is missing in it."""
    file = folder / "airlock-nine.zip"
    with ZipFile(file, "w", ZIP_STORED) as zip:
        for path in DRAMA.rglob("*"):
            if path.name != without:
                zip.write(path, path.relative_to(DRAMA.parent))
    return str(file)


def test_a_packed_story_is_checked_as_its_folder_is(tmp_path: Path) -> None:
    there, sent = run(tmp_path, "check", str(DRAMA)), run(tmp_path, "check", packed(tmp_path))
    assert sent.returncode == there.returncode == 0, sent.stdout + sent.stderr
    assert "clips/clips.json is left out" in sent.stdout
    assert sent.stdout.splitlines()[-1] == there.stdout.splitlines()[-1]


def test_a_clip_that_is_not_in_the_zip_is_missed(tmp_path: Path) -> None:
    told = run(tmp_path, "check", packed(tmp_path, without="knock.mp4")).stdout
    assert "airlock-nine.zip/story.yaml" in told
    assert "STORY053" in told


def test_a_packed_story_is_played_and_drawn_as_its_folder_is(tmp_path: Path) -> None:
    sent = packed(tmp_path)
    maps: list[Path] = []
    for story in (str(DRAMA), sent):
        told = run(tmp_path, "test", story, "--plays", "100")
        assert "Running time" in told.stdout, told.stdout + told.stderr
        maps.append(tmp_path / f"{len(maps)}.svg")
        assert run(tmp_path, "map", story, "--out", str(maps[-1])).returncode == 0
    assert maps[0].read_bytes() == maps[1].read_bytes()


def test_a_single_file_is_a_story(tmp_path: Path) -> None:
    file = tmp_path / "Trap.txt"
    file.write_text(TRAP, "utf-16")
    told = run(tmp_path, "check", str(file))
    assert (told.returncode, "STORY050" in told.stdout) == (0, True), told.stdout + told.stderr
    assert "Trap.txt/story.yaml" in told.stdout


def test_what_is_no_story_is_refused_with_its_code(tmp_path: Path) -> None:
    file = tmp_path / "broken.zip"
    file.write_bytes(Path(packed(tmp_path)).read_bytes()[:-1])
    for command in (("check",), ("prove",), ("test",), ("map", "--out", str(tmp_path / "map.svg"))):
        told = run(tmp_path, *command, str(file))
        assert (told.returncode, "STORY093" in told.stdout) == (1, True), told.stdout + told.stderr


def test_schemas_beside_stories_are_passed_over_unless_one_is_meant(tmp_path: Path) -> None:
    several = sorted(map(str, (ROOT / "stories").iterdir()))
    schema = str(ROOT / "stories" / "story.schema.json")
    assert schema in several
    for command in ("check", "prove"):
        told = run(tmp_path, command, *several)
        assert (told.returncode, "STORY090" in told.stdout) == (0, False), told.stdout + told.stderr
        told = run(tmp_path, command, schema)
        assert (told.returncode, "STORY090" in told.stdout) == (1, True), told.stdout + told.stderr
    other = tmp_path / "tale.json"
    other.write_text("{}", "utf-8")
    assert "STORY090" in run(tmp_path, "check", *several, str(other)).stdout
