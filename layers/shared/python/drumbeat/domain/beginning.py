"""Whether a sequence is on: it sends, or begins to as soon as it gets steps."""

from dataclasses import replace

from drumbeat.domain.sequence import Sequence, SequenceStatus

_WISH = "begins_with_steps"


def is_on(sequence: Sequence) -> bool:
    """Whether nobody needs to start it before it sends."""
    return sequence.status is SequenceStatus.ACTIVE or (not sequence.steps and _WISH in sequence.fields)


def begun(sequence: Sequence, now: int) -> Sequence:
    """The sequence once somebody has started it; one without steps begins when it gets some."""
    if sequence.status is SequenceStatus.ACTIVE:
        return sequence
    if not sequence.steps:
        return replace(sequence, fields={**sequence.fields, _WISH: True})
    return replace(_without_wish(sequence), status=SequenceStatus.ACTIVE, enabled_at=now)


def stopped(sequence: Sequence) -> Sequence:
    """The sequence once somebody has stopped it; one that never began stays so."""
    if sequence.status is SequenceStatus.ACTIVE:
        return replace(sequence, status=SequenceStatus.PAUSED)
    return _without_wish(sequence)


def _without_wish(sequence: Sequence) -> Sequence:
    return replace(sequence, fields={name: value for name, value in sequence.fields.items() if name != _WISH})
