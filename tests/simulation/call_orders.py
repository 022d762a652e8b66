"""What customers order and cancel, drawn."""

from collections.abc import Iterator
from random import Random

from drumbeat.domain.times import HOUR, MINUTE
from tests.simulation.call_options import CallOptions
from tests.simulation.call_records import Order, Row
from tests.simulation.call_scenery import REQUIRED

OWNER = "owner"
"""A variable that nobody needs."""
_TENANT = 1


def drawn_orders(options: CallOptions, rng: Random) -> Iterator[Order]:
    """The calls of a schedule; every other one or so chains its rows by account."""
    for place in range(options.orders):
        is_single, chains = rng.random() < 0.3, rng.random() < 0.8
        count = 1 if is_single else rng.randint(1, options.rows)
        rows = tuple(_row(options, rng, place, index) for index in range(count))
        if is_single and not rows[0].is_good:
            rows = (_good(rng, options, place, 0),)
        yield Order(
            tenant=_TENANT,
            agent=rng.randint(1, options.sequences),
            intent=f"order-{place}",
            rows=rows,
            group_by=REQUIRED if chains else None,
            is_single=is_single,
            price=options.price,
        )


def _row(options: CallOptions, rng: Random, order: int, index: int) -> Row:
    if rng.random() < 0.1:
        return Row(_phone(order, index), {OWNER: "x"}, is_good=False)
    return _good(rng, options, order, index)


def _good(rng: Random, options: CallOptions, order: int, index: int) -> Row:
    variables = {REQUIRED: f"account {rng.randint(1, options.groups)}", OWNER: rng.choice("xy")}
    email = None
    if options.mails:
        email = f"contact{rng.choice((order * 10 + index, index))}@customer.example"
    starts_after = None if options.windows else rng.choice((None, None, None, 30 * MINUTE, 2 * HOUR))
    return Row(_phone(order, index), variables, email=email, starts_after=starts_after)


def _phone(order: int, index: int) -> str:
    return f"+1415555{order:02d}{index:02d}"


def drawn_cancels(options: CallOptions, rng: Random) -> Iterator[tuple[str, str]]:
    """By which variables and values somebody cancels."""
    for _ in range(options.cancels):
        if rng.random() < 0.5:
            yield REQUIRED, f"account {rng.randint(1, options.groups)}"
        else:
            yield OWNER, rng.choice("xyz")
