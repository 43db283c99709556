"""Expressions that a tool keeps as DMN: `<literalExpression><text>..</text></literalExpression>` in place of a text."""

from lxml import etree

#: what such a text is at least
_NAME = "literalExpression"


def unboxed(text: str, language: str | None) -> tuple[str, str | None]:
    """Return the text of a DMN literal expression and the language that it declares; any other text as it is."""
    if not text.startswith("<") or _NAME not in text or "<!" in text:
        return text, language
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError:
        return text, language
    if etree.QName(root).localname != _NAME:
        return text, language
    inner = next((child for child in root if etree.QName(child).localname == "text"), None)
    return ("" if inner is None else inner.text or "").strip(), root.get("expressionLanguage") or "feel"
