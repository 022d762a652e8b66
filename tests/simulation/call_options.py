"""What a schedule of calls is made of: everything is drawn from its seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from random import Random

from drumbeat.domain.agent import BUSY, NO_ANSWER, VOICEMAIL, CallRetry
from drumbeat.domain.sequence import Step, StepKind
from drumbeat.domain.times import MINUTE
from tests.simulation.call_feed import PUNCTUAL, Feeding
from tests.simulation.options import Binding, Options, drawn

CALL, WAIT = Step(1, "", "", 0, kind=StepKind.CALL), Step(2, "", "", 1, kind=StepKind.WAIT)
MAIL = Step(2, "Hello", "<p>Hello</p>", 0)
_STEPS = ((CALL,), (CALL,), (CALL, MAIL), (MAIL, CALL), (CALL, WAIT, replace(CALL, position=3)))
_CROWDED = 0.15


@dataclass(frozen=True, slots=True)
class CallOptions(Options):
    """One small world of calls. `orders` and `cancels` are how many there are; a call costs `price`, of `allocated`."""

    steps_of_agents: tuple[Step, ...] = (CALL,)
    retries: Mapping[str, CallRetry] = field(default_factory=dict)
    price: int = 1
    allocated: int = 10_000
    feeding: Feeding = PUNCTUAL
    orders: int = 2
    rows: int = 3
    groups: int = 1
    cancels: int = 0

    @property
    def mails(self) -> bool:
        """Whether agents send mails too."""
        return MAIL in self.steps_of_agents


def with_calls(options: Options, **calls: object) -> CallOptions:
    """The same for a world of calls."""
    common = {one.name: getattr(options, one.name) for one in fields(Options)}
    return CallOptions(**common, **calls)  # type: ignore[arg-type]


def drawn_calls(seed: int) -> CallOptions:
    """The schedule of a seed; in some of them many single calls crowd into one group while the store is slow."""
    options = _drawn(seed)
    if Random(seed + 3).random() > _CROWDED:
        return options
    return replace(
        options, orders=6, rows=1, groups=1, sequences=1, slow=0.3, fault_rate=0.0, allocated=10_000, actions=8
    )


def _drawn(seed: int) -> CallOptions:
    rng = Random(seed + 2)
    pick = rng.choice
    steps = pick(_STEPS)
    base = replace(
        drawn(seed), binding=Binding.ALONE, tenants=1, sequences=pick((1, 1, 1, 2)), steps=len(steps), enrollments=1,
        lanes=1, daily_limit=100, daily_mails=None, own_wait=None, daily_cap=pick((None, None, None, None, 3)),
        trouble_for=pick((2, 4, 8)) * MINUTE,
    )  # fmt: skip
    retry = CallRetry(pick((1, 2)), pick((1, 5)))
    return with_calls(
        base,
        steps_of_agents=steps,
        retries={name: retry for name in (BUSY, VOICEMAIL, NO_ANSWER) if rng.random() < 0.6},
        price=pick((0, 1, 1, 3)),
        allocated=pick((10_000, 10_000, 10_000, 9, 5)),
        feeding=Feeding(pick((0.0, 0.0, 0.2)), pick((0.0, 0.1)), pick((0.0, 0.0, 0.0, 0.2))),
        orders=pick((1, 2, 2, 3)),
        rows=pick((1, 2, 3, 4)),
        groups=pick((1, 1, 2)),
        cancels=pick((0, 0, 1, 2)),
    )
