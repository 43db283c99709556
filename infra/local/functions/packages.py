"""Unpacked function code and layers: each archive once, whoever uses it."""

import hashlib
import importlib.util
import io
import shutil
import threading
import zipfile
from pathlib import Path

#: what Lambda's Python runtimes bring with them
_SDK = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six")


class Packages:
    """A directory of unpacked archives; emptied at the start, so that nothing piles up."""

    def __init__(self, directory: Path) -> None:
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        self._directory = directory
        self._lock = threading.Lock()
        #: archives are the same objects from call to call: hashing each of them once is enough
        self._hashes: dict[int, tuple[bytes, str]] = {}
        self.sdk = self._link_sdk()

    def unpacked(self, archive: bytes) -> Path:
        """The directory that holds the archive's files; nothing in it lies outside of it."""
        with self._lock:
            target = self._directory / self.key(archive)
            if not target.is_dir():
                fresh = target.with_suffix(".new")
                with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
                    zipped.extractall(fresh)
                fresh.rename(target)
        return target

    def key(self, archive: bytes) -> str:
        """Identifies the archive's content."""
        known = self._hashes.get(id(archive))
        if known is None or known[0] is not archive:
            known = self._hashes[id(archive)] = (archive, hashlib.sha256(archive).hexdigest()[:24])
        return known[1]

    def _link_sdk(self) -> Path:
        """A directory with the AWS SDK and nothing else of this environment."""
        directory = self._directory / "sdk"
        directory.mkdir()
        for name in _SDK:
            spec = importlib.util.find_spec(name)
            if spec is not None and spec.origin is not None:
                origin = Path(spec.origin)
                source = origin.parent if origin.name == "__init__.py" else origin
                (directory / source.name).symlink_to(source)
        return directory
