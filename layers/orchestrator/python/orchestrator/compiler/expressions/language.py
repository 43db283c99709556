"""Which language an expression is written in: by its marker, else by what the file declares."""

import re
from enum import StrEnum

from orchestrator.compiler.expressions.errors import ErrorCode, ExpressionError


class Language(StrEnum):
    """The languages that are translated."""

    FEEL = "feel"
    JUEL = "juel"
    JSONATA = "jsonata"
    SCRIPT = "script"
    """Java, MVEL, JavaScript or Groovy: what these write alike."""
    PYTHON = "python"
    """As SpiffWorkflow's models write it."""
    XPATH = "xpath"
    """XPath 1.0, and BPMN's functions for data in it."""
    BARE = "bare"
    """No marker and nothing declared: FEEL, or else the inside of `${...}`."""


_NAMES = {
    "feel": Language.FEEL,
    "juel": Language.JUEL,
    "uel": Language.JUEL,
    "el": Language.JUEL,
    "jsonata": Language.JSONATA,
    "java": Language.SCRIPT,
    "http://www.java.com/java": Language.SCRIPT,
    "mvel": Language.SCRIPT,
    "http://www.mvel.org/2.0": Language.SCRIPT,
    "javascript": Language.SCRIPT,
    "http://www.javascript.com/javascript": Language.SCRIPT,
    "ecmascript": Language.SCRIPT,
    "js": Language.SCRIPT,
    "groovy": Language.SCRIPT,
    "python": Language.PYTHON,
    "text/python": Language.PYTHON,
}
_FEEL_NAMESPACE = re.compile(r"https?://www\.omg\.org/spec/(?:FEEL|DMN)/", re.IGNORECASE)
_MARKED_JUEL = re.compile(r"[$#]\{")
_LOOKS_LIKE_XPATH = re.compile(r"//@|^\s*/")
#: axes lead through XML, which variables are not
_AXES = re.compile(r"//|@|::|^\s*/")
_TEXTS = re.compile(r"\"[^\"]*\"|'[^']*'")
_DATA_FUNCTIONS = re.compile(r"\bget(?:DataObject|ProcessProperty|ActivityProperty|DataInput|DataOutput)\s*\(\s*['\"]")
_SCRIPT = re.compile(r"===|!==|;\s*$|^\s*(?:return|var|let|const|def|import)\b|=>")


def detect(text: str, declared: str | None = None) -> Language | ExpressionError:
    """Tell the language of an expression.

    `declared` is the value of a `language` or `scriptFormat` attribute: a name or a URI. Many tools declare XPath in
    every file that they write and mean JUEL, so a marker in the text outweighs the XPath URI, and only that.
    """
    marked = _marked(text)
    name = (declared or "").strip()
    if not name:
        return marked or _unmarked(text)
    if _FEEL_NAMESPACE.match(name):
        return Language.FEEL
    if "xpath" in name.lower():
        return marked or _xpath(text)
    language = _NAMES.get(name.lower())
    return language or ExpressionError(
        ErrorCode.UNSUPPORTED_LANGUAGE,
        f'"{name}" cannot be run; write FEEL (=...), JUEL (${{...}}) or JSONata ({{% ... %}})',
    )


def _marked(text: str) -> Language | None:
    stripped = text.strip()
    if stripped.startswith("{%") and stripped.endswith("%}"):
        return Language.JSONATA
    if stripped.startswith("=") and not stripped.startswith("=="):
        return Language.FEEL
    return Language.JUEL if _MARKED_JUEL.search(stripped) else None


def _unmarked(text: str) -> Language | ExpressionError:
    if _LOOKS_LIKE_XPATH.search(text) or _DATA_FUNCTIONS.search(text):
        return _xpath(text)
    return Language.SCRIPT if _SCRIPT.search(text) else Language.BARE


def _xpath(text: str) -> Language | ExpressionError:
    if _AXES.search(_TEXTS.sub("", text)):
        return ExpressionError(
            ErrorCode.UNSUPPORTED_LANGUAGE,
            "XPath with axes leads through XML, but variables are JSON values; write FEEL (=...), JUEL (${...}) or "
            "JSONata ({% ... %})",
        )
    return Language.XPATH
