"""The parameters of `inputOutput`: a text, a script, a list or a map, as one source expression."""

from orchestrator.compiler.bpmn.elements import Element, local_name, text_of, value
from orchestrator.compiler.bpmn.model import SourceExpression


def parameter(element: Element) -> SourceExpression | None:
    """Return what an input or output parameter holds; lists and maps become FEEL lists and contexts."""
    line = element.sourceline
    child = next(iter(element), None)
    if child is None:
        return value(text_of(element), line)
    if local_name(child) == "script":
        return SourceExpression(text_of(child) or "", child.get("scriptFormat"), line)
    items = [_feel(value(text_of(item), item.sourceline)) for item in child]
    if local_name(child) == "list":
        return SourceExpression(f"=[{', '.join(items)}]", None, line)
    entries = [f"{_quoted(entry.get('key', ''))}: {item}" for entry, item in zip(child, items, strict=True)]
    return SourceExpression(f"={{{', '.join(entries)}}}", None, line)


def _feel(item: SourceExpression | None) -> str:
    """Write an item in FEEL: a string, or what stands between the braces of `${}`."""
    if item is None:
        return "null"
    if item.language is None and item.text.startswith(("${", "#{")) and item.text.endswith("}"):
        return item.text[2:-1].strip()
    return _quoted(item.text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
