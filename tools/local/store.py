"""What the benches read from the table of a running stack: the slots of the lanes, and the claims that are held."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from drumbeat.adapters.dynamodb.enrollment_items import enrollment_of
from drumbeat.adapters.dynamodb.items import from_wire
from drumbeat.adapters.dynamodb.lane_items import lane_of
from drumbeat.domain.ids import enrollment_uuid
from tools.local import deployment
from tools.local.load import Errand


@dataclass(frozen=True)
class Store:
    """The table, read past the API."""

    client: Any
    table: str

    @classmethod
    def at(cls, endpoint: str) -> Self:
        """The table of the stack that is deployed there."""
        return cls(deployment.client("dynamodb", endpoint), deployment.outputs(endpoint)["TableName"])

    def slots(self) -> dict[Errand, int]:
        """When each step shall leave that a lane has a slot for, or had within the last minutes."""
        lanes = [lane_of(item) for item in self._having("reserved")]
        entries = [(lane.tenant, entry) for lane in lanes for entry in lane.reserved]
        return {(enrollment_uuid(tenant, entry.enrollment), entry.step + 1): entry.at for tenant, entry in entries}

    def claims(self) -> set[Errand]:
        """The steps that a worker is sending, or was when it died."""
        held = [enrollment_of(item) for item in self._having("owner")]
        return {(enrollment_uuid(found.tenant, found.key), found.step + 1) for found in held}

    def _having(self, attribute: str) -> Iterator[dict[str, Any]]:
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.table,
            ConsistentRead=True,
            FilterExpression="attribute_exists(#wanted)",
            ExpressionAttributeNames={"#wanted": attribute},
        )
        for page in pages:
            yield from (from_wire(item) for item in page["Items"])
