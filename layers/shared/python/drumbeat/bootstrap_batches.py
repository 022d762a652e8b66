"""What goes on in the background: everything that a batch can do, and what else did not fit a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drumbeat import bootstrap, bootstrap_accounts, bootstrap_calls

if TYPE_CHECKING:
    from drumbeat.adapters.dynamodb.records import Records
    from drumbeat.application.batch_actions import Actions, Pools
    from drumbeat.application.batch_ports import BatchRunPorts
    from drumbeat.application.batch_work import WorkPorts
    from drumbeat.domain.batch import Batch
    from drumbeat.domain.custom_object import CustomObject


def batch_run_ports() -> BatchRunPorts:
    """Everything a batch can do."""
    from drumbeat.application.batch_actions import Action
    from drumbeat.application.batch_ports import BatchRunPorts
    from drumbeat.application.enroll_import import IMPORT_ENROLL, ImportEnrolling, ImportPool
    from drumbeat.domain.batch import TargetKind

    return BatchRunPorts(
        batches=bootstrap.batches(),
        queue=bootstrap.batch_queue(),
        actions={IMPORT_ENROLL: Action(ImportEnrolling(bootstrap.enroll_ports()).run, ordered=True), **bulk_actions()},
        pools={TargetKind.IMPORT: ImportPool(bootstrap.contact_imports(), bootstrap.contacts()), **bulk_pools()},
    )


def work_ports() -> WorkPorts:
    """Everything that goes on in the background."""
    from drumbeat.application.batch_work import WorkPorts

    return WorkPorts(
        batch=batch_run_ports(),
        delete=bootstrap.delete_ports(),
        schedule=bootstrap.schedule_ports(),
        cancel=bootstrap_calls.cancel_ports(),
        suppress=bootstrap_accounts.suppress_ports(),
    )


def bulk_actions() -> Actions:
    """What batches do to contacts, companies, custom objects and enrollments."""
    from drumbeat.application.actions_on_companies import company_actions
    from drumbeat.application.actions_on_contacts import ContactActionPorts, contact_actions
    from drumbeat.application.actions_on_custom_objects import custom_object_actions
    from drumbeat.application.relink_in_batch import relink_actions
    from drumbeat.application.schedule_calls import schedule_actions

    ports = ContactActionPorts(
        bootstrap.people_ports, bootstrap.delete_ports, bootstrap.add_ports, bootstrap.enrollment_action_ports
    )
    others = {**company_actions(bootstrap.companies), **custom_object_actions(bootstrap.custom_objects)}
    relinking = relink_actions(bootstrap.relink_ports, bootstrap.batches)
    calling = schedule_actions(bootstrap_calls.make_ports, bootstrap.batches)
    return {**contact_actions(ports), **others, **relinking, **calling}


def bulk_pools() -> Pools:
    """Where batches find contacts, companies and custom objects."""
    from drumbeat.application.batch_pools import RowPool, SearchPool
    from drumbeat.domain.batch import TargetKind
    from drumbeat.domain.company import LISTED

    return {
        TargetKind.CONTACTS: SearchPool(lambda _: bootstrap.contacts(), lambda _: bootstrap.contact_search()),
        TargetKind.COMPANIES: SearchPool(lambda _: bootstrap.companies(), lambda _: bootstrap.companies(), (LISTED,)),
        TargetKind.CUSTOM_OBJECTS: SearchPool(_objects_of, _objects_of),
        TargetKind.ROWS: RowPool(),
    }


def _objects_of(batch: Batch) -> Records[CustomObject]:
    return bootstrap.custom_objects(batch.target.object_name or "")
