"""The clip maker: draws and scores a clip for every scene of a story. Needs the optional extra `clips`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.story.story import Story


class MissingExtra(RuntimeError):
    """The clip maker needs Pillow, numpy and imageio-ffmpeg: install the extra with `pip install .[clips]`."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


def make_clips(
    story: Story, folder: Path, *, only: set[str] | None = None, report: Callable[[str], None] = print
) -> None:
    """Makes the clips that are missing or changed into `folder`; raises MissingExtra without the drawing packages."""
    try:
        from bot.clips.make.maker import make_clips as make
    except ImportError as error:
        raise MissingExtra from error
    make(story, folder, only=only, report=report)
