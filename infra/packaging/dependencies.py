"""Builds `.build/layers/<platform>/python` from uv.lock: locked versions, verified hashes, wheels only."""

import compileall
import fcntl
import hashlib
import os
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.packaging import strip as stripping
from infra.packaging.platform import LayerPlatform, WheelTarget, wheel_target

_ROOT = Path(__file__).resolve().parents[2]
BUILD = _ROOT / ".build" / "layers"
#: Lambda's limit for function and layers together, unzipped (Lambda developer guide, "Quotas").
UNZIPPED_LIMIT = 250 * 1024 * 1024


class PackagingError(Exception):
    """The layer could not be built; the message is what the resolver said."""


@dataclass(frozen=True, slots=True)
class DependenciesLayer:
    """A built layer: its directory (holding `python/`) and the key of what it was built from."""

    directory: Path
    key: str


def build_dependencies(platform: LayerPlatform) -> DependenciesLayer:
    """The dependencies layer of a platform; built when the lock, the target or the stripping rules changed.

    Safe to call from several processes at once.

    Raises:
        PackagingError: a wheel is missing for the target, or the layer is over Lambda's size limit.
    """
    target, requirements = wheel_target(platform), _locked_requirements()
    layer = DependenciesLayer(BUILD / platform.value, _key(target, requirements))
    stamp = BUILD / f"{platform.value}.key"
    with _lock(BUILD / f"{platform.value}.lock"):
        if not (layer.directory.is_dir() and stamp.is_file() and stamp.read_text() == layer.key):
            stamp.unlink(missing_ok=True)
            _build(layer.directory, target, requirements)
            stamp.write_text(layer.key)
    return layer


def _build(directory: Path, target: WheelTarget, requirements: str) -> None:
    fresh = directory.with_name(f"{directory.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _install(fresh / "python", target, requirements)
    stripping.strip(fresh / "python")
    if target.is_this_interpreter:
        _compile(fresh / "python")
    total = stripping.size(fresh)
    if total > UNZIPPED_LIMIT:
        raise PackagingError(f"The dependencies layer has {total} bytes, more than Lambda's {UNZIPPED_LIMIT}")
    shutil.rmtree(directory, ignore_errors=True)
    fresh.rename(directory)
    print(f"dependencies layer for {target}: {total / 1024**2:.1f} MB unzipped", file=sys.stderr)


def _locked_requirements() -> str:
    """The product's dependencies as requirements with hashes, from uv.lock alone."""
    return _uv("export", "--frozen", "--no-default-groups", "--no-emit-project", "--no-header", "--no-annotate")


def _install(site: Path, target: WheelTarget, requirements: str) -> None:
    wheels = ["--python-version", target.python]
    wheels += ["--python-platform", target.platform] if target.platform else ["--python", sys.executable]
    listed = site.parent.with_suffix(".requirements")
    listed.parent.mkdir(parents=True, exist_ok=True)
    listed.write_text(requirements)
    exact = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--link-mode", "copy"]
    _uv("pip", "install", "--quiet", "--target", str(site), *wheels, *exact, "--requirement", str(listed))
    listed.unlink()


def _compile(site: Path) -> None:
    """Byte code that needs no source times: a worker starts without compiling anything, from any copy of the layer."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(site, quiet=2, invalidation_mode=mode, workers=1, stripdir=str(site))


def _key(target: WheelTarget, requirements: str) -> str:
    rules = "".join(Path(module).read_text() for module in (stripping.__file__, __file__) if module)
    return hashlib.sha256("\n".join((str(target), requirements, rules)).encode()).hexdigest()


def _uv(*arguments: str) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    uv = shutil.which("uv", path=path)
    if uv is None:
        raise PackagingError("uv is not installed beside the interpreter: run `make synth`")
    run = subprocess.run([uv, *arguments], cwd=_ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        raise PackagingError(f"uv {arguments[0]} failed: {run.stderr.strip()}")
    return run.stdout


@contextmanager
def _lock(path: Path) -> Generator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
