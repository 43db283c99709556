"""Where the layers run: on Lambda, or in the interpreter of the local stack."""

import sys
from dataclasses import dataclass
from enum import StrEnum


class LayerPlatform(StrEnum):
    """Value of the variable `LAYER_PLATFORM`."""

    AWS = "aws"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class WheelTarget:
    """Which wheels fit: a Python version (`3.13`) and a platform name as uv spells it, "" for this machine."""

    python: str
    platform: str

    @property
    def is_this_interpreter(self) -> bool:
        """Whether the running interpreter may compile the byte code."""
        return self.python == f"{sys.version_info.major}.{sys.version_info.minor}"

    def __str__(self) -> str:
        return f"python{self.python}-{self.platform or sys.platform}"


_LAMBDA = WheelTarget("3.13", "aarch64-manylinux_2_28")


def wheel_target(platform: LayerPlatform) -> WheelTarget:
    """The wheels for a platform: python3.13 on arm64 for Lambda, those of this interpreter for the local stack."""
    if platform is LayerPlatform.AWS:
        return _LAMBDA
    return WheelTarget(f"{sys.version_info.major}.{sys.version_info.minor}", "")
