"""From the rules of the XPath grammar to nodes; comparisons convert as XPath does, which is as EL does."""

# ruff: noqa: D102 -- the grammar says what each of its alternatives is

from functools import reduce

from lark import Token

from orchestrator.compiler.expressions import ast
from orchestrator.compiler.expressions.ast import (
    Arithmetic,
    ArithmeticOperator,
    Call,
    Coercion,
    ComparisonOperator,
    Expression,
    Literal,
    Not,
    Property,
    Target,
    Variable,
)
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.errors import unsupported
from orchestrator.compiler.expressions.juel.comparisons import compared, numeric
from orchestrator.compiler.expressions.juel.comparisons import truth as told
from orchestrator.compiler.expressions.literals import number_of

#: BPMN 2.0.2, table 10.65 and those after it: functions whose argument names the data
_DATA = frozenset({"getDataObject", "getProcessProperty", "getActivityProperty", "getDataInput", "getDataOutput"})
_TESTS = {"contains": Builtin.CONTAINS, "starts-with": Builtin.STARTS_WITH}
_PARTS = {"substring-before": Builtin.SUBSTRING_BEFORE, "substring-after": Builtin.SUBSTRING_AFTER}


class XPathTree:
    """Builds nodes bottom-up; one method per alternative of the grammar."""

    def number(self, token: Token) -> Expression:
        return Literal(number_of(token.value, token.start_pos))

    def string(self, token: Token) -> Expression:
        return Literal(token.value[1:-1])

    def variable(self, name: Token) -> Expression:
        return Variable(str(name.value))

    def grouped(self, inner: Expression) -> Expression:
        return inner

    def step(self, subject: Expression, name: Token) -> Expression:
        return Property(subject, str(name.value))

    def negative(self, operand: Expression) -> Expression:
        return ast.Negation(numeric(operand))

    def added(self, left: Expression, right: Expression) -> Expression:
        return Arithmetic(ArithmeticOperator.ADD, numeric(left), numeric(right))

    def subtracted(self, left: Expression, right: Expression) -> Expression:
        return Arithmetic(ArithmeticOperator.SUBTRACT, numeric(left), numeric(right))

    def multiplied(self, left: Expression, right: Expression) -> Expression:
        return Arithmetic(ArithmeticOperator.MULTIPLY, numeric(left), numeric(right))

    def divided(self, left: Expression, right: Expression) -> Expression:
        return Arithmetic(ArithmeticOperator.DIVIDE, numeric(left), numeric(right))

    def remainder(self, left: Expression, right: Expression) -> Expression:
        return Arithmetic(ArithmeticOperator.REMAINDER, numeric(left), numeric(right))

    def compared(self, left: Expression, operator: Token, right: Expression) -> Expression:
        return compared(ComparisonOperator(operator.value), left, right)

    def conjoined(self, left: Expression, right: Expression) -> Expression:
        return ast.And(_truth(left), _truth(right))

    def disjoined(self, left: Expression, right: Expression) -> Expression:
        return ast.Or(_truth(left), _truth(right))

    def call(self, name: Token, *arguments: Expression) -> Expression:  # noqa: PLR0911 -- one per form
        function = name.value.rpartition(":")[2]
        match function, arguments:
            case _, (Literal(str() as data), *_) if function in _DATA:
                return Variable(data)
            case (("true" | "false"), ()):
                return Literal(value=function == "true")
            case "concat", (_, _, *_):
                return reduce(_joined, (Coercion(Target.TEXT, argument) for argument in arguments))
            case "count", (argument,):
                return Call(Builtin.GET_OR_ELSE, (Call(Builtin.COUNT, (argument,)), Literal(0)))
            case _, (argument,):
                return _of_one(function, argument, name)
            case _, (text, part) if function in _TESTS:
                return told(Call(_TESTS[function], (text, part)))
            case _, (text, part) if function in _PARTS:
                return Call(_PARTS[function], (text, part))
            case _:
                raise _unknown(name)


def _of_one(function: str, argument: Expression, name: Token) -> Expression:
    match function:
        case "floor" | "ceiling":
            return Call(Builtin(function), (numeric(argument),))
        case "not":
            return Not(_truth(argument))
        case "boolean":
            return _truth(argument)
        case "number":
            return numeric(argument)
        case "string":
            return Coercion(Target.TEXT, argument)
        case "string-length":
            return Call(Builtin.STRING_LENGTH, (Coercion(Target.TEXT, argument),))
        case _:
            raise _unknown(name)


def _truth(node: Expression) -> Expression:
    return Coercion(Target.JSONATA_TRUTH, node)


def _joined(left: Expression, right: Expression) -> Expression:
    return Arithmetic(ArithmeticOperator.ADD, left, right)


def _unknown(name: Token) -> Exception:
    return unsupported(f"the XPath function {name.value}() is not available with these arguments", name.start_pos)
