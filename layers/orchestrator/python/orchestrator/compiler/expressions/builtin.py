"""The built-in functions: names and signatures (DMN 1.5, 10.3.4; what Camunda 8 and JUEL files use besides).

A signature is the parameters' names in order; a trailing `?` marks an optional one, `*` the last that repeats.
"""

from enum import StrEnum


class Builtin(StrEnum):
    """Name of a built-in function as FEEL writes it; names in braces are JUEL's and JSONata's own."""

    # conversion (10.3.4.1)
    NUMBER = "number"
    STRING = "string"
    DATE = "date"
    TIME = "time"
    DATE_AND_TIME = "date and time"
    DURATION = "duration"
    MONTHS_BETWEEN = "years and months duration"
    # boolean (10.3.4.2) and null
    IS_DEFINED = "is defined"
    GET_OR_ELSE = "get or else"
    # string (10.3.4.3)
    SUBSTRING = "substring"
    STRING_LENGTH = "string length"
    UPPER_CASE = "upper case"
    LOWER_CASE = "lower case"
    SUBSTRING_BEFORE = "substring before"
    SUBSTRING_AFTER = "substring after"
    REPLACE = "replace"
    CONTAINS = "contains"
    STARTS_WITH = "starts with"
    ENDS_WITH = "ends with"
    MATCHES = "matches"
    SPLIT = "split"
    STRING_JOIN = "string join"
    TRIM = "trim"
    # list (10.3.4.4)
    LIST_CONTAINS = "list contains"
    LIST_REPLACE = "list replace"
    COUNT = "count"
    MIN = "min"
    MAX = "max"
    SUM = "sum"
    MEAN = "mean"
    ALL = "all"
    ANY = "any"
    SUBLIST = "sublist"
    APPEND = "append"
    CONCATENATE = "concatenate"
    INSERT_BEFORE = "insert before"
    REMOVE = "remove"
    REVERSE = "reverse"
    INDEX_OF = "index of"
    UNION = "union"
    DISTINCT_VALUES = "distinct values"
    DUPLICATE_VALUES = "duplicate values"
    FLATTEN = "flatten"
    PRODUCT = "product"
    MEDIAN = "median"
    STDDEV = "stddev"
    MODE = "mode"
    SORT = "sort"
    IS_EMPTY = "is empty"
    PARTITION = "partition"
    # numeric (10.3.4.5)
    DECIMAL = "decimal"
    FLOOR = "floor"
    CEILING = "ceiling"
    ROUND_UP = "round up"
    ROUND_DOWN = "round down"
    ROUND_HALF_UP = "round half up"
    ROUND_HALF_DOWN = "round half down"
    ABS = "abs"
    MODULO = "modulo"
    SQRT = "sqrt"
    EXP = "exp"
    ODD = "odd"
    EVEN = "even"
    # context (10.3.4.10)
    GET_VALUE = "get value"
    GET_ENTRIES = "get entries"
    CONTEXT = "context"
    CONTEXT_PUT = "context put"
    CONTEXT_MERGE = "context merge"
    # temporal (10.3.4.7, 10.3.4.8)
    NOW = "now"
    TODAY = "today"
    DAY_OF_YEAR = "day of year"
    DAY_OF_WEEK = "day of week"
    MONTH_OF_YEAR = "month of year"
    WEEK_OF_YEAR = "week of year"
    LAST_DAY_OF_MONTH = "last day of month"
    # range (10.3.4.9)
    IS = "is"
    BEFORE = "before"
    AFTER = "after"
    MEETS = "meets"
    MET_BY = "met by"
    OVERLAPS = "overlaps"
    OVERLAPS_BEFORE = "overlaps before"
    OVERLAPS_AFTER = "overlaps after"
    FINISHES = "finishes"
    FINISHED_BY = "finished by"
    INCLUDES = "includes"
    DURING = "during"
    STARTS = "starts"
    STARTED_BY = "started by"
    COINCIDES = "coincides"
    # JUEL and JSONata
    EMPTY = "{empty}"
    SIZE = "{size}"


_BINARY_RANGE = (("a", "b"),)

