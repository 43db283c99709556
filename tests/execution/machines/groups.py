"""Groups of side threads in memory: what the runtime keeps of them in the record (services/machines/threads.py)."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from orchestrator.domain.ids import InstanceId, thread_id
from orchestrator.domain.side_thread import GroupPlace, ThreadGroup, Waiting, threads_below
from orchestrator.domain.thread_data import ThreadData, gathered, merged

Json = dict[str, Any]


@dataclass
class Thread:
    id: str
    group: GroupPlace
    ahead: Json
    #: what it waits for beside which host, as long as it is no token; then None
    watch: str | None = None
    token: Json = field(default_factory=dict)


@dataclass
class Kept:
    """One group with what its threads brought."""

    group: ThreadGroup
    ended: list[ThreadData] = field(default_factory=list)
    brought: dict[Waiting, ThreadData] = field(default_factory=dict)
    host: str | None = None


class Groups:
    """Answers the operations of groups; `start` starts an execution, `stop` forgets threads, `succeed` answers a token."""

    def __init__(
        self,
        start: Callable[[str, Json], None],
        stop: Callable[[set[str]], None],
        succeed: Callable[[str, Json], None],
    ) -> None:
        self._start, self._stop, self._succeed = start, stop, succeed
        self._kept: dict[str, Kept] = {}
        self.live: dict[str, Thread] = {}

    def gather(self, event: Json) -> Json:
        place = GroupPlace(host=event["thread"], scope=event["scope"])
        kept = self._at(place)
        kept.host = event["token"]
        for beginning in event["beginnings"]:
            self._begin(event, place, beginning, event["input"])
        if event["release"] is not None:
            self._fire(kept, tuple(kept.group.oldest(event["release"]).values()))
        self._settle(kept)
        return {}

    def spawn(self, event: Json) -> Json:
        place = _place(event)
        if event["ahead"] is not None:
            self.live[event["thread"]].ahead = event["ahead"]
        for beginning in event["beginnings"]:
            self._begin(event, place, beginning, event["variables"])
        self._settle(self._at(place))
        return {}

    def trigger(self, event: Json) -> Json:
        thread = self.live.get(event["thread"])
        if thread is None or thread.watch is None:
            return {"happened": thread is not None}
        watch, thread.watch, thread.ahead = thread.watch, None, event["ahead"]
        if event["again"]:
            following = {**thread.token, "clock": event["clock"], "turn": thread.token["turn"] + 1}
            following["thread"] = thread_id(thread.id, "next")
            self.live[following["thread"]] = Thread(following["thread"], thread.group, {}, watch, following)
            self._start(following["thread"], following)
        return {"happened": True}

    def escalate(self, event: Json) -> Json:
        begins = event["begins"]
        if begins is not None:
            place = _place(begins)
            for _ in range(begins["outwards"]):
                place = self.live[place.host].group
            self._begin({**event, "clock": event["clock"]}, place, begins, begins["variables"])
        return {}

    def withdraw(self, event: Json) -> Json:
        self._withdraw(_host(event))
        self._settle(self._at(_place(event)))
        return {}

    def _withdraw(self, host: str) -> None:
        gone = {one.id for one in self.live.values() if one.watch == host}
        for one in gone:
            del self.live[one]
        self._stop(gone)

    def arrive(self, event: Json) -> Json:
        kept, caller = self._at(_place(event)), self.live[event["thread"]]
        token = Waiting(
            join=event["join"], flow=event["flow"], thread=caller.id, occurrence=event["occurrence"],
            inclusive=event["inclusive"], ahead=_Ahead(event["ahead"]),
        )  # fmt: skip
        kept.brought[token] = _data(event)
        kept.group = kept.group.changed(waiting=(*kept.group.waiting, token))
        if event["inclusive"]:
            others = [one.ahead for one in self._of(kept) if one is not caller]
            taken = kept.group.ready(others, only=event["join"])
        else:
            taken = kept.group.complete_set(event["join"], event["flows"])
        if taken:
            kept.group = kept.group.changed(waiting=kept.group.without(taken))
            caller.ahead = event["ahead"]
            self._settle(kept)
            return {"go": True, **_json(merged(kept.brought[one] for one in taken))}
        self._end(caller, kept)
        return {"go": False}

    def advance(self, event: Json) -> Json:
        self.live[event["thread"]].ahead = event["ahead"]
        self._settle(self._at(_place(event)))
        return {}

    def leave(self, event: Json) -> Json:
        kept = self._at(_place(event))
        if event["thread"] in self.live:
            kept.ended.append(_data(event))
            self._end(self.live[event["thread"]], kept)
        return {}

    def abort(self, event: Json) -> Json:
        place = _place(event)
        kept = self._at(place)
        if event["thread"] in self.live and kept.host is not None:
            self.cut(place.host, place.scope)
            aborted = {"aborted": event["error"], "changes": event["variables"], "clock": event["clock"]}
            self._succeed(kept.host, {"result": aborted, "clock": event["clock"]})
            kept.host = None
        return {}

    def cut(self, thread: str, scope: str) -> None:
        below = {one.id for one in threads_below(self.live.values(), thread, scope)}
        for one in below:
            del self.live[one]
        self._stop(below)

    def _begin(self, event: Json, place: GroupPlace, beginning: Json, variables: Json) -> None:
        by = (event["thread"], event["scope"], event["element_id"], str(event["occurrence"]))
        watch = _host(event) if beginning.get("watches") else None
        id_ = thread_id(*by, beginning["entry"])
        self._run(id_, place, beginning, variables, clock=event["clock"], watch=watch)

    def _run(
        self, id_: str, place: GroupPlace, beginning: Json, variables: Json, *, clock: int, written=(), watch=None
    ) -> None:
        assert id_ not in self.live, f"{id_} is begun twice"
        token = {
            "variables": variables, "clock": clock, "scope": place.scope, "visits": {}, "trail": [],
            "written": list(written), "group": {"thread": place.host, "scope": place.scope},
            "order": beginning["order"], "entry": beginning["entry"], "thread": id_, "instance_id": "wf-inst-1",
        }  # fmt: skip
        if watch is not None:
            token["turn"] = 1
        self.live[id_] = Thread(id_, place, beginning.get("ahead") or {}, watch, token)
        self._start(id_, token)

    def _fire(self, kept: Kept, taken: tuple[Waiting, ...]) -> None:
        token, join, group = merged(kept.brought[one] for one in taken), taken[0].join, kept.group
        kept.group = group.changed(waiting=group.without(taken), fired=group.fired + 1)
        beginning = {"entry": join, "order": token.order, "ahead": dict(taken[0].ahead)}
        name = thread_id(group.key, join, str(group.fired))
        self._run(name, group.place, beginning, token.variables, clock=token.clock, written=token.written)

    def _end(self, thread: Thread, kept: Kept) -> None:
        del self.live[thread.id]
        self._settle(kept)

    def _settle(self, kept: Kept) -> None:
        while taken := kept.group.ready(one.ahead for one in self._of(kept)):
            self._fire(kept, taken)
        if kept.host is None or any(one.watch is None for one in self._of(kept)):
            return
        for watch in {one.watch for one in self._of(kept)}:
            self._withdraw(str(watch))
        host, kept.host = kept.host, None
        stuck = {"changes": {}, "stuck": kept.group.waiting[0].join} if kept.group.waiting else None
        self._succeed(host, {"result": stuck or gathered(kept.ended), "clock": 0})

    def _of(self, kept: Kept) -> list[Thread]:
        return [one for one in self.live.values() if one.group == kept.group.place]

    def _at(self, place: GroupPlace) -> Kept:
        group = ThreadGroup(instance_id=InstanceId("wf-inst-1"), place=place)
        return self._kept.setdefault(place.key, Kept(group))


class _Ahead(dict):
    """So that tokens can be looked up."""

    def __hash__(self) -> int:
        return hash(json.dumps(self, sort_keys=True))


def _host(event: Json) -> str:
    return json.dumps([event[name] for name in ("thread", "scope", "element_id", "occurrence")])


def _place(event: Json) -> GroupPlace:
    return GroupPlace(host=event["group"]["thread"], scope=event["group"]["scope"])


def _data(event: Json) -> ThreadData:
    return ThreadData(
        variables=event["variables"], written=tuple(event["written"]), clock=event["clock"], order=event["order"]
    )


def _json(data: ThreadData) -> Json:
    return json.loads(json.dumps(data.to_json()))
