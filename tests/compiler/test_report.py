"""A file has a bounded number of findings, and none that matters is lost."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.compiler.pipeline import compile_process
from orchestrator.compiler.report import FINDINGS_OMITTED, MOST_FINDINGS, limited
from orchestrator.diagnostics import Diagnostic, Severity, has_errors
from tests.compiler.bpmn.models import process

_findings = st.lists(st.sampled_from(Severity), max_size=12).map(
    lambda found: tuple(Diagnostic(f"C{number}", "", severity=severity) for number, severity in enumerate(found))
)


@given(_findings, st.integers(1, 12))
def test_the_gravest_findings_stay_in_their_order(found, most):
    kept = limited(found, most)
    if len(found) <= most:
        assert kept == found
        return
    *first, closing = kept
    rest = [finding for finding in found if finding not in first]
    assert first == [finding for finding in found if finding in first]
    assert len(first) == most
    assert closing.code == FINDINGS_OMITTED
    assert closing.message.startswith(f"{len(rest)} more")
    grave = list(Severity)
    assert max(grave.index(one.severity) for one in first) <= min(grave.index(one.severity) for one in rest)
    assert closing.severity == min((one.severity for one in rest), key=grave.index)
    assert has_errors(kept) is has_errors(found)


def test_a_file_with_thousands_of_mistakes_has_a_bounded_answer():
    compiled = compile_process(process("".join(f'<userTask id="t{number}"/>' for number in range(3000))))
    assert len(compiled.diagnostics) == MOST_FINDINGS + 1
    assert compiled.diagnostics[-1].code == FINDINGS_OMITTED
