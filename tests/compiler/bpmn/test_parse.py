"""What is accepted as XML, and what is refused with which code."""

import pytest

from orchestrator.compiler.bpmn.document import read_document
from orchestrator.compiler.bpmn.parse import Limits, parse
from tests.compiler.bpmn.models import process

NAMES = '<task id="A" name="Prüfung 検査"/>'


def refusal(xml, limits=None):
    root, findings = parse(xml, limits)
    assert root is None
    assert len(findings) == 1
    return findings[0]


def name_read_from(xml):
    root, findings = parse(xml)
    assert findings == ()
    return read_document(root)[0].processes[0].scope.nodes[0].name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_bytes_in_unicode_encodings(encoding):
    declared = '<?xml version="1.0" encoding="UTF-16"?>' if encoding.startswith("utf-16") else '<?xml version="1.0"?>'
    text = declared + process(NAMES)
    content = text.encode(encoding)
    assert name_read_from(content) == "Prüfung 検査"


def test_bytes_in_a_declared_encoding():
    text = '<?xml version="1.0" encoding="windows-1252"?>' + process('<task id="A" name="Prüfung"/>')
    assert name_read_from(text.encode("windows-1252")) == "Prüfung"


@pytest.mark.parametrize("declared", ["UTF-8", "utf-16", "ISO-8859-1", "no-such-encoding"])
def test_what_a_text_declares_does_not_matter(declared):
    assert name_read_from(f'<?xml version="1.0" encoding="{declared}"?>' + process(NAMES)) == "Prüfung 検査"


def test_a_byte_order_mark_before_a_text():
    assert name_read_from("\ufeff" + process(NAMES)) == "Prüfung 検査"


def test_comments_and_processing_instructions_are_ignored():
    root, findings = parse("<!-- <!DOCTYPE x> --><?tool x?>" + process('<!-- c --><task id="A"/><?tool y?>'))
    assert findings == ()
    assert [node.id for node in read_document(root)[0].processes[0].scope.nodes] == ["A"]


def test_any_prefix():
    xml = """<q:definitions xmlns:q="http://www.omg.org/spec/BPMN/20100524/MODEL">
    <q:process id="p"><q:userTask id="A"/></q:process></q:definitions>"""
    document, findings = read_document(parse(xml)[0])
    assert findings == ()
    assert document.processes[0].scope.nodes[0].line == 2


@pytest.mark.parametrize(
    "xml",
    [
        "",
        " ",
        "{}",
        '{"bpmn": true}',
        "hello",
        "<foo //>",
        "<a><b></a>",
        "<a/><b/>",
        "\0",
        "<a>\0</a>",
        "<a b='\ud800'/>",
        b"\xff\xfe\x00",
        b"<a>\xff</a>",
        '<?xml version="1.0"?>',
        "<p:a/>",
        "<a>&#0;</a>",
        "<a>&undefined;</a>",
    ],
)
def test_not_xml(xml):
    assert refusal(xml).code in {"XML_MALFORMED", "XML_FORBIDDEN"}


def test_malformed_names_the_line():
    finding = refusal("<a>\n\n<b></c></a>")
    assert (finding.code, finding.line) == ("XML_MALFORMED", 3)


def test_wrong_encoding():
    text = '<?xml version="1.0" encoding="UTF-8"?>' + process('<task id="A" name="Prüfung"/>')
    assert refusal(text.encode("latin-1")).code == "XML_MALFORMED"


@pytest.mark.parametrize(
    ("xml", "hint"),
    [
        ("<html><body/></html>", "`html`"),
        ('<html xmlns="http://www.w3.org/1999/xhtml"/>', "HTML"),
        ('<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>', "DMN"),
        ('<definitions xmlns="http://www.omg.org/spec/DMN/20180521/MODEL/"/>', "DMN"),
        ('<definitions xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL"/>', "CMMN"),
        ('<Package xmlns="http://www.wfmc.org/2008/XPDL2.1"/>', "XPDL"),
        ('<definitions xmlns="http://schema.omg.org/spec/BPMN/2.0"/>', "draft"),
        ('<process xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="p"/>', "fragment"),
    ],
)
def test_other_kinds_of_xml_are_named(xml, hint):
    finding = refusal(xml)
    assert finding.code == "NOT_BPMN"
    assert hint in finding.message


def test_a_file_without_a_process():
    finding = refusal(
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><collaboration id="c"/></definitions>'
    )
    assert finding.code == "NO_PROCESS"


def test_size_is_counted_in_bytes():
    xml = process('<task id="A" name="€€€€€€€€"/>')
    size = len(xml.encode())
    assert refusal(xml, Limits(size=size - 1)).code == "XML_TOO_LARGE"
    assert parse(xml, Limits(size=size))[1] == ()


def test_depth():
    nested = "<subProcess id='{0}'>" * 50 + "</subProcess>" * 50
    xml = process(nested.replace("{0}", "s"))
    assert parse(xml, Limits(depth=52))[0] is not None
    assert refusal(xml, Limits(depth=51)).code == "XML_TOO_DEEP"
