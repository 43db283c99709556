"""The page at `/docs`: Swagger UI over our own `/openapi.json`; nothing comes from elsewhere, nothing is inline."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from orchestrator.api.responses import Response
from orchestrator.domain.errors import NotFound

_CARRIER: Final = "flask_swagger_ui"
#: files of Swagger UI that the page loads -> their media type
_ASSETS: Final = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}
_START: Final = "start.js"
_HEADERS: Final = {
    # Swagger UI sets styles of elements, and shows icons that its own style sheet holds
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_LASTING: Final = {"Cache-Control": "public, max-age=86400"}
_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Task Orchestrator API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_SCRIPT: Final = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#api",
  deepLinking: true,
  filter: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  validatorUrl: null,
});
"""


def page() -> Response:
    """The page; its links are relative, so that it works below any stage."""
    return Response(200, _PAGE, {**_HEADERS, **_LASTING, "Content-Type": "text/html; charset=utf-8"})


def asset(name: str) -> Response:
    """A file of the page.

    Raises:
        NotFound: it has none of this name.
    """
    if name == _START:
        return _file(_SCRIPT, "text/javascript; charset=utf-8")
    if name not in _ASSETS:
        raise NotFound("file", name)
    return _file((_folder() / name).read_text(encoding="utf-8"), _ASSETS[name])


def _file(text: str, kind: str) -> Response:
    return Response(200, text, {**_HEADERS, **_LASTING, "Content-Type": kind})


def _folder() -> Path:
    """Where the package's files are; it is not imported, as it would ask for its framework."""
    found = find_spec(_CARRIER)
    if found is None or found.origin is None:
        raise NotFound("file", _CARRIER)
    return Path(found.origin).parent / "dist"
