"""XML text to element tree: nothing is fetched, nothing expands, nothing is larger or deeper than allowed."""

import re
from dataclasses import dataclass
from functools import cache
from typing import cast

from lxml import etree

from orchestrator.compiler.bpmn.elements import BPMN_NAMESPACE, Element, bpmn, local_name
from orchestrator.diagnostics import Diagnostic

_FOREIGN_ROOTS = (
    ("http://schema.omg.org/spec/BPMN/2.0", "a draft of BPMN 2.0 from before its adoption"),
    ("http://bpmn.org/", "BPMN 1"),
    ("omg.org/spec/DMN/", "DMN, a decision model"),
    ("omg.org/spec/CMMN/", "CMMN, a case model"),
    ("wfmc.org/", "XPDL"),
    ("omg.org/spec/BPMN/20100524/DI", "a fragment of a BPMN diagram"),
    ("www.w3.org/1999/xhtml", "HTML"),
)
#: a document type declaration stands before the root element, after comments and processing instructions at most
_DOCTYPE = re.compile(rb"(?:[^<]|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
_ENTITY = re.compile(r"entity|entities", re.IGNORECASE)
_EXCESSIVE_DEPTH = re.compile(r"excessive depth|too deep", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a model may cost: bytes of XML, levels of nesting."""

    size: int = 5_000_000
    depth: int = 200


def parse(xml: str | bytes, limits: Limits | None = None) -> tuple[Element | None, tuple[Diagnostic, ...]]:
    """Parse a BPMN file and return its `definitions` element, or None and the reason.

    Bytes may be in UTF-8, UTF-16 or any encoding that they declare; what a `str` declares is ignored.
    Findings: XML_TOO_LARGE, XML_FORBIDDEN, XML_MALFORMED, XML_TOO_DEEP, NOT_BPMN, NO_PROCESS.
    """
    limits = limits or Limits()
    try:
        content = xml if isinstance(xml, bytes) else xml.removeprefix("\ufeff").encode()
    except UnicodeEncodeError:
        return _refused("XML_MALFORMED", "The text contains characters that no encoding has (lone surrogates)")
    if len(content) > limits.size:
        return _refused("XML_TOO_LARGE", f"The model has {len(content)} bytes; {limits.size} are allowed")
    # NULs are taken out to see through UTF-16 and UTF-32
    if _DOCTYPE.match(content.replace(b"\0", b"")):
        return _refused("XML_FORBIDDEN", "The file has a document type declaration (<!DOCTYPE>), which is not allowed")
    parser = etree.XMLParser(
        encoding=None if isinstance(xml, bytes) else "utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        return _unparsable(error, limits)
    except ValueError as error:
        return _refused("XML_MALFORMED", f"The text is not XML: {error}")
    return _accepted(root, limits)


def _accepted(root: Element, limits: Limits) -> tuple[Element | None, tuple[Diagnostic, ...]]:
    if cast("etree.DTD | None", root.getroottree().docinfo.internalDTD) is not None:
        return _refused("XML_FORBIDDEN", "The file has a document type declaration (<!DOCTYPE>), which is not allowed")
    if _reaches(limits.depth + 1)(root):
        return _refused("XML_TOO_DEEP", f"Elements are nested deeper than {limits.depth} levels")
    if root.tag != bpmn("definitions"):
        return _refused("NOT_BPMN", f"The root element is not BPMN 2.0 `definitions`: {_kind(root)}", root.sourceline)
    if root.find(bpmn("process")) is None:
        return _refused("NO_PROCESS", "The file defines no process", root.sourceline)
    return root, ()


@cache
def _reaches(level: int) -> etree.XPath:
    """Return the question whether elements are nested that deep.

    One step per level keeps it linear, where counting the ancestors of each element would not be.
    """
    return etree.XPath(f"boolean({'/*' * level})")


def _unparsable(error: etree.XMLSyntaxError, limits: Limits) -> tuple[None, tuple[Diagnostic, ...]]:
    text = error.msg or "the text is empty"
    if _EXCESSIVE_DEPTH.search(text):
        return _refused("XML_TOO_DEEP", f"Elements are nested deeper than {limits.depth} levels", error.lineno)
    if _ENTITY.search(text):
        return _refused("XML_FORBIDDEN", f"The file uses entities of its own: {text}", error.lineno)
    return _refused("XML_MALFORMED", f"The text is not well-formed XML: {text}", error.lineno)


def _kind(root: Element) -> str:
    namespace = root.tag[1:].partition("}")[0] if root.tag.startswith("{") else ""
    for part, name in _FOREIGN_ROOTS:
        if part in namespace:
            return f"`{local_name(root)}` is {name}"
    if namespace == BPMN_NAMESPACE:
        return f"`{local_name(root)}` is only a fragment of a BPMN file"
    place = f"in namespace {namespace}" if namespace else "without a namespace"
    return f"it is `{local_name(root)}` {place}"


def _refused(code: str, message: str, line: int | None = None) -> tuple[None, tuple[Diagnostic, ...]]:
    return None, (Diagnostic(code, message, line=line),)
