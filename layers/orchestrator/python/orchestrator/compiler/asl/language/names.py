"""Names of states: what a person reads in the console.

    Approve request                      the element's name
    Approve request [Task_2]             with its id, where several elements of the process have that name
    Approve request: in time?            what a further state of the element does
    Approve request #2                   a copy of the same element

At most 80 characters (an ASL limit), no control characters, the same after edits of other elements.
"""

from collections.abc import Mapping
from hashlib import sha256

from orchestrator.compiler.asl.language.program import Label, Program
from orchestrator.compiler.asl.language.states import Key
from orchestrator.compiler.bpmn.model import FlowNode

LIMIT = 80
_FORBIDDEN = frozenset('"#%\\^|~`$&,;:/{}<>?*')


def name_states(program: Program) -> Mapping[Key, str]:
    """Return a name for every labelled key, unique in the whole machine."""
    shared = _shared_names(program)
    taken: set[str] = set()
    names: dict[Key, str] = {}
    for key, label in program.labels.items():
        name = _fitted(_base(label, shared))
        count = 1
        while (numbered := name if count == 1 else _fitted(f"{name} ({count})")) in taken:
            count += 1
        taken.add(numbered)
        names[key] = numbered
    return names


def _base(label: Label, shared: set[str]) -> str:
    if label.element is None:
        return label.purpose or "Split"  # a scope without a start event begins at several places at once
    name = _plain(label.element)
    subject = f"{name} [{label.element.id}]" if name in shared and name != label.element.id else name
    return f"{subject} - {label.purpose}" if label.purpose else subject


def _plain(element: FlowNode) -> str:
    text = element.name or ""
    if not (text.isprintable() and _FORBIDDEN.isdisjoint(text)):
        text = "".join(_readable(character) for character in text)
    return " ".join(text.split()) or element.id


def _readable(character: str) -> str:
    return character if character.isprintable() and character not in _FORBIDDEN else " "


def _shared_names(program: Program) -> set[str]:
    """Return the names that more than one element has."""
    owners: dict[str, str] = {}
    shared: set[str] = set()
    for element in program.process.scope.walk():
        name = _plain(element)
        if owners.setdefault(name, element.id) != element.id:
            shared.add(name)
    return shared | {"Start", "Complete"}


def _fitted(name: str) -> str:
    """Shorten a name; what is cut off stays distinct through a digest."""
    if len(name) <= LIMIT:
        return name
    digest = sha256(name.encode()).hexdigest()[:8]
    return f"{name[: LIMIT - 9].rstrip()} {digest}"
