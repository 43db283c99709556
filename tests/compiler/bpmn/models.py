"""Small models for tests: the contents of a process become a file, and a file becomes the model."""

from orchestrator.compiler.bpmn.document import read_document
from orchestrator.compiler.bpmn.model import Document, FlowNode, ProcessModel
from orchestrator.compiler.bpmn.parse import parse
from orchestrator.diagnostics import Diagnostic

NAMESPACES = {
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
    "camunda": "http://camunda.org/schema/1.0/bpmn",
    "flowable": "http://flowable.org/bpmn",
    "activiti": "http://activiti.org/bpmn",
    "spiffworkflow": "http://spiffworkflow.org/bpmn/schema/1.0/core",
    "drools": "http://www.jboss.org/drools",
    "to": "urn:task-orchestrator:bpmn",
}


def definitions(body: str, *prefixes: str, attributes: str = "") -> str:
    declared = " ".join(f'xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in prefixes)
    return (
        f'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" {declared} {attributes}>{body}</definitions>'
    )


def process(body: str, *prefixes: str, roots: str = "") -> str:
    return definitions(f'{roots}<process id="p">{body}</process>', *prefixes)


def read(xml: str) -> tuple[Document, tuple[Diagnostic, ...]]:
    root, findings = parse(xml)
    assert root is not None, findings
    return read_document(root)


def read_process(body: str, *prefixes: str, roots: str = "") -> ProcessModel:
    document, findings = read(process(body, *prefixes, roots=roots))
    assert findings == (), findings
    return document.processes[0]


def read_node(body: str, *prefixes: str, roots: str = "") -> FlowNode:
    """Read one flow node, the first of the process."""
    return read_process(body, *prefixes, roots=roots).scope.nodes[0]


def codes(findings: tuple[Diagnostic, ...]) -> list[str]:
    return [finding.code for finding in findings]
