"""What the readers of one file share: its definitions, the ids given out so far, the findings."""

from collections import Counter
from dataclasses import dataclass, field

from orchestrator.compiler.bpmn.definitions import Definitions
from orchestrator.compiler.bpmn.elements import Element, local_name, reference
from orchestrator.compiler.bpmn.model import ElementId
from orchestrator.compiler.report import Report


@dataclass(slots=True)
class Reading:
    """State of one pass over a file."""

    definitions: Definitions
    dialect: str
    report: Report = field(default_factory=Report)
    lanes: dict[str, str] = field(default_factory=dict[str, str])
    _lines: dict[str, int | None] = field(default_factory=dict[str, "int | None"])
    _unnamed: Counter[str] = field(default_factory=Counter[str])

    def claim(self, element: Element) -> ElementId:
        """Return the element's id, or one generated from its kind and position (`task~2`: no XML id has a `~`)."""
        id_ = reference(element.get("id"))
        if id_ is None:
            kind = local_name(element)
            self._unnamed[kind] += 1
            id_ = f"{kind}~{self._unnamed[kind]}"
            self.report.warning(
                "MISSING_ID",
                f"A `{kind}` has no id; it is called '{id_}', which changes when the model does",
                element_id=id_,
                line=element.sourceline,
            )
        return self.claim_id(id_, element)

    def flow_id(self, source: str, target: str) -> str:
        """Return an id for a flow without one: `A~B` by its ends, `A~B~2` for the second with the same ends."""
        id_ = f"{source}~{target}"
        self._unnamed[id_] += 1
        return id_ if self._unnamed[id_] == 1 else f"{id_}~{self._unnamed[id_]}"

    def claim_id(self, id_: str, element: Element) -> ElementId:
        """Note that an element has this id; report the second one that does."""
        if id_ in self._lines:
            self.report.error(
                "DUPLICATE_ID",
                f"The id '{id_}' is used twice, first on line {self._lines[id_]}",
                element_id=id_,
                line=element.sourceline,
            )
        else:
            self._lines[id_] = element.sourceline
        return ElementId(id_)

    def is_free(self, id_: str) -> bool:
        """Tell whether no element had this id so far."""
        return id_ not in self._lines

    def dangling(self, element: Element, attribute: str, ref: str, consequence: str) -> None:
        """Report a reference to nothing that the model runs with all the same."""
        self.report.warning(
            "DANGLING_REFERENCE",
            f"{attribute} '{ref}' of `{local_name(element)}` names nothing: {consequence}",
            element_id=_owner_id(element),
            line=element.sourceline,
        )


def _owner_id(element: Element) -> str | None:
    """Return the id of the element, or of the nearest around it that has one."""
    here: Element | None = element
    while here is not None:
        if id_ := here.get("id"):
            return id_
        here = here.getparent()
    return None
