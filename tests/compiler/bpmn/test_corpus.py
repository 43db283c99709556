"""The real files: each is read, or refused for a reason that stands here."""

import json
from pathlib import Path

import pytest

from orchestrator.compiler.bpmn.document import read_document
from orchestrator.compiler.bpmn.parse import parse
from orchestrator.compiler.bpmn.selection import select_process
from orchestrator.compiler.check.checking import check_process
from orchestrator.compiler.check.view import view_process
from orchestrator.diagnostics import has_errors

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "bpmn"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.exists(), reason="the real BPMN files (../shared/bpmn) are not beside the checkout"),
]
MANIFEST = json.loads((CORPUS / "manifest.json").read_text()) if CORPUS.exists() else []

#: file -> (code, why no engine could run it either)
UNREADABLE = {
    "s138": ("NOT_BPMN", "one shape of a diagram"),
    "s139": ("NOT_BPMN", "one extension element"),
    "s140": ("XML_MALFORMED", "eight bytes of no XML"),
    "s141": ("XML_MALFORMED", "a prefix without a namespace"),
    "s142": ("XML_MALFORMED", "an empty file"),
    "s143": ("XML_MALFORMED", "an unclosed tag"),
    "s144": ("XML_MALFORMED", "several root elements"),
    "s145": ("XML_MALFORMED", "an attribute without quotes"),
    "s147": ("XML_MALFORMED", "a namespace declared twice"),
    "s148": ("NOT_BPMN", "the namespace of a draft of BPMN 2.0"),
    "s149": ("XML_MALFORMED", "a prefix without a namespace"),
}
#: files with several processes none of which is more the one to run than the others: the first is taken
SEVERAL = {"s005", "s006", "s007", "s008", "s130", "s131"}
#: what a file leaves open that no engine can guess
UNFINISHED = {
    "TIMER_INCOMPLETE": "a timer without a time",
    "TIMER_MALFORMED": "a time in no known notation",
    "CONDITION_EVENT_INCOMPLETE": "a conditional event without a condition",
    "MULTI_INSTANCE_INCOMPLETE": "how many instances",
    "CALLED_ELEMENT_MISSING": "what is called",
    "EVENT_UNDEFINED": "what is waited for",
    "EVENT_SUB_PROCESS_START": "what starts an event sub-process",
    "LINK_WITHOUT_TARGET": "where a link leads",
    "EVENT_MISPLACED": "an escalation that starts a process",
    "CANCEL_OUTSIDE_TRANSACTION": "a cancel event without a transaction",
    "COMPLEX_GATEWAY": "an activation rule",
}
TIMER, CONDITION, LINK = "TIMER_INCOMPLETE", "CONDITION_EVENT_INCOMPLETE", "LINK_WITHOUT_TARGET"
INSTANCES, COMPLEX, WAITING = "MULTI_INSTANCE_INCOMPLETE", "COMPLEX_GATEWAY", "EVENT_UNDEFINED"
PALETTE = {TIMER, CONDITION, COMPLEX, WAITING, "CALLED_ELEMENT_MISSING", "EVENT_SUB_PROCESS_START"}
#: file -> what keeps its processes from running; most are drawings, collections of all elements, or tests of linters
NOT_RUNNABLE = {
    "s007": {TIMER},
    "s008": {TIMER, CONDITION, INSTANCES},
    "s009": {TIMER},
    "s015": {TIMER},
    "s016": {INSTANCES},
    "s027": {"EVENT_MISPLACED"},
    "s034": {LINK},
    "s040": {TIMER, CONDITION, INSTANCES, COMPLEX, LINK, "CALLED_ELEMENT_MISSING", "CANCEL_OUTSIDE_TRANSACTION"},
    "s041": {"TIMER_MALFORMED"},
    "s045": {TIMER},
    "s046": {WAITING},
    "s048": {TIMER},
    "s049": PALETTE | {LINK},
    "s050": PALETTE,
    "s051": {LINK},
    "s061": {"TIMER_MALFORMED"},
    "s095": {COMPLEX},
    "s096": {WAITING},
    "s121": {"EVENT_SUB_PROCESS_START"},
    "s129": {"EVENT_SUB_PROCESS_START"},
    "s130": {LINK},
    "s135": {LINK},
}


def content(entry):
    return (CORPUS / entry["file"]).read_bytes()


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["id"])
def test_every_file_is_read_or_refused_for_a_known_reason(entry):
    root, findings = parse(content(entry))
    if entry["id"] in UNREADABLE:
        assert [finding.code for finding in findings] == [UNREADABLE[entry["id"]][0]]
        return
    assert findings == ()
    document, findings = read_document(root)
    assert not has_errors(findings), findings
    process, findings = select_process(document)
    assert process is not None
    chance = [finding for finding in findings if (finding.code, finding.severity) == ("OTHER_PROCESSES", "warning")]
    assert bool(chance) == (entry["id"] in SEVERAL), findings
    errors = {
        finding.code
        for process in document.processes
        for finding in check_process(view_process(process, document))
        if has_errors([finding])
    }
    assert errors == NOT_RUNNABLE.get(entry["id"], set())
    assert errors <= UNFINISHED.keys()


@pytest.mark.parametrize("entry", [e for e in MANIFEST if e.get("nodes")], ids=lambda entry: entry["id"])
def test_no_flow_node_is_lost(entry):
    root, _ = parse(content(entry))
    if root is None:
        assert entry["id"] in UNREADABLE
        return
    document, _ = read_document(root)
    nodes = [node for process in document.processes for node in process.scope.walk()]
    flows = [flow for process in document.processes for scope in scopes(process.scope) for flow in scope.flows]
    assert len(nodes) == entry["nodes"]
    assert len(flows) == entry["features"].get("sequenceFlow", 0)


def scopes(scope):
    yield scope
    for node in scope.nodes:
        if node.scope is not None:
            yield from scopes(node.scope)


@pytest.mark.parametrize("entry", [e for e in MANIFEST if e["id"] not in UNREADABLE], ids=lambda entry: entry["id"])
def test_prefixes_do_not_matter(entry):
    """The same file with every BPMN element in the default namespace, or none of them, is the same model."""
    root, _ = parse(content(entry))
    document, findings = read_document(root)
    again, findings_again = read_document(parse(renamed(content(entry)))[0])
    assert stripped(again) == stripped(document)
    assert [f.code for f in findings] == [f.code for f in findings_again]


def renamed(xml):
    from lxml import etree

    bpmn = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    old = etree.fromstring(xml, etree.XMLParser(remove_comments=True, remove_pis=True))
    others = {prefix: uri for prefix, uri in old.nsmap.items() if uri != bpmn and prefix}
    new = etree.Element(old.tag, attrib=dict(old.attrib), nsmap={**others, "quite-another": bpmn})
    new.extend(list(old))
    etree.cleanup_namespaces(new, keep_ns_prefixes=list(others))
    return etree.tostring(new)


def stripped(document):
    """The model without line numbers, which serialising moves."""
    import re

    return re.sub(r"line=(None|\d+)", "", repr(document))
