"""Assets of a CDK assembly: archives of directories and plain files, in the bucket that templates expect."""

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.local.settings import ACCOUNT, REGION

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FASTEST = 1


@dataclass(frozen=True, slots=True)
class Asset:
    """One asset in its destination."""

    source: Path
    is_directory: bool
    bucket: str
    key: str

    def content(self) -> bytes:
        """The bytes to upload."""
        return archive(self.source) if self.is_directory else self.source.read_bytes()


def assets_of(assembly: Path, stack: str) -> list[Asset]:
    """The assets that a stack's template refers to, the template among them."""
    manifest: dict[str, Any] = json.loads((assembly / f"{stack}.assets.json").read_text())
    return [
        Asset(
            source=assembly / file["source"]["path"],
            is_directory=file["source"].get("packaging") == "zip",
            bucket=_resolved(destination["bucketName"]),
            key=_resolved(destination["objectKey"]),
        )
        for file in manifest["files"].values()
        for destination in file["destinations"].values()
    ]


def _resolved(text: str) -> str:
    for name, value in (("AccountId", ACCOUNT), ("Region", REGION), ("Partition", "aws")):
        text = text.replace(f"${{AWS::{name}}}", value)
    return text


def upload(s3: Any, asset: Asset) -> bool:
    """Put the asset into its bucket unless it is there; whether it was put."""
    try:
        s3.head_object(Bucket=asset.bucket, Key=asset.key)
    except ClientError:
        s3.create_bucket(Bucket=asset.bucket)
        s3.put_object(Bucket=asset.bucket, Key=asset.key, Body=asset.content())
        return True
    return False


def archive(directory: Path, *, skipped: str | None = None) -> bytes:
    """A ZIP of the directory without folders named `skipped`: the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=_FASTEST) as zipped:
        for file in sorted(path for path in directory.rglob("*") if path.is_file() and skipped not in path.parts):
            info = zipfile.ZipInfo(str(file.relative_to(directory)), _EPOCH)
            info.external_attr = 0o644 << 16
            zipped.writestr(info, file.read_bytes(), zipfile.ZIP_DEFLATED, _FASTEST)
    return buffer.getvalue()
