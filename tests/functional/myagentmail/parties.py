"""Calls that may meet, each with what the model says of its answer; and whether two went as if in a row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from drumbeat.domain.ids import enrollment_number
from tests.cadences import Client, enrol, listed, relink
from tests.functional.myagentmail.disturbed import interleaved
from tests.functional.myagentmail.relink_model import SHOWN, Fields, Model
from tests.world import Answer


@dataclass(frozen=True)
class Party:
    """A call; `judge` has the model do the same and says what is wrong with the answer, None if nothing is."""

    call: Callable[[], Answer]
    judge: Callable[[Model, Answer], str | None]


def enrolling(client: Client, cadence_id: str, asked: Fields) -> Party:
    return Party(
        lambda: enrol(client, cadence_id, **asked), lambda model, answer: model.enrol(cadence_id, asked, answer)
    )


def relinking(client: Client, cadence_id: str, rows: Sequence[tuple[str, Fields]], *, retry: bool = False) -> Party:
    updates = [{"enrollmentId": name, **fields} for name, fields in rows]
    return Party(
        lambda: relink(client, cadence_id, *updates, retry_now=retry),
        lambda model, answer: model.relink(cadence_id, rows, retry, answer),
    )


def taking_away(client: Client, name: str) -> Party:
    """The deletion of an enrollment, which another dialect has."""
    number = str(enrollment_number(client.key_of(name)))
    return Party(
        lambda: client.others("delete_sequence_state", group="outreach", id=number),
        lambda model, answer: model.take_away(name, answer),
    )


def deleting_contact(client: Client, name: str, email: str) -> Party:
    """The deletion of the contact with this address, who is in the cadence as this enrollment."""
    call, query = client.others, {"filter[emails]": email}
    ((person),) = call("list_prospects", group="outreach", query=query).body["data"]

    def judge(model: Model, answer: Answer) -> str | None:
        model.delete(name)
        return None if answer.status == 204 else f"{answer.status} {answer.body}"

    return Party(lambda: call("delete_prospect", group="outreach", id=str(person["id"])), judge)


def alone(model: Model, party: Party) -> None:
    """The call goes as the model says."""
    complaint = party.judge(model, party.call())
    assert complaint is None, complaint


def at_once(
    client: Client, cadences: Sequence[str], model: Model, parties: Sequence[Party], order: Iterable[bool]
) -> Model:
    """The model after two calls that met: it went as if one had come after the other, whichever was first."""
    answers = interleaved(parties[0].call, parties[1].call, order)
    complaints = []
    for places in ((0, 1), (1, 0)):
        after = model.copy()
        after.meeting = True
        found = [parties[place].judge(after, answers[place]) for place in places]
        found.append(difference(client, cadences, after))
        if not any(found):
            after.meeting = False
            return after
        complaints.append([complaint for complaint in found if complaint])
    raise AssertionError(complaints)


def difference(client: Client, cadences: Sequence[str], model: Model) -> str | None:
    """Where what the API shows is not what the model has, None if nowhere."""
    there = {row["id"]: row for cadence_id in cadences for row in listed(client, cadence_id)}
    if there.keys() != model.leads.keys():
        return f"{sorted(there)} instead of {sorted(model.leads)}"
    wrong = {}
    for name, row in there.items():
        wanted = model.shown(name)
        actual: dict[str, Any] = {each: row[each] for each in SHOWN}
        if "due" in wanted:
            actual["due"] = _instant(row["nextStepDueAt"])
        if actual != wanted:
            wrong[name] = actual, wanted
    return str(wrong) if wrong else None


def _instant(spelled: str | None) -> int | None:
    return None if spelled is None else int(datetime.fromisoformat(spelled).timestamp() * 1000)
