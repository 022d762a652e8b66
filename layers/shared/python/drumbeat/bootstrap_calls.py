"""What calls are built of: agents, their groups, canceling calls, what they cost, and their results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drumbeat import bootstrap, bootstrap_cadences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drumbeat.adapters.dynamodb.records import Records
    from drumbeat.application.call_groups import CallGroupPorts
    from drumbeat.application.call_ports import AcceptPorts, MakePorts, TakePorts
    from drumbeat.application.call_results import CallResultPorts
    from drumbeat.application.cancel_calls import CancelPorts
    from drumbeat.application.check_request import CheckPorts
    from drumbeat.application.connected_sequences import ConnectedPorts
    from drumbeat.application.credits import UsagePorts
    from drumbeat.application.follow_calls import FollowPorts
    from drumbeat.domain.event import EnrollmentEnd
    from drumbeat.domain.sequence import Sender


def make_ports() -> MakePorts:
    from drumbeat.adapters.dynamodb.new_calls import NewCallStore
    from drumbeat.application.call_ports import MakePorts

    return MakePorts(calls=NewCallStore(bootstrap.table()), sequences=bootstrap.sequences(), lanes=bootstrap.lanes())


def take_ports() -> TakePorts:
    from drumbeat.adapters.phone_numbers import PlannedNumbers
    from drumbeat.application.call_ports import TakePorts

    return TakePorts(
        making=make_ports(),
        credits=bootstrap.credit_ledger(),
        numbers=bootstrap.numbers(),
        phones=PlannedNumbers(),
    )


def accept_ports() -> AcceptPorts:
    from drumbeat.adapters.dynamodb.accepted_calls import AcceptedCallStore
    from drumbeat.application.call_ports import AcceptPorts

    return AcceptPorts(
        taking=take_ports(),
        accepted=AcceptedCallStore(bootstrap.table()),
        batches=bootstrap.batches(),
        queue=bootstrap.batch_queue(),
    )


def cancel_ports() -> CancelPorts:
    from drumbeat.application.cancel_calls import CancelPorts

    return CancelPorts(
        references=bootstrap.references(),
        enrollments=bootstrap.enrollments(),
        changes=bootstrap.enrollment_changes(),
        queue=bootstrap.batch_queue(),
    )


def usage_ports() -> UsagePorts:
    from drumbeat.application.credits import UsagePorts

    return UsagePorts(credits=bootstrap.credit_ledger(), sequences=bootstrap.sequence_records())


def call_result_ports() -> CallResultPorts:
    from drumbeat.adapters.dynamodb.noted_calls import NotedCallStore
    from drumbeat.application.call_results import CallResultPorts

    return CallResultPorts(
        enrollments=bootstrap.enrollments(),
        sequences=bootstrap.sequences(),
        results=NotedCallStore(bootstrap.table()),
        lanes=bootstrap.lanes(),
        keys=bootstrap.token_keys(),
    )


def agent_ports() -> ConnectedPorts:
    return bootstrap_cadences.connected_ports()


def connectors() -> Records[Sender]:
    return bootstrap_cadences.connectors()


def call_group_ports() -> CallGroupPorts:
    from drumbeat.application.call_groups import CallGroupPorts

    return CallGroupPorts(
        groups=bootstrap.call_groups(),
        enrollments=bootstrap.enrollments(),
        sequences=bootstrap.sequences(),
        lanes=bootstrap.lanes(),
    )


def follow_ports() -> FollowPorts:
    from drumbeat.application.follow_calls import FollowPorts

    return FollowPorts(groups=call_group_ports(), credits=bootstrap.credit_ledger())


def enrollment_end(record: Mapping[str, Any]) -> EnrollmentEnd | None:
    """`stream_records.read_end`."""
    from drumbeat.adapters.dynamodb.stream_records import read_end

    return read_end(record)


def check_ports() -> CheckPorts:
    from drumbeat.application.check_request import CheckPorts

    return CheckPorts(
        enrollments=bootstrap.enrollments(),
        sequences=bootstrap.sequences(),
        contacts=bootstrap.contacts(),
        cancellations=bootstrap.references(),
        keys=bootstrap.token_keys(),
    )
