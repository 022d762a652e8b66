"""What was committed about mails, noted apart from the production code, and what the log and its counters must hold."""

from collections import Counter
from typing import Any, NamedTuple

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.event_log import event_of
from drumbeat.adapters.dynamodb.items import from_wire
from drumbeat.adapters.dynamodb.statistics import StatisticsStore
from drumbeat.adapters.dynamodb.table import Table
from drumbeat.domain.counts import FIELDS
from drumbeat.domain.times import utc_day
from tests.memory.store import Store
from tests.memory.values import Item
from tests.simulation.records import Violation, kind_of
from tests.simulation.scenery import TABLE

MARK = "sig_"
_KINDS = {
    "o": "opened", "m": "machine_opened", "c": "clicked", "k": "machine_clicked", "r": "replied", "a": "out_of_office",
    "b": "returned", "t": "soft_bounced", "s": "complained",
}  # fmt: skip


class Fact(NamedTuple):
    """What became of which mail, and when."""

    tenant: int
    sequence: int
    enrollment: str
    what: str
    step: int
    sender: int
    at: int


class Recount:
    """Watches commits, and compares at rest."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def watch(self, kind: str, _tenant: int, _key: object, before: Item | None, after: Item | None) -> None:
        """Notes what a commit did to an enrollment."""
        if kind == "enrollment" and before is not None and after is not None:
            self.facts += _facts(from_wire(before), from_wire(after))

    def check(self, store: Store, table: Table) -> None:
        """At rest: every fact is in the log once and counted once, and nothing else is."""
        stored = [from_wire(item) for item in store.items(TABLE)]
        _same("log", Counter(self.facts), Counter(_logged(stored)))
        for tenant, sequence in {(fact.tenant, fact.sequence) for fact in self.facts}:
            _same(
                f"counters of {tenant}/{sequence}", self._expected(tenant, sequence), _counted(table, tenant, sequence)
            )
        for item in stored:
            if "batch_tag" in item:
                _same("marks", _marks_of(item), _marks_of(item).intersection(self.facts))

    def _expected(self, tenant: int, sequence: int) -> Counter[tuple[int, int, int, str]]:
        return Counter(
            (utc_day(fact.at), fact.step, fact.sender, fact.what)
            for fact in self.facts
            if (fact.tenant, fact.sequence) == (tenant, sequence)
        )


def _same(what: str, expected: object, found: object) -> None:
    if expected != found:
        raise Violation("events", f"{what}: expected {expected}, found {found}")


def _facts(old: dict[str, Any], new: dict[str, Any]) -> list[Fact]:
    found = sorted(_marks_of(new) - _marks_of(old), key=lambda fact: fact.what)
    known = {name for name in old if name.startswith(MARK)}
    news = [fact for fact in found if _name_of(fact) not in known]
    if new.get("last_sent_at") != old.get("last_sent_at") and new["step"] > old["step"]:
        news.append(_fact(new, "sent", old["step"], new.get("sender", 0), new["last_sent_at"]))
    if "bounced_at" in new and "bounced_at" not in old:
        news.append(_fact(new, "rejected", new["step"], new.get("sender", 0), new["bounced_at"]))
    return news


def _fact(item: dict[str, Any], what: str, step: int, sender: int, at: int) -> Fact:
    whose = f"{item['PK']}/{item['SK']}/{item['batch_tag']}"
    return Fact(item["tenant"], item["sequence"], whose, what, step, sender, at)


def _marks_of(item: dict[str, Any]) -> set[Fact]:
    return {
        _fact(item, _KINDS[name[4]], *map(int, name[5:].split(".")), at)
        for name, at in item.items()
        if name.startswith(MARK) and name[4] in _KINDS
    }


def _name_of(fact: Fact) -> str:
    letter = next(letter for letter, what in _KINDS.items() if what == fact.what)
    return f"{MARK}{letter}{fact.step}.{fact.sender}"


def _logged(stored: list[dict[str, Any]]) -> list[Fact]:
    """The facts in the log; who unsubscribed, and what came to its end, is looked at elsewhere."""
    names = {"step_fired": "sent", "bounced": "rejected"} | {what: what for what in _KINDS.values()}
    events = [event_of(item) for item in stored if kind_of(item["PK"])[0] == "events"]
    found = []
    for event in events:
        if event.kind.value in names and event.enrollment is not None:
            whose = "/".join((*keys.enrollment(event.tenant, event.enrollment.key), event.enrollment.made_by))
            place = event.step or 0, event.sender or 0, event.at
            found.append(Fact(event.tenant, event.enrollment.key.sequence, whose, names[event.kind.value], *place))
    return found


def _counted(table: Table, tenant: int, sequence: int) -> Counter[tuple[int, int, int, str]]:
    counted: Counter[tuple[int, int, int, str]] = Counter()
    for day, step, sender, counts in StatisticsStore(table).of_sequence(tenant, sequence, 0, 10**6):
        for name in FIELDS:
            if name != "unsubscribed" and getattr(counts, name):
                counted[day, step, sender, name] += getattr(counts, name)
    return counted
