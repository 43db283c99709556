"""Runs that end by themselves."""

from tests.execution.conformance.machines import Case, call, catch, chain, fail, give, machine, parallel

_FIX = {"Caught": give("{% $states.input %}")}
_BOOM = parallel(chain(F=fail("boom", "inner")), chain(W={"Type": "Wait", "Seconds": 3600}))


def _map(items: object, body: dict, **more: object) -> dict:
    return {"Type": "Map", "Items": items, "ItemProcessor": body, **more}


CASES: dict[str, Case] = {
    # data
    "pass hands its input on": Case(machine(P={"Type": "Pass"}), {"a": None}, {"a": None}),
    "output replaces the input": Case(machine(P=give({"x": "{% $states.input.a %}"})), {"a": [1]}, {"x": [1]}),
    "null is a value": Case(machine(P=give("{% $states.input.a %}")), {"a": None}, None),
    "whole numbers are integers": Case(machine(P=give("{% 3 * 1.5 + 0.5 %}")), output=5),
    "text is data, never syntax": Case(
        machine(A={"Type": "Pass", "Assign": {"v": "{% $states.input.t %}"}}, B=give("{% $v %}")),
        {"t": 'say "no" \\ \n {% 1 %}'},
        'say "no" \\ \n {% 1 %}',
        moto_differs="pastes variables into the expression without escaping them",
    ),
    "assign sees the values from before": Case(
        machine(
            A={"Type": "Pass", "Assign": {"a": 1, "b": 2}},
            B=give("{% [$a, $b] %}", Assign={"a": "{% $b %}", "b": "{% $a %}"}),
            C=give({"old": "{% $states.input %}", "new": "{% [$a, $b] %}"}),
        ),
        output={"old": [1, 2], "new": [2, 1]},
        moto_differs="evaluates Output after Assign",
    ),
    "an undefined value is an error": Case(
        machine(P=give("{% $states.input.nothing %}")), error="States.QueryEvaluationError"
    ),
    "a failing expression is an error": Case(
        machine(P=give("{% 'a' + 1 %}")), error="States.QueryEvaluationError", moto_differs="reports States.Runtime"
    ),
    "the context object": Case(
        machine(
            P=give(
                "{% [$states.context.Execution.Input.k, $states.context.State.Name, $states.context.Execution.Name] %}"
            )
        ),
        {"k": 7},
        [7, "P", "run"],
    ),
    "functions of step functions": Case(
        machine(P=give("{% [$range(1, 5, 2), $partition([1,2,3], 2), $parse('{\"a\":[1]}').a, $length($uuid())] %}")),
        output=[1, 3, 5, [1, 2], [3], 1, 36],
        moto_differs="has no $uuid",
    ),
    # choice
    "choice takes the first rule that holds": Case(
        machine(
            C={
                "Type": "Choice",
                "Choices": [
                    {"Condition": "{% $states.input.n > 5 %}", "Next": "Big"},
                    {"Condition": "{% $states.input.n > 1 %}", "Next": "Mid", "Output": "{% $states.input.n %}"},
                ],
                "Default": "Small",
            },
            Big={"Type": "Fail"},
            Mid={"Type": "Succeed"},
            Small={"Type": "Fail"},
        ),
        {"n": 3},
        3,
    ),
    "no rule and no default": Case(
        machine(C={"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "S"}]}, S={"Type": "Succeed"}),
        error="States.NoChoiceMatched",
        moto_differs="reports States.Runtime",
    ),
    "a condition must be a boolean": Case(
        machine(C={"Type": "Choice", "Choices": [{"Condition": "{% 1 %}", "Next": "S"}]}, S={"Type": "Succeed"}),
        error="States.QueryEvaluationError",
        moto_differs="reports States.Runtime",
    ),
    "choice with assign": Case(
        machine(
            C={"Type": "Choice", "Choices": [{"Condition": "{% true %}", "Next": "S", "Assign": {"v": 4}}]},
            S={"Type": "Succeed", "Output": "{% $v %}"},
        ),
        output=4,
    ),
    # fail
    "fail names its error": Case(
        machine(F=fail("E.mine", "{% 'because ' & $states.input.w %}")), {"w": "x"}, error="E.mine", cause="because x"
    ),
    "fail without a name": Case(machine(F={"Type": "Fail"})),
    # tasks
    "a function's result": Case(machine(T=call("echo", {"n": "{% $states.input.n %}"})), {"n": 2}, {"n": 2}),
    "an error is named by the exception": Case(machine(T=call("too_high")), error="TooHighError"),
    "a function that does not exist": Case(
        machine(T=call("nobody")),
        error="Lambda.ResourceNotFoundException",
    ),
    "catch by the exception's name": Case(
        machine(
            T=call("too_high", Catch=catch("TooHighError", then="Caught", Output="{% $states.errorOutput.Error %}")),
            **_FIX,
        ),
        output="TooHighError",
    ),
    "catch in document order": Case(
        machine(
            T=call(
                "too_high",
                Catch=[*catch("Other", then="A"), *catch("States.ALL", then="B"), *catch("TooHighError", then="C")],
                End=True,
            ),
            A=give("a", End=True),
            B=give("b", End=True),
            C=give("c", End=True),
        ),
        output="b",
    ),
    "catch with output and assign": Case(
        machine(
            T=call(
                "too_high",
                Catch=catch(
                    "States.TaskFailed",
                    then="Caught",
                    Output="{% $states.errorOutput.Error %}",
                    Assign={"v": "{% $states.input.k %}"},
                ),
            ),
            Caught=give("{% [$states.input, $v] %}"),
        ),
        {"k": 1},
        ["TooHighError", 1],
    ),
    "a bad output is caught as well": Case(
        machine(
            T=call(
                "echo",
                1,
                Output="{% $states.result.nothing %}",
                Catch=catch("States.QueryEvaluationError", then="Caught", Output="{% $states.errorOutput.Error %}"),
            ),
            **_FIX,
        ),
        output="States.QueryEvaluationError",
        moto_differs="evaluates Output outside of Retry and Catch",
    ),
    "States.ALL leaves States.Runtime alone": Case(
        machine(
            T={
                "Type": "Task",
                "Resource": "arn:aws:states:::nothing:at.all",
                "Catch": catch("States.ALL", then="Caught"),
            },
            **_FIX,
        ),
        error="States.Runtime",
        moto_differs="refuses the machine at creation",
    ),
    "retry until it works": Case(
        machine(
            T=call(
                "third_time",
                Retry=[{"ErrorEquals": ["ConnectionError"], "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": 2}],
            )
        ),
        output="at last",
    ),
    "retry gives up": Case(
        machine(T=call("too_high", Retry=[{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1}])),
        error="TooHighError",
    ),
    "no retry at all": Case(
        machine(T=call("too_high", Retry=[{"ErrorEquals": ["States.ALL"], "MaxAttempts": 0}])), error="TooHighError"
    ),
    # parallel
    "parallel keeps the order of its branches": Case(
        machine(P=parallel(chain(A={"Type": "Wait", "Seconds": 1}, B=give("slow")), chain(C=give("fast")))),
        output=["slow", "fast"],
    ),
    "arguments are the branches' input": Case(
        machine(
            P=parallel(
                chain(A=give("{% $states.input.x %}")),
                Arguments={"x": "{% $states.input.a + 1 %}"},
                Output="{% $states.result[0] %}",
            )
        ),
        {"a": 1},
        2,
    ),
    "a failing branch fails parallel at once": Case(machine(P=_BOOM), error="boom", cause="inner"),
    "the error's name reaches the outer catch": Case(
        machine(P={**_BOOM, "Catch": catch("other", then="Caught") + catch("boom", then="Caught")}, **_FIX),
        output={"Error": "boom", "Cause": "inner"},
    ),
    "an inner parallel interrupts the outer": Case(
        machine(
            P=parallel(
                chain(I=parallel(chain(W1={"Type": "Wait", "Seconds": 3600}), chain(F=fail("deep", "down")))),
                chain(W2={"Type": "Wait", "Seconds": 3600}),
                Catch=catch("deep", then="Caught"),
            ),
            **_FIX,
        ),
        output={"Error": "deep", "Cause": "down"},
    ),
    "an inner catch keeps the outer running": Case(
        machine(
            P=parallel(
                chain(
                    I=parallel(chain(F=fail("deep")), Catch=catch("deep", then="H", Output="handled"), Next="H"),
                    H=give("{% $states.input %}"),
                ),
                chain(O=give("other")),
            )
        ),
        output=["handled", "other"],
    ),
    "an inner catch may raise again": Case(
        machine(
            P=parallel(
                chain(
                    I=parallel(chain(F=fail("deep")), Catch=catch("deep", then="G"), Next="G"),
                    G=fail("mapped", "again"),
                ),
                chain(W={"Type": "Wait", "Seconds": 3600}),
                Catch=catch("deep", then="Wrong") + catch("mapped", then="Caught"),
            ),
            Wrong=give("wrong", End=True),
            **_FIX,
        ),
        output={"Error": "mapped", "Cause": "again"},
    ),
    "variables of a branch are its own": Case(
        machine(
            A={"Type": "Pass", "Assign": {"v": 1}},
            P=parallel(
                chain(X={"Type": "Pass", "Assign": {"own": "{% $v + 1 %}"}}, Y=give("{% $own %}")),
                chain(Z=give("{% $exists($own) %}")),
            ),
            B=give({"out": "{% $states.input %}", "v": "{% $v %}", "own": "{% $exists($own) %}"}),
        ),
        output={"out": [2, False], "v": 1, "own": False},
    ),
    # map
    "map over an expression": Case(
        machine(
            M=_map(
                "{% $states.input.l %}",
                chain(X=give("{% [$states.context.Map.Item.Index, $states.input.v] %}")),
                ItemSelector={"v": "{% $states.context.Map.Item.Value * 10 %}"},
            )
        ),
        {"l": [3, 4]},
        [[0, 30], [1, 40]],
    ),
    "map over nothing": Case(machine(M=_map("{% [] %}", chain(X=give(1)))), output=[]),
    "map one after another": Case(
        machine(M=_map([1, 2, 3], chain(X=call("echo", "{% $states.input %}")), MaxConcurrency=1)), output=[1, 2, 3]
    ),
    "map needs an array": Case(machine(M=_map("{% 'text' %}", chain(X=give(1)))), error="States.QueryEvaluationError"),
    "a failing iteration fails map at once": Case(
        machine(
            M=_map(
                [1, 2],
                chain(
                    C={
                        "Type": "Choice",
                        "Choices": [{"Condition": "{% $states.input = 2 %}", "Next": "F"}],
                        "Default": "W",
                    },
                    W={"Type": "Wait", "Seconds": 3600, "End": True},
                    F=fail("second", "one"),
                ),
                Catch=catch("second", then="Caught"),
            ),
            **_FIX,
        ),
        output={"Error": "second", "Cause": "one"},
    ),
    # wait
    "wait until a time that is past": Case(
        machine(W={"Type": "Wait", "Timestamp": "2015-09-04T01:59:00.25Z"}), {"k": 1}, {"k": 1}
    ),
    "wait until a time with an offset": Case(
        machine(W={"Type": "Wait", "Timestamp": "2015-09-04T01:59:00+05:30"}),
        {"k": 1},
        {"k": 1},
        moto_differs="rejects offsets",
    ),
    "a time without an offset": Case(
        machine(W={"Type": "Wait", "Timestamp": "{% '2015-09-04T01:59:00' %}"}),
        error="States.QueryEvaluationError",
        moto_differs="reports States.Runtime",
    ),
    "wait a computed time": Case(machine(W={"Type": "Wait", "Seconds": "{% $states.input.s %}"}), {"s": 1}, {"s": 1}),
    # limits
    "a state's output has at most 256 KiB": Case(
        machine(P=give("{% $join($map([1..1000], function($i) { $pad('', 300, 'x') })) %}")),
        error="States.DataLimitExceeded",
    ),
}
