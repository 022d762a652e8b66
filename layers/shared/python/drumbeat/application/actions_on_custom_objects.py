"""What batches do to records of a kind that the tenant made up (contract 1.3)."""

from collections.abc import Callable, Sequence

from drumbeat.application.batch_actions import Action, Actions
from drumbeat.application.bulk_changes import changing
from drumbeat.application.ports import Records
from drumbeat.domain.batch import DONE, NO_SUCH_TARGET, Batch, Outcome
from drumbeat.domain.custom_object import CustomObject, with_values

type ObjectsNamed = Callable[[str], Records[CustomObject]]


def custom_object_actions(objects_named: ObjectsNamed) -> Actions:
    """The actions by their names."""

    def modify(batch: Batch, targets: Sequence[int], now: int) -> Sequence[Outcome]:
        objects = _objects(objects_named, batch)

        def apply(
            tenant: int, numbers: Sequence[int], change: Callable[[CustomObject], CustomObject], now: int
        ) -> Sequence[Outcome]:
            changed = objects.change(tenant, numbers, change, now=now)
            return [DONE if number in changed else NO_SUCH_TARGET for number in numbers]

        run = changing(apply, lambda params, _: lambda record: with_values(record, params["values"]))
        return run(batch, targets, now)

    def delete(batch: Batch, targets: Sequence[int], _now: int) -> Sequence[Outcome]:
        _objects(objects_named, batch).remove(batch.tenant, targets)
        return [DONE] * len(targets)

    return {"custom_objects.modify": Action(modify), "custom_objects.delete": Action(delete)}


def _objects(objects_named: ObjectsNamed, batch: Batch) -> Records[CustomObject]:
    return objects_named(batch.target.object_name or "")
