"""What a life wrote down before it ended: which events were sent and answered, which cards were shown."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Entry = dict[str, Any]


class Pen:
    """Appends to a journal. A line is one write to the kernel, so it is there whole even when we are killed next."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def write(self, kind: str, **entry: object) -> None:
        os.write(self._file, json.dumps({"kind": kind, **entry}).encode() + b"\n")
        os.fsync(self._file)


@dataclass(frozen=True, slots=True)
class Journal:
    """`sent` and `answered` by event id; `shown` by address, the parcels as they lay in the outbox."""

    sent: dict[str, Entry] = field(default_factory=dict)
    answered: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    shown: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    points: list[Entry] = field(default_factory=list)


def read_journal(path: Path) -> Journal:
    """The journal of all lives so far."""
    journal = Journal()
    for line in path.read_text().splitlines() if path.exists() else ():
        entry = json.loads(line)
        if entry["kind"] == "sent":
            journal.sent.setdefault(entry["id"], entry)
        elif entry["kind"] == "answered":
            journal.answered[entry["id"]].append(entry)
        elif entry["kind"] == "shown":
            journal.shown[entry["address"]].append(entry["parcel"])
        else:
            journal.points.append(entry)
    return journal
