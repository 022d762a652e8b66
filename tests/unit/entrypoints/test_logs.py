"""A line of the log says for which request it is, and nothing in anybody's words."""

import io
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest
from botocore.exceptions import ClientError

from drumbeat import bootstrap
from drumbeat.domain.verdict import Rejected
from drumbeat.entrypoints import logs
from tests.told_logs import Watched, lines, logged
from tests.world import Context

GATEWAYS = "9e7d7d3f-1c1e-4c1b-9d6e-2f8c0a1b2c3d"
LAMBDAS = Context().aws_request_id


def event(given: str | None = None, gateways: Any = GATEWAYS) -> dict[str, Any]:
    headers = {} if given is None else {"X-Correlation-Id": given}
    return {"headers": headers, "requestContext": {"requestId": gateways}}


@pytest.mark.parametrize("given", ["a", "order-4711", "01J9ZK6Q2N.retry_2", "f" * 36])
def test_a_client_s_own_id_is_taken(given):
    assert logs.correlation_id(event(given), Context()) == given


@pytest.mark.parametrize("given", [None, "", "ann@acme.example", "two words", "x\ny", "f" * 37, "é", '{"a":1}'])
def test_what_is_no_id_gives_way_to_the_gateway_s(given):
    assert logs.correlation_id(event(given), Context()) == GATEWAYS


@pytest.mark.parametrize("gateways", [None, "", 7, "ann@acme.example"])
def test_without_either_it_is_the_invocation_s(gateways):
    assert logs.correlation_id(event(None, gateways), Context()) == LAMBDAS


def test_what_is_done_after_an_invocation_is_marked_with_nothing():
    seen = []

    @logs.request
    def handler(_event, _context):
        seen.append(bootstrap.correlation.id)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        handler(event("mine"), Context())
    assert (seen, bootstrap.correlation.id) == (["mine"], None)


def test_an_error_is_told_by_its_type_and_where_it_came_from_but_not_by_its_words():
    def store() -> None:
        raise ClientError({"Error": {"Code": "Throttled", "Message": "ann@acme.example"}}, "PutItem")

    def work() -> None:
        try:
            store()
        except ClientError as trouble:
            raise KeyError("bob@acme.example") from trouble

    with logged() as stream:
        try:
            work()
        except KeyError:
            logs.logger.exception("failed")

    assert "acme.example" not in stream.getvalue()
    (line,) = lines(stream)
    assert line["exception_name"] == "KeyError"
    told = [place.strip().rpartition("/")[2].partition(":")[0] for place in line["exception"]]
    assert told == ["builtins.KeyError"] + 2 * ["test_logs.py"] + [
        "botocore.exceptions.ClientError(Throttled in PutItem)",
        *(2 * ["test_logs.py"]),
    ]


def test_a_report_is_told_by_numbers_and_kinds():
    class Outcome(StrEnum):
        DONE = "done"

    @dataclass(frozen=True)
    class Report:
        outcome: Outcome = Outcome.DONE
        attempted: object = None
        reason: str | None = None
        trouble: Exception | None = None
        late: int = 0
        correlation_id: str = "mine"

    told = logs.fields_of(Report(attempted=Rejected(550, "no ann@acme.example"), reason="ann", trouble=ValueError()))

    assert told == {
        "outcome": "done",
        "attempted": "Rejected 550",
        "reason": True,
        "late": 0,
        "correlation_id": "mine",
    }
    assert logs.fields_of(None) == {}


def test_the_watch_over_all_tests_sees_addresses_and_passwords_and_hands_on_what_it_sees():
    written = io.StringIO()
    watch = Watched(written)

    watch.write('{"message":"failed","exception":"no ann.b@acme.example, hunter2"}')
    watch.write('{"message":"answered"}')

    assert (watch.taken(), watch.taken()) == (["ann.b@acme.", "hunter2"], [])
    assert len(written.getvalue()) == 87
