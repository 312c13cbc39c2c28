"""How large an upload may be. What unpacks is bounded before anything is unpacked."""

from bot.clips.vault.kept import LARGEST

MAX_UPLOAD_BYTES = 512 * 1024 * 1024
"""An upload as it is sent, and all that its zip unpacks to."""

MAX_CLIP_BYTES = LARGEST

MAX_ENTRIES = 5_000
"""Files and folders in a zip. A Mac writes each file twice, and a story has at most 2,000 scenes."""

MAX_DIRECTORY_BYTES = 1024 * 1024
"""The list of a zip's entries, which is read whole: some 200 bytes for each."""

MAX_RATIO = 100
"""How often an entry may hold what it takes in the zip. Stories reach about 10; only nothing at all reaches 1,000."""

MAX_RATIO_OF_ALL = 50

FREE_OF_RATIO = 4096
"""Bytes that may be as dense as they like: a short text of one letter is no harm."""

MAX_FOLDERS = 12
"""Folders inside one another, those included that a zip has around the story."""
