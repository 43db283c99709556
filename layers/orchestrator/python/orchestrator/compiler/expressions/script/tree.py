"""Expressions as those languages write them: the grammar is that of JUEL, the engines' objects are not."""

# ruff: noqa: D102 -- the grammar says what each of its alternatives is

from lark import Token

from orchestrator.compiler.expressions.ast import (
    Arithmetic,
    ArithmeticOperator,
    Coercion,
    Comparison,
    ComparisonOperator,
    Expression,
    Literal,
    Not,
    Property,
    Target,
    Variable,
)
from orchestrator.compiler.expressions.errors import unsupported
from orchestrator.compiler.expressions.juel.functions import kie_function
from orchestrator.compiler.expressions.juel.methods import method
from orchestrator.compiler.expressions.juel.tree import JuelTree

#: what engines call the object that knows the variables
EXECUTIONS = frozenset({"execution", "kcontext", "delegateExecution"})
#: the same of engines that run JavaScript: their variables are properties
_ENVIRONMENT = Variable("environment")
_KIE_FUNCTIONS = Variable("KieFunctions")
_VARIABLES = Property(_ENVIRONMENT, "variables")


class ScriptTree(JuelTree):
    """Builds nodes bottom-up, as `JuelTree` does."""

    def property(self, subject: Expression, name: Token) -> Expression:
        word = str(name.value)
        if subject == Variable("this"):
            return Variable(word)
        if subject == _VARIABLES:
            return Variable(word)
        if subject == _ENVIRONMENT and word == "variables":
            return _VARIABLES
        return super().property(subject, name)

    def method(self, subject: Expression, name: Token, *arguments: Expression) -> Expression:
        word, position = str(name.value), name.start_pos or 0
        if isinstance(subject, Variable) and subject.name in EXECUTIONS:
            return method(Variable("execution"), word, arguments, position)
        if subject == _KIE_FUNCTIONS:
            return kie_function(word, arguments, position)
        field = _field(word)
        if field is not None and not arguments and word != "isEmpty":
            return Property(subject, field)
        return method(subject, word, arguments, position)

    def function(self, name: Token, *arguments: Expression) -> Expression:
        match str(name.value), arguments:
            case "next", (Literal(None), outcome):  # the callback by which scripts of bpmn-engine answer
                return outcome
            case "String", (operand,):
                return Coercion(Target.TEXT, operand)
            case "Number", (operand,):
                return Coercion(Target.NUMBER, operand)
            case "Boolean", (operand,):
                return Coercion(Target.TRUTH, operand)
            case word, _:
                raise unsupported(f"{word}() is code of another engine", name.start_pos)

    def compared(self, left: Expression, operator: Token, right: Expression) -> Expression:
        """A text that was joined is no number, whatever `+` means in JUEL."""
        if _is_text(left) and operator.value in ("==", "!="):
            equal = Comparison(ComparisonOperator.EQUAL, left, right)
            return equal if operator.value == "==" else Not(equal)
        return super().compared(left, operator, right)

    def added(self, left: Expression, right: Expression) -> Expression:
        """`+` joins texts; of variables that could be either nobody knows."""
        if _is_text(left) or _is_text(right):
            joined = (Coercion(Target.TEXT, operand) for operand in (left, right))
            return Arithmetic(ArithmeticOperator.ADD, *joined)
        if isinstance(left, Variable | Property) and isinstance(right, Variable | Property):
            raise unsupported("whether this + adds or joins depends on the values")
        return super().added(left, right)


def _field(getter: str) -> str | None:
    """The field that a getter of a Java bean reads: `isDone`, `getName`."""
    for prefix in ("get", "is"):
        rest = getter.removeprefix(prefix)
        if rest != getter and rest[:1].isupper():
            return rest[:1].lower() + rest[1:]
    return None


def _is_text(node: Expression) -> bool:
    match node:
        case Literal(value):
            return isinstance(value, str)
        case Coercion(target, _):
            return target is Target.TEXT
        case Arithmetic(ArithmeticOperator.ADD, left, _):
            return _is_text(left)
        case _:
            return False
