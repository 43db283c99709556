"""Walks over expression trees: child nodes, names bound and names read."""

from collections.abc import Iterator as Walk
from dataclasses import fields, replace
from functools import cache
from typing import cast, get_args

from orchestrator.compiler.expressions.ast import (
    ContextLiteral,
    Expression,
    Filter,
    For,
    FunctionLiteral,
    Iterator,
    Quantified,
    Variable,
)


def children(node: Expression | Iterator) -> Walk[Expression | Iterator]:
    """Yield the nodes directly below a node, in the order of the text."""
    for name in _field_names(type(node)):
        yield from _nodes(getattr(node, name))


def walk(node: Expression | Iterator) -> Walk[Expression | Iterator]:
    """Yield a node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def depth(node: Expression) -> int:
    """Count the levels of a tree, without recursion."""
    deepest = 0
    waiting: list[tuple[int, Walk[Expression | Iterator]]] = [(1, iter((node,)))]
    while waiting:
        level, nodes = waiting[-1]
        child = next(nodes, None)
        if child is None:
            waiting.pop()
        else:
            deepest = max(deepest, level)
            waiting.append((level + 1, children(child)))
    return deepest


def mentions(node: Expression, name: str) -> bool:
    """Tell whether a name occurs anywhere, bound or not."""
    return any(isinstance(part, Variable) and part.name == name for part in walk(node))


def free_names(node: Expression) -> frozenset[str]:
    """Names that the expression reads and does not bind itself: the process variables.

    A name inside a filter may belong to the filtered item or to the process; it counts.
    """
    return frozenset(_free(node, frozenset()))


def renamed(node: Expression, old: str, new: str) -> Expression:
    """Return the tree with another name in place of each variable of that name."""
    return cast("Expression", _renamed(node, old, new))


def _renamed(value: object, old: str, new: str) -> object:
    if isinstance(value, Variable):
        return Variable(new) if value.name == old else value
    if isinstance(value, tuple):
        return tuple(_renamed(item, old, new) for item in cast("tuple[object, ...]", value))
    if type(value) not in _NODES:
        return value
    node = cast("Expression | Iterator", value)
    return replace(node, **{name: _renamed(getattr(node, name), old, new) for name in _field_names(type(node))})


@cache  # asked for each node of each tree
def _field_names(node_type: type[Expression | Iterator]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(node_type))


def _nodes(value: object) -> Walk[Expression | Iterator]:
    if isinstance(value, tuple):
        for item in cast("tuple[object, ...]", value):
            yield from _nodes(item)
    elif type(value) in _NODES:
        yield cast("Expression | Iterator", value)


def _free(node: Expression | Iterator, bound: frozenset[str]) -> Walk[str]:
    match node:
        case Variable(name):
            if name not in bound:
                yield name
        case For(iterators, body) | Quantified(_, iterators, body):
            inner = bound | {"partial"} if isinstance(node, For) else bound
            for iterator in iterators:
                yield from _free(iterator, inner)
                inner |= {iterator.name}
            yield from _free(body, inner)
        case ContextLiteral(entries):
            for key, value in entries:
                yield from _free(value, bound)
                bound |= {key}
        case FunctionLiteral(parameters, body):
            yield from _free(body, bound | set(parameters))
        case Filter(subject, predicate):
            yield from _free(subject, bound)
            yield from _free(predicate, bound | {"item"})
        case _:
            for child in children(node):
                yield from _free(child, bound)


#: looked up by type: asking for instances of each in turn takes longer than the rest of a walk
_NODES = frozenset({*get_args(Expression), Iterator})