SIGNATURES: dict[Builtin, tuple[tuple[str, ...], ...]] = {
    Builtin.NUMBER: (("from", "grouping separator?", "decimal separator?"),),
    Builtin.STRING: (("from",),),
    Builtin.DATE: (("from",), ("year", "month", "day")),
    Builtin.TIME: (("from",), ("hour", "minute", "second", "offset?")),
    Builtin.DATE_AND_TIME: (("from",), ("date", "time")),
    Builtin.DURATION: (("from",),),
    Builtin.MONTHS_BETWEEN: (("from", "to"),),
    Builtin.IS_DEFINED: (("value",),),
    Builtin.GET_OR_ELSE: (("value", "default"),),
    Builtin.SUBSTRING: (("string", "start position", "length?"),),
    Builtin.STRING_LENGTH: (("string",),),
    Builtin.UPPER_CASE: (("string",),),
    Builtin.LOWER_CASE: (("string",),),
    Builtin.SUBSTRING_BEFORE: (("string", "match"),),
    Builtin.SUBSTRING_AFTER: (("string", "match"),),
    Builtin.REPLACE: (("input", "pattern", "replacement", "flags?"),),
    Builtin.CONTAINS: (("string", "match"),),
    Builtin.STARTS_WITH: (("string", "match"),),
    Builtin.ENDS_WITH: (("string", "match"),),
    Builtin.MATCHES: (("input", "pattern", "flags?"),),
    Builtin.SPLIT: (("string", "delimiter"),),
    Builtin.STRING_JOIN: (("list", "delimiter?"),),
    Builtin.TRIM: (("string",),),
    Builtin.LIST_CONTAINS: (("list", "element"),),
    Builtin.LIST_REPLACE: (("list", "position", "newItem"), ("list", "match", "newItem")),
    Builtin.COUNT: (("list",),),
    Builtin.MIN: (("list",), ("list*",)),
    Builtin.MAX: (("list",), ("list*",)),
    Builtin.SUM: (("list",), ("list*",)),
    Builtin.MEAN: (("list",), ("list*",)),
    Builtin.ALL: (("list",), ("list*",)),
    Builtin.ANY: (("list",), ("list*",)),
    Builtin.SUBLIST: (("list", "start position", "length?"),),
    Builtin.APPEND: (("list", "item*"),),
    Builtin.CONCATENATE: (("list*",),),
    Builtin.INSERT_BEFORE: (("list", "position", "newItem"),),
    Builtin.REMOVE: (("list", "position"),),
    Builtin.REVERSE: (("list",),),
    Builtin.INDEX_OF: (("list", "match"),),
    Builtin.UNION: (("list*",),),
    Builtin.DISTINCT_VALUES: (("list",),),
    Builtin.DUPLICATE_VALUES: (("list",),),
    Builtin.FLATTEN: (("list",),),
    Builtin.PRODUCT: (("list",), ("list*",)),
    Builtin.MEDIAN: (("list",), ("list*",)),
    Builtin.STDDEV: (("list",), ("list*",)),
    Builtin.MODE: (("list",), ("list*",)),
    Builtin.SORT: (("list", "precedes?"),),
    Builtin.IS_EMPTY: (("list",),),
    Builtin.PARTITION: (("list", "size"),),
    Builtin.DECIMAL: (("n", "scale"),),
    Builtin.FLOOR: (("n", "scale?"),),
    Builtin.CEILING: (("n", "scale?"),),
    Builtin.ROUND_UP: (("n", "scale"),),
    Builtin.ROUND_DOWN: (("n", "scale"),),
    Builtin.ROUND_HALF_UP: (("n", "scale"),),
    Builtin.ROUND_HALF_DOWN: (("n", "scale"),),
    Builtin.ABS: (("n",),),
    Builtin.MODULO: (("dividend", "divisor"),),
    Builtin.SQRT: (("number",),),
    Builtin.EXP: (("number",),),
    Builtin.ODD: (("number",),),
    Builtin.EVEN: (("number",),),
    Builtin.GET_VALUE: (("m", "key"), ("context", "keys")),
    Builtin.GET_ENTRIES: (("m",), ("context",)),
    Builtin.CONTEXT: (("entries",),),
    Builtin.CONTEXT_PUT: (("context", "key", "value"), ("context", "keys", "value")),
    Builtin.CONTEXT_MERGE: (("contexts",), ("contexts*",)),
    Builtin.NOW: ((),),
    Builtin.TODAY: ((),),
    Builtin.DAY_OF_YEAR: (("date",),),
    Builtin.DAY_OF_WEEK: (("date",),),
    Builtin.MONTH_OF_YEAR: (("date",),),
    Builtin.WEEK_OF_YEAR: (("date",),),
    Builtin.LAST_DAY_OF_MONTH: (("date",),),
    Builtin.IS: (("value1", "value2"),),
    Builtin.BEFORE: _BINARY_RANGE,
    Builtin.AFTER: _BINARY_RANGE,
    Builtin.MEETS: _BINARY_RANGE,
    Builtin.MET_BY: _BINARY_RANGE,
    Builtin.OVERLAPS: _BINARY_RANGE,
    Builtin.OVERLAPS_BEFORE: _BINARY_RANGE,
    Builtin.OVERLAPS_AFTER: _BINARY_RANGE,
    Builtin.FINISHES: _BINARY_RANGE,
    Builtin.FINISHED_BY: _BINARY_RANGE,
    Builtin.INCLUDES: _BINARY_RANGE,
    Builtin.DURING: _BINARY_RANGE,
    Builtin.STARTS: _BINARY_RANGE,
    Builtin.STARTED_BY: _BINARY_RANGE,
    Builtin.COINCIDES: _BINARY_RANGE,
    Builtin.EMPTY: (("value",),),
    Builtin.SIZE: (("value",),),
}

LIST_OF_ARGUMENTS = frozenset(
    {
        Builtin.MIN,
        Builtin.MAX,
        Builtin.SUM,
        Builtin.MEAN,
        Builtin.ALL,
        Builtin.ANY,
        Builtin.PRODUCT,
        Builtin.MEDIAN,
        Builtin.STDDEV,
        Builtin.MODE,
        Builtin.CONTEXT_MERGE,
    }
)
"""Functions for which `f(a, b)` means `f([a, b])`."""
