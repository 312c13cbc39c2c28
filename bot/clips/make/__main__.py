"""`python -m bot.clips.make <story folder> [scene ...]`: makes what is missing or changed."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.clips.make import make_clips
from bot.story.reader import read_folder

if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    make_clips(read_folder(folder), folder, only=set(sys.argv[2:]) or None)
