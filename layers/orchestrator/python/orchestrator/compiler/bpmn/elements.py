"""Reading single XML elements: names, texts, flags and expressions."""

import re
from typing import TypeAlias

from lxml.etree import _Element  # pyright: ignore[reportPrivateUsage]

from orchestrator.compiler.bpmn.boxed_texts import unboxed
from orchestrator.compiler.bpmn.model import LITERAL, VARIABLE, SourceExpression

BPMN_NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"

#: what lxml parses to
Element: TypeAlias = _Element

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_MARKED = re.compile(r"^\s*(=|\{%)|[$#]\{")
_ISO_8601 = re.compile(r"^(R\d*/|P(T|\d)|\d{4}-\d{2})")
_LIST_ITEM = re.compile(r"(?:[$#]\{[^}]*\}|[^,])+")


def bpmn(local: str) -> str:
    """Return the qualified name of a BPMN element, in the notation of lxml."""
    return f"{{{BPMN_NAMESPACE}}}{local}"


def local_name(element: Element) -> str:
    """Return the element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def bpmn_child(element: Element, local: str) -> Element | None:
    """Return the first BPMN child of this name, or None."""
    return next(element.iterchildren(f"{{{BPMN_NAMESPACE}}}{local}"), None) if len(element) else None


def text_of(element: Element | None) -> str | None:
    """Return all text below the element without the space around it; None where there is none."""
    if element is None:
        return None
    text = "".join(map(str, element.itertext())) if len(element) else element.text
    return (text or "").strip() or None


def name_of(element: Element) -> str | None:
    """Return the name attribute without the space around it; None where it is empty or absent."""
    return (element.get("name") or "").strip() or None


def flag(element: Element, attribute: str, *, default: bool) -> bool:
    """Return an xsd:boolean attribute; anything but its four lexical forms counts as absent."""
    text = element.get(attribute)
    return default if text is None else _BOOLEANS.get(text.strip(), default)


def reference(text: str | None) -> str | None:
    """Return a reference (QName or IDREF) without the space around it; None where it is empty or absent."""
    return (text or "").strip() or None


def condition(element: Element | None, default_language: str | None = None) -> SourceExpression | None:
    """Return an element's formal expression; None where it is empty (tFormalExpression, BPMN 8.4.7)."""
    text = text_of(element)
    if element is None or text is None:
        return None
    text, language = unboxed(text, element.get("language") or default_language)
    return SourceExpression(text, language, _line(element)) if text else None


def value(text: str | None, line: int | None = None, language: str | None = None) -> SourceExpression | None:
    """Return what a value field holds: an expression where it is marked as one, else a literal string.

    Marks are `=` (FEEL), `${}` and `#{}` (JUEL), `{% %}` (JSONata), or a declared language; an ISO 8601 date,
    duration or cycle is a literal whatever the file declares.
    """
    text = (text or "").strip()
    if not text:
        return None
    if _MARKED.search(text):
        return SourceExpression(text, language, line)
    if language is not None and not _ISO_8601.match(text):
        return SourceExpression(text, language, line)
    return SourceExpression(text, LITERAL, line)


def variable(text: str | None, line: int | None = None) -> SourceExpression | None:
    """Return what a field holds that names a variable, unless it is marked as an expression."""
    text = (text or "").strip()
    if not text:
        return None
    return SourceExpression(text, None if _MARKED.search(text) else VARIABLE, line)


def split_list(text: str) -> tuple[str, ...]:
    """Split a comma-separated list; a FEEL expression is one item, and so is each `${}`.

    >>> split_list("anna, ${managers(a, b)}")
    ('anna', '${managers(a, b)}')
    """
    if text.lstrip().startswith(("=", "{%")):
        return (text.strip(),)
    return tuple(item.strip() for item in _LIST_ITEM.findall(text) if item.strip())


def _line(element: Element) -> int | None:
    return element.sourceline
