"""What names stand for at one place of an expression."""

import re
from dataclasses import dataclass, replace

from orchestrator.compiler.expressions.emission.code import Code, Kind, field, invoke, quoted

_FOREIGN = re.compile(r"[^A-Za-z0-9_]")


@dataclass(frozen=True, slots=True)
class Local:
    """A name bound by the expression itself, and the JSONata variable that holds its value."""

    name: str
    variable: str


@dataclass(frozen=True, slots=True)
class Item:
    """The element that a filter looks at: `item`, and its entries by their bare names."""

    variable: str


@dataclass(frozen=True, slots=True)
class Scope:
    """The process variables at `root`, epoch milliseconds at `clock`, and the bindings around, innermost last."""

    root: str
    clock: str
    frames: tuple[Local | Item, ...] = ()
    input: str | None = None
    """JSONata for the value that unary tests are about."""

    def bind(self, name: str) -> tuple["Scope", str]:
        """Add a local name; return the inner scope and the JSONata variable."""
        variable = self._fresh(name)
        return replace(self, frames=(*self.frames, Local(name, variable))), variable

    def filter(self) -> tuple["Scope", str]:
        """Enter a filter; return the inner scope and the JSONata variable of its item."""
        variable = self._fresh("item")
        return replace(self, frames=(*self.frames, Item(variable))), variable

    def is_process_variable(self, name: str) -> bool:
        """Tell whether a name can only mean a process variable."""
        if self.input is not None and name == "?":
            return False
        return not any(isinstance(frame, Item) or frame.name == name for frame in self.frames)

    def local(self, name: str) -> str | None:
        """Return the JSONata variable that a name surely means."""
        frame = self.frames[-1] if self.frames else None
        for frame in reversed(self.frames):
            if isinstance(frame, Item):
                return frame.variable if name == "item" else None
            if frame.name == name:
                return frame.variable
        return None

    def resolve(self, name: str) -> Code:
        """Write the value of a name; it can be missing."""
        code = self._outermost(name)
        for frame in self.frames:
            match frame:
                case Local(bound, variable):
                    code = Code(variable) if bound == name else code
                case Item(variable):
                    code = (
                        Code(variable)
                        if name == "item"
                        else invoke("own", variable, quoted(name), code.text, kinds=code.kinds | Kind.ANY)
                    )
        return code

    def _outermost(self, name: str) -> Code:
        if self.input is not None and name == "?":
            return Code(self.input, Kind.JSON | Kind.MISSING)
        return Code(field(self.root, name), Kind.JSON | Kind.MISSING)

    def _fresh(self, name: str) -> str:
        base = "$" + _FOREIGN.sub("_", name).lstrip("_0123456789") + "_"
        taken = {frame.variable for frame in self.frames}
        candidates = (f"{base}{number or ''}" for number in range(len(taken) + 1))
        return next(candidate for candidate in candidates if candidate not in taken)
