"""The vaults that are held to the contract. A new kind joins by a line in `VAULTS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.clips.vault.bucket import BucketVault
from bot.clips.vault.folder import FolderVault
from bot.clips.vault.port import Vault
from tests.fakes.bucket import BucketServer, bucket_server

NewVault = Callable[[], Vault]

VAULTS = ("folder", "bucket")


@pytest.fixture(scope="session")
def server() -> Iterator[BucketServer]:
    """One for all tests of a file."""
    with bucket_server() as server:
        yield server


@pytest.fixture(params=VAULTS)
def new_vault(request: pytest.FixtureRequest, tmp_path: Path) -> NewVault:
    """Opens the same place anew, as another worker does."""
    if request.param == "folder":
        return lambda: FolderVault(tmp_path / "vault")
    bucket = request.getfixturevalue("server").new("drama/clips")
    return lambda: BucketVault(bucket)


@pytest.fixture
def vault(new_vault: NewVault) -> Vault:
    return new_vault()
