"""What became of mails, as our own API tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from drumbeat.application.analytics import Part, Question, Row
from drumbeat.dialects.dates import day_asked_for
from drumbeat.dialects.drumbeat.schedules import sequence_number
from drumbeat.dialects.drumbeat.senders import sender_number
from drumbeat.domain.errors import invalid_field
from drumbeat.domain.ids import Kind, resource_uuid
from drumbeat.domain.schedule import date_of
from drumbeat.domain.times import utc_day

_USUALLY, _MOST = 30, 366
_TOTAL = "total"


def question_of(tenant: int, query: Mapping[str, str], now: int) -> Question:
    """What the parameters ask: for the total of the last 30 days, where they name neither.

    Raises ValidationFailed, and NotFound for ids that are none.
    """
    campaign, sender = query.get("campaignId") or None, query.get("senderId") or None
    if (campaign is None) is (sender is None):
        raise invalid_field("campaignId", "either campaignId or senderId is needed, not both")
    by = _parts(query.get("by") or _TOTAL)
    if sender is not None and Part.STEP in by:
        raise invalid_field("by", "steps are told apart within a campaign only")
    first, last = _span(query, utc_day(now))
    return Question(
        sequence=None if campaign is None else sequence_number(tenant, campaign),
        sender=None if sender is None else sender_number(tenant, sender),
        first=first,
        last=last,
        by=by,
    )


def _parts(text: str) -> frozenset[Part]:
    words = frozenset(text.split(","))
    if words == {_TOTAL}:
        return frozenset()
    if not words <= {part.value for part in Part}:
        raise invalid_field("by", f"must be {_TOTAL}, or any of {', '.join(Part)}, separated by commas")
    return frozenset(map(Part, words))


def _span(query: Mapping[str, str], today: int) -> tuple[int, int]:
    end, start = query.get("to") or None, query.get("from") or None
    last = today if end is None else day_asked_for("to", end)
    first = last - _USUALLY + 1 if start is None else day_asked_for("from", start)
    if not first <= last < first + _MOST:
        raise invalid_field("from", f"must not be after `to`, nor {_MOST} days or more before it")
    return max(first, 0), last


def analytics_body(tenant: int, question: Question, rows: Sequence[Row]) -> dict[str, Any]:
    """The counts. All are of mails, each counted once, on the UTC day on which what is counted happened."""
    return {
        "from": date_of(question.first).isoformat(),
        "to": date_of(question.last).isoformat(),
        "rows": [_row_body(tenant, row) for row in rows],
    }


def _row_body(tenant: int, row: Row) -> dict[str, Any]:
    day = {} if row.day is None else {"day": date_of(row.day).isoformat()}
    step = {} if row.step is None else {"step": row.step + 1}
    counts = {_camel(name): value for name, value in asdict(row.counts).items()}
    return (
        day
        | step
        | _sender(tenant, row.sender)
        | counts
        | {"delivered": row.counts.delivered, "bounced": row.counts.bounced}
    )


def _sender(tenant: int, number: int | None) -> dict[str, str | None]:
    """Nothing has the number 0: it stands for a sender that is not known."""
    if number is None:
        return {}
    return {"senderId": resource_uuid(Kind.SENDER, tenant, number) if number else None}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))
