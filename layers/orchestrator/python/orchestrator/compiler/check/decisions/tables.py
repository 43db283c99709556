"""Decision tables as expressions (DMN 1.5, clause 8.2 and 8.3).

Inputs are evaluated once; the outputs of the rules that match make a list, in the order that the hit policy asks for;
the hit policy makes the result of the list. A violated policy (two matches under UNIQUE, different ones under ANY)
gives null.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import reduce

from orchestrator.compiler.bpmn.decisions.model import DecisionRule, DecisionTable, Output
from orchestrator.compiler.check.decisions.refusal import DecisionError, cell, feel
from orchestrator.compiler.expressions import Expression
from orchestrator.compiler.expressions.ast import (
    INPUT,
    NULL,
    And,
    Call,
    Comparison,
    ComparisonOperator,
    Conditional,
    ContextLiteral,
    Filter,
    Iterator,
    ListLiteral,
    Literal,
    Property,
    Quantified,
    Quantifier,
    Variable,
)
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.traversal import renamed


class HitPolicy(StrEnum):
    """How the rules that match make a result (DMN 1.5, 8.2.10)."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    ANY = "ANY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"


MULTIPLE = frozenset({HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER})
_BY_PRIORITY = frozenset({HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER})
_AGGREGATORS = {"SUM": Builtin.SUM, "MIN": Builtin.MIN, "MAX": Builtin.MAX, "COUNT": Builtin.COUNT}
_MATCHES = Variable("?matches")  # no name of FEEL begins with a question mark
_FIRST = Filter(_MATCHES, Literal(1))


def hit_policy_of(table: DecisionTable) -> HitPolicy:
    """Return the hit policy of a table; raises DecisionError where it is none of DMN's."""
    try:
        return HitPolicy(table.hit_policy)
    except ValueError:
        raise DecisionError(f"'{table.hit_policy}' is no hit policy of DMN") from None


def is_list(table: DecisionTable) -> bool:
    """Tell whether the result of a table is a list."""
    return hit_policy_of(table) in MULTIPLE and table.aggregation is None


def table_value(table: DecisionTable, name: str, *, rows: bool) -> Expression:
    """Return the value of a table; raises DecisionError.

    A match is the value of its output, or a context of several; with `rows` it is always a context, in which an
    output without a name is called `name`.
    """
    policy = hit_policy_of(table)
    _check_shape(table, policy)
    result, by_priority = _result(table, policy), policy in _BY_PRIORITY
    if table.aggregation is not None and rows:
        result = ContextLiteral(((table.outputs[0].name or name, result),))
    entries = rows and table.aggregation is None
    rules = _by_priority(table) if by_priority else table.rules
    default = _default(table, name, rows=entries)
    if default is not None:
        shown = ListLiteral((default,)) if is_list(table) else default
        result = Conditional(_count_is(0), shown, result)
    inputs = tuple((f"?input{n}", feel(one.expression, one.line)) for n, one in enumerate(table.inputs))
    matches = tuple(_match(table, rule, name, rows=entries) for rule in rules)
    bound = (*inputs, (_MATCHES.name, Call(Builtin.CONCATENATE, (ListLiteral(matches),))), ("?result", result))
    return Property(ContextLiteral(bound), "?result")


def _result(table: DecisionTable, policy: HitPolicy) -> Expression:
    if table.aggregation is not None:
        return Call(_AGGREGATORS[table.aggregation], (_MATCHES,))
    if policy in MULTIPLE:
        return _MATCHES
    if policy is HitPolicy.UNIQUE:
        return Conditional(_count_is(1), _FIRST, NULL)
    if policy is HitPolicy.ANY:
        same = Comparison(ComparisonOperator.EQUAL, Variable("?match"), _FIRST)
        return Conditional(Quantified(Quantifier.EVERY, (Iterator("?match", _MATCHES),), same), _FIRST, NULL)
    return _FIRST


def _count_is(number: int) -> Expression:
    return Comparison(ComparisonOperator.EQUAL, Call(Builtin.COUNT, (_MATCHES,)), Literal(number))


def _check_shape(table: DecisionTable, policy: HitPolicy) -> None:
    if not table.outputs:
        raise DecisionError("the decision table has no output")
    if len(table.outputs) > 1 and not all(output.name for output in table.outputs):
        raise DecisionError("each of several outputs needs a name")
    if table.aggregation is not None:
        if table.aggregation not in _AGGREGATORS or policy is not HitPolicy.COLLECT:
            raise DecisionError(f"'{table.aggregation}' is no aggregation of the hit policy {policy}")
        if len(table.outputs) > 1:
            raise DecisionError("several outputs cannot be aggregated")
    for rule in table.rules:
        if len(rule.tests) != len(table.inputs) or len(rule.entries) != len(table.outputs):
            raise DecisionError("the rule has not one entry per input and output", rule.line)


def _match(table: DecisionTable, rule: DecisionRule, name: str, *, rows: bool) -> Expression:
    """Return a list: of the rule's output, or empty where a test is not true."""
    tests = [
        renamed(cell(text, rule.line), INPUT.name, f"?input{n}")
        for n, text in enumerate(rule.tests)
        if text not in {"", "-"}
    ]
    entries = [feel(text, rule.line) if text else NULL for text in rule.entries]
    output = ListLiteral((_output(table.outputs, entries, name, rows=rows),))
    return Conditional(reduce(And, tests), output, ListLiteral(())) if tests else output


def _output(outputs: Sequence[Output], entries: Sequence[Expression], name: str, *, rows: bool) -> Expression:
    """Return the value of one match; each entry is a context of its own, so that none sees another."""
    if len(outputs) == 1 and not rows:
        return entries[0]
    named = zip(outputs, entries, strict=True)
    contexts = tuple(ContextLiteral(((output.name or name, entry),)) for output, entry in named)
    return contexts[0] if len(contexts) == 1 else Call(Builtin.CONTEXT_MERGE, (ListLiteral(contexts),))


def _default(table: DecisionTable, name: str, *, rows: bool) -> Expression | None:
    if table.aggregation is not None and table.outputs[0].default is not None:
        return feel(table.outputs[0].default, table.outputs[0].line)
    if not any(output.default for output in table.outputs):
        return None
    entries = [feel(output.default, output.line) if output.default else NULL for output in table.outputs]
    return _output(table.outputs, entries, name, rows=rows)


def _by_priority(table: DecisionTable) -> list[DecisionRule]:
    """Return the rules by falling priority of their outputs, the first output counting most."""
    allowed = [_allowed(output) for output in table.outputs]
    if not any(allowed):
        raise DecisionError(f"the hit policy {table.hit_policy} needs output values, by falling priority")
    return sorted(table.rules, key=lambda rule: _ranks(rule, allowed))


def _allowed(output: Output) -> tuple[Expression, ...]:
    values = feel(f"[{output.values}]", output.line) if output.values else ListLiteral(())
    return values.items if isinstance(values, ListLiteral) else ()


def _ranks(rule: DecisionRule, allowed: Sequence[tuple[Expression, ...]]) -> list[int]:
    return [_rank(text, values, rule.line) for text, values in zip(rule.entries, allowed, strict=True) if values]


def _rank(text: str, values: tuple[Expression, ...], line: int | None) -> int:
    entry = feel(text, line) if text else NULL
    if entry not in values:
        raise DecisionError(f"'{text}' is none of the output values that give the priority", line)
    return values.index(entry)
