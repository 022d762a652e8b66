"""Whatever goes wrong, the stream of a schedule tells every fact about its enrollments once, and nothing else."""

from collections import Counter
from random import Random

import pytest

from drumbeat.adapters.dynamodb.stream_records import read_change
from drumbeat.domain.event import Event, EventKind
from drumbeat.domain.events_of import events_of
from tests.listening import passes_the_filter
from tests.memory.stream import MemoryStream
from tests.simulation.faults import RandomFaults
from tests.simulation.options import drawn
from tests.simulation.records import Who, maybe, number, who
from tests.simulation.scenery import TABLE
from tests.simulation.schedule import finish
from tests.simulation.world import World, scenery_of

CHUNK = 100


def world_of(seed: int) -> World:
    options, rng = drawn(seed), Random(seed + 1)
    faults = RandomFaults(rng, options.fault_rate, options.fault_kinds, options.slow)
    return World(options, scenery_of(options, rng), rng, faults)


def whose(event: Event) -> Who:
    return Who(event.tenant, event.key.sequence, event.key.contact, event.key.run)


@pytest.mark.parametrize("first", range(0, 500, CHUNK))
def test_every_fact_is_told_once(first):
    told: Counter[EventKind] = Counter()
    for seed in range(first, first + CHUNK):
        world = world_of(seed)
        stream = MemoryStream(world.store, TABLE)
        result = finish(world, world.trouble, replay=str(seed))
        assert result.violation is None, str(result)
        changes = map(read_change, filter(passes_the_filter, stream.take()))
        events = [event for change in changes if change is not None for event in events_of(change)]
        told.update(event.kind for event in events)
        _check(world, events)
    assert told[EventKind.STEP_FIRED] > CHUNK
    assert told.keys() >= {EventKind.COMPLETED, EventKind.BOUNCED, EventKind.UNSUBSCRIBED}


def _check(world: World, events: list[Event]) -> None:
    assert len({event.id for event in events}) == len(events)
    told = {(whose(event), event.kind) for event in events}
    fired = {(whose(event), event.step) for event in events if event.kind is EventKind.STEP_FIRED}
    oracle = world.oracle
    for me, step in fired:
        assert any(oracle.accepts.get((me, step, life)) for life in range(9)) or (me, step) in oracle.said_accepted
    for item in world.store.items(TABLE):
        if "batch_tag" not in item:
            continue
        me = who(int(item["tenant"]["N"]), item)
        behind = [(me, step) for step in range(number(item, "step"))]
        assert {place for place in behind if oracle.mails_of(*place) or place in oracle.said_accepted} <= fired
        for fact, kind in (("bounced_at", EventKind.BOUNCED), ("unsubscribed_at", EventKind.UNSUBSCRIBED)):
            assert (maybe(item, fact) is not None) <= ((me, kind) in told)
        ran_out = item["state"]["S"] == "finished" and "finished_at" not in item
        assert ran_out <= ((me, EventKind.COMPLETED) in told)
