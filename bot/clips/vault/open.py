"""From CLIPS_URL to a vault."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from bot.clips.vault.folder import FolderVault
from bot.clips.vault.kept import VaultError
from bot.clips.vault.port import Vault

BUCKET = "s3://"


def open_vault(
    url: str, endpoint: str | None = None, region: str | None = None, key_id: str | None = None, key: str | None = None
) -> Vault:
    """The vault that a folder's path or `s3://bucket/prefix` names; the rest is for a bucket. Raises `VaultError`."""
    if not url.startswith(BUCKET):
        return FolderVault(Path(url))
    # Loaded only where it is wanted: a bot with its clips in a folder need not have the library.
    try:
        from bot.clips.vault.bucket import Bucket, BucketVault
    except ModuleNotFoundError as error:
        if error.name != "obstore":
            raise
        raise VaultError(
            "CLIPS_URL names a bucket, and the library for it is not installed; "
            "install the extra: python -m pip install -c constraints.txt -e '.[s3]'."
        ) from None
    if (key_id is None) != (key is None):
        raise VaultError("CLIPS_S3_KEY_ID and CLIPS_S3_SECRET belong together; set both, or neither")
    parts = urlsplit(url)
    return BucketVault(Bucket(parts.netloc, parts.path.strip("/"), endpoint, region, key_id, key))
