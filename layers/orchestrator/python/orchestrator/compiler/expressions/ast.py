"""The one expression tree that FEEL, JUEL and JSONata are parsed into.

The meaning of a node is FEEL's (DMN 1.5, clause 10.3): three-valued logic, null for what has no value. What JUEL and
JSONata see differently stands in the tree as a node of its own (`Coercion`, `LooseComparison`, `Element`), so that
one emitter and one evaluator serve every language.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.temporal import Temporal


class ArithmeticOperator(StrEnum):
    """Operators on numbers, and where FEEL defines it on strings and temporal values."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    POWER = "**"
    REMAINDER = "%"


class ComparisonOperator(StrEnum):
    """Operators that yield true, false or null."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="


class Quantifier(StrEnum):
    """The two quantifiers of FEEL."""

    SOME = "some"
    EVERY = "every"


class Target(StrEnum):
    """What JUEL's or JSONata's implicit conversion makes of a value."""

    TRUTH = "truth"
    """EL boolean: true, or the text "true" in any case; everything else is false."""
    JSONATA_TRUTH = "jsonata truth"
    """JSONata's boolean(): what is empty, zero, null or missing is false."""
    NUMBER = "number"
    """EL number in a comparison: numbers and numeric text; everything else is null."""
    TERM = "term"
    """EL number in arithmetic: as NUMBER, but null and empty text are 0."""
    TEXT = "text"
    """EL string in a concatenation: null is empty text."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A JSON scalar."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class TemporalLiteral:
    """FEEL `@"2024-05-01"`."""

    value: Temporal


@dataclass(frozen=True, slots=True)
class Variable:
    """A name: of a local (`for`, `some`, parameter, context entry, filtered item) or else a process variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Property:
    """`subject.name`: of a context, of each element of a list, or of a temporal value."""

    subject: "Expression"
    name: str


@dataclass(frozen=True, slots=True)
class Element:
    """JUEL `subject[key]`: list element counted from 0, or entry of a map."""

    subject: "Expression"
    key: "Expression"


@dataclass(frozen=True, slots=True)
class Filter:
    """FEEL `subject[predicate]`: the elements that satisfy it, or the one at an index from 1 (from the end: -1)."""

    subject: "Expression"
    predicate: "Expression"


@dataclass(frozen=True, slots=True)
class Negation:
    """Arithmetic minus of a number or a duration."""

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left operator right`."""

    operator: ArithmeticOperator
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Comparison:
    """FEEL `left operator right`: null where the operands are of different kinds."""

    operator: ComparisonOperator
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class LooseComparison:
    """JUEL `left operator right` of operands whose kinds only the run shows: EL's conversions, true or false."""

    operator: ComparisonOperator
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class And:
    """Three-valued conjunction."""

    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Or:
    """Three-valued disjunction."""

    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Not:
    """Three-valued negation."""

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Membership:
    """FEEL `value in test`, where only the run shows whether the test is a list, a range or a value."""

    value: "Expression"
    test: "Expression"


@dataclass(frozen=True, slots=True)
class Conditional:
    """`if condition then consequent else alternative`; null counts as false."""

    condition: "Expression"
    consequent: "Expression"
    alternative: "Expression"


@dataclass(frozen=True, slots=True)
class Iterator:
    """`name in domain`: a list, or the integers or days from `domain` to `until`."""

    name: str
    domain: "Expression"
    until: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class For:
    """FEEL `for iterators return body`; `partial` holds the results so far."""

    iterators: tuple[Iterator, ...]
    body: "Expression"


@dataclass(frozen=True, slots=True)
class Quantified:
    """FEEL `some|every iterators satisfies condition`."""

    quantifier: Quantifier
    iterators: tuple[Iterator, ...]
    condition: "Expression"


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """`[a, b]`: a list of one stays a list."""

    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral:
    """`{key: value}`: an entry sees the entries before it."""

    entries: tuple[tuple[str, "Expression"], ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral:
    """`[low..high]`, `]low..high[`, `(< high)`: an end that is None is unbounded."""

    low: "Expression | None"
    high: "Expression | None"
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class FeelType:
    """A type by its FEEL name; `parameter` is the element type of a list or range."""

    name: str
    parameter: "FeelType | None" = None


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """FEEL `value instance of type`."""

    value: "Expression"
    type: FeelType


@dataclass(frozen=True, slots=True)
class Call:
    """Invocation of a built-in function; arguments by position, left-out optional ones are absent at the end."""

    function: Builtin
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class FunctionLiteral:
    """FEEL `function(a, b) body`, as argument of a built-in function."""

    parameters: tuple[str, ...]
    body: "Expression"


@dataclass(frozen=True, slots=True)
class Coercion:
    """An implicit conversion of JUEL or JSONata."""

    target: Target
    operand: "Expression"


Expression: TypeAlias = (
    Literal
    | TemporalLiteral
    | Variable
    | Property
    | Element
    | Filter
    | Negation
    | Arithmetic
    | Comparison
    | LooseComparison
    | And
    | Or
    | Not
    | Membership
    | Conditional
    | For
    | Quantified
    | ListLiteral
    | ContextLiteral
    | RangeLiteral
    | InstanceOf
    | Call
    | FunctionLiteral
    | Coercion
)

NULL = Literal(None)
INPUT = Variable("?")
"""The value that unary tests are about (DMN 1.5, 10.3.1.3: `?`)."""
