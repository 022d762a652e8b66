"""What is known about calls that were ordered: orders and their rows, who came of them, groups, and cancels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.simulation.records import Who


class Moment(NamedTuple):
    """When something was committed: the instant, and how many commits there were until then."""

    at: int
    commit: int


@dataclass(frozen=True, slots=True)
class Row:
    """A contact of an order; one that is not `is_good` breaks a rule. `variables` are the custom ones."""

    phone: str
    variables: Mapping[str, str]
    is_good: bool = True
    email: str | None = None
    starts_after: int | None = None


@dataclass(eq=False, slots=True)
class Order:
    """One scheduling call, however often it is repeated. Without a `batch` it has not been accepted.

    `begun_first` is when it was first tried, `begun` when the try that was accepted began.
    `price` is what is set aside for each row.
    """

    tenant: int
    agent: int
    intent: str
    rows: tuple[Row, ...]
    group_by: str | None
    is_single: bool
    price: int
    begun_first: int = 0
    batch: int | None = None
    begun: int = 0
    accepted: Moment | None = None
    is_told: bool = False

    @property
    def good(self) -> list[int]:
        """The places of the rows that break no rule."""
        return [place for place, row in enumerate(self.rows) if row.is_good]


class Place(NamedTuple):
    """One row of an order."""

    order: Order
    index: int

    @property
    def row(self) -> Row:
        return self.order.rows[self.index]

    @property
    def accepted(self) -> Moment:
        """When the row was accepted."""
        if self.order.accepted is None:
            raise RuntimeError("the order was not accepted")
        return self.order.accepted

    @property
    def group(self) -> "GroupName | None":
        """The group that the row belongs to."""
        name = self.order.group_by
        if name is None:
            return None
        return GroupName(self.order.tenant, self.order.agent, name, self.row.variables[name])


class GroupName(NamedTuple):
    """Rows of one agent with the same value of a variable."""

    tenant: int
    agent: int
    variable: str
    value: str


@dataclass(eq=False, slots=True)
class Member:
    """The enrollment that a row became, as it is stored; `hold` is what is set aside for its first call.

    `ended` is when its turn was over."""

    who: Who
    place: Place
    state: str
    hold: int
    is_deleted: bool = False
    ended: Moment | None = None

    @property
    def is_live(self) -> bool:
        """Whether it is its group's turn."""
        return self.state in {"active", "paused", "parked"}


@dataclass(eq=False, slots=True)
class Chain:
    """A group. `closings` are when a live member ended so that it closes, `late` when one that was over did."""

    members: list[Member] = field(default_factory=list)
    closings: list[Moment] = field(default_factory=list)
    late: list[Moment] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Cancel:
    """Somebody tries to cancel by variable, from `begun` on; `ended` is when it was answered, if it was."""

    tenant: int
    variable: str
    value: str
    begun: Moment
    ended: Moment | None = None

    def is_about(self, place: Place) -> bool:
        """Whether the row has the value."""
        return place.order.tenant == self.tenant and place.row.variables.get(self.variable) == self.value
