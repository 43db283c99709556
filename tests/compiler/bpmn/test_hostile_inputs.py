"""Inputs made to hurt: they are refused before they cost anything."""

import pytest

from orchestrator.compiler.bpmn.parse import parse
from tests.compiler.bpmn.models import process

BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]><lolz>&j;</lolz>"
)
EXTERNAL_DTD = '<!DOCTYPE a SYSTEM "http://169.254.169.254/latest/meta-data/"><a/>'
XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
PARAMETER_ENTITY = '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]><a/>'
ATTRIBUTE_ENTITY = '<!DOCTYPE a [<!ENTITY x "y">]><a b="&x;"/>'
COMMENTED = "<?pi?><!-- c --> <!-- d -->\n" + XXE


@pytest.mark.parametrize(
    "xml", [BILLION_LAUGHS, EXTERNAL_DTD, XXE, PARAMETER_ENTITY, ATTRIBUTE_ENTITY, COMMENTED, "<!DOCTYPE a><a/>"]
)
@pytest.mark.parametrize("encoding", [None, "utf-8", "utf-16", "utf-16-le"])
def test_document_types_are_forbidden(xml, encoding):
    root, findings = parse(xml if encoding is None else xml.encode(encoding))
    assert root is None
    assert findings[0].code == "XML_FORBIDDEN"


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "utf-32"])
def test_document_types_in_rare_encodings_are_refused(encoding):
    root, findings = parse(XXE.encode(encoding))
    assert root is None
    assert findings[0].code in {"XML_FORBIDDEN", "XML_MALFORMED"}


@pytest.mark.parametrize("depth", [201, 300, 10_000, 100_000])
def test_depth_bombs(depth):
    root, findings = parse(process("<subProcess>" * depth + "</subProcess>" * depth))
    assert root is None
    assert findings[0].code == "XML_TOO_DEEP"


def test_fifty_megabytes():
    root, findings = parse("<a>" + "x" * 50_000_000 + "</a>")
    assert root is None
    assert findings[0].code == "XML_TOO_LARGE"


def test_many_attributes_and_siblings_are_only_large():
    attributes = " ".join(f'a{i}="1"' for i in range(5000))
    root, findings = parse(process(f'<task id="A" {attributes}/>' + "<textAnnotation/>" * 20_000))
    assert findings == ()
    assert root is not None


def test_an_include_is_not_followed():
    xml = process('<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>')
    root, _ = parse(xml)
    assert root is not None
    assert "root:" not in "".join(root.itertext())
