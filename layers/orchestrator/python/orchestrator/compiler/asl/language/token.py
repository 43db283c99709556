"""JSONata for the token, the input and output of every state (docs/design-notes.md, section 2).

Each function returns JSONata text without delimiters; `query` adds them. Texts are total: they yield a value
for any token. Lists are built with array constructors, which flatten and keep lists of one element lists.
"""

import json
from collections.abc import Iterable, Mapping

INPUT = "$states.input"
VARIABLES = "$states.input.variables"
TRAIL = "$states.input.trail"
SCOPE = "$states.input.scope"
CLOCK = "$states.input.clock"
CAUSE = "$parse($states.errorOutput.Cause)"
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-.,:;/#[]()")


def query(text: str) -> str:
    """Return the text as a query of the machine."""
    return "{% " + text + " %}"


def quote(text: str) -> str:
    """Return a JSONata string literal."""
    return f"'{text}'" if _PLAIN.issuperset(text) else json.dumps(text)


def strings(texts: Iterable[str]) -> str:
    """Return a JSONata list of string literals."""
    return "[" + ", ".join(map(quote, texts)) + "]"


def extended_trail(passed: Iterable[str]) -> str:
    """Return the trail with the ids of nodes passed since."""
    return "[" + ", ".join([TRAIL, *map(quote, passed)]) + "]"


def changed(fields: Mapping[str, str], base: str = INPUT) -> str:
    """Return the token `base` with some fields replaced."""
    pairs = ", ".join(f"{quote(name)}: {text}" for name, text in fields.items())
    return f"$merge([{base}, {{{pairs}}}])" if fields else base


def occurrence(node_id: str) -> str:
    """Return the number of earlier entries of a node that lies on a cycle."""
    return f"$sum([$states.input.visits.`{node_id}`])"


def counted_visit(node_id: str) -> str:
    """Return the visits with one more entry of a node."""
    return f"$merge([$states.input.visits, {{{quote(node_id)}: {occurrence(node_id)} + 1}}])"


def inner_scope(element_id: str, occurrence_text: str | None) -> str:
    """Return the scope path of a scope or region that the token enters."""
    if occurrence_text is None:
        return f"{SCOPE} & {quote(f'/{element_id}#0')}"
    return f"{SCOPE} & {quote(f'/{element_id}#')} & $string({occurrence_text})"


def changes(local: Iterable[str] = ()) -> str:
    """Return the variables written since the innermost fork, as an object; `local` names stay inside."""
    names = strings(local)
    kept = "" if names == "[]" else f" and $not($k in {names})"
    return f"$merge([$sift({VARIABLES}, function($v, $k) {{ $k in $states.input.written{kept} }})])"


def all_changes() -> str:
    """Return the variables written since the outermost fork, as an object: what an abort hands to its catcher."""
    written = "[$states.input.outer, $states.input.written]"
    return f"$merge([$sift({VARIABLES}, function($v, $k) {{ $k in {written} }})])"


def fork_fields(scope: str | None, *, aborts: bool) -> dict[str, str]:
    """Return what changes when a token enters a `Parallel`; with a scope path of its own, visits begin anew."""
    fields = {"written": "[]"}
    if aborts:
        fields["outer"] = "[$states.input.outer, $states.input.written]"
    return fields if scope is None else fields | {"scope": scope, "visits": "{}"}


def merged_fields(passed: Iterable[str], *, concurrent: bool, results: str = "$states.result") -> dict[str, str]:
    """Return what changes when the branches of a `Parallel` have ended with `results`: later branches win."""
    fields = {
        "variables": f"$merge([{VARIABLES}, {results}.changes])",
        "clock": f"$max([{results}.clock])",
        "trail": "[" + ", ".join([f"{results}.trail", *map(quote, passed)]) + "]",
    }
    if concurrent:
        fields["written"] = f"$distinct([$states.input.written, {results}.written])"
    return fields


def caught(field: str, cause: str = CAUSE) -> str:
    """Return a field of a cause, else of that of the error just caught."""
    return f"{cause}.{field}"
