"""Campaigns from their lists to the last click, in memory and virtual time, and what each kind of work took."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from itertools import batched
from typing import Any
from zlib import crc32

from drumbeat.config import settings
from drumbeat.domain.times import MINUTE
from functions.tracking import click
from functions.tracking import open as open_pixel
from tests.costs.tally import Tally, beside, invoked
from tests.listening import Wire, deliver, received
from tests.memory.store import Store
from tests.memory.stream import Record
from tests.stage import Stage
from tests.world import CREDENTIAL, Caller, Context, api_event, imported, people, started

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
_LINKED = '<p>Hi</p><a href="https://acme.example/">Us</a>'
_STEPS = [
    {"position": 1, "subject": "Hello {{first_name}}", "body_html": _LINKED},
    {"position": 2, "subject": "Again", "body_html": _LINKED, "delay_minutes": 30},
]
_LINK = re.compile(r"/t/([oc])/([\w.~-]+)")
_FIRST, _LAST = 0, 1
_OF_AN_ITEM = 100  # bytes that AWS adds for each, in the storage it bills


@dataclass(frozen=True)
class Load:
    """How much there is to do, and how much of what waits comes to a function at once."""

    campaigns: int
    senders: int
    contacts: int
    rows: int
    messages: int
    records: int


@dataclass
class Campaigns:
    """A tenant's campaigns of two mails, at the pace that AmpOut's API gives them."""

    store: Store
    stage: Stage
    caller: Caller
    load: Load
    mail_port: int
    receiver: str
    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Counter))
    units: Counter[str] = field(default_factory=Counter)
    """How many contacts, mails, reactions … each tally is about."""

    def __post_init__(self) -> None:
        self._wire = Wire(self.store)

    def forget(self) -> None:
        """Counts anew: what a container does once, such as importing modules, has been done."""
        self.tallies.clear()
        self.units.clear()

    def enroll_a_list(self, name: str) -> None:
        """Imports people in one call and enrolls them in another, into a campaign that sends nothing yet."""
        campaign, rows = self._started(name), people(self.load.rows, domain=f"{name}.example")
        before = self._kept()
        made = self._called("import", "create_contact_import", {"contact_import": {"name": "l", "contacts": rows}})
        between = self._kept()
        self._called("enroll", "enroll", {"contact_import_id": made["id"]}, campaign_id=campaign)
        self.tallies["import"]["bytes"] = between - before
        self.tallies["enroll"]["bytes"] = self._kept() - between
        self.units.update({"import": len(rows), "enroll": len(rows)})

    def begin(self) -> None:
        """Starts the campaigns with their people."""
        for place in range(self.load.campaigns):
            campaign, name = self._started(f"c{place}"), f"c{place}.example"
            rows = imported(self.caller, people(self.load.contacts, domain=name))
            assert self.caller("enroll", {"contact_import_id": rows}, campaign_id=campaign).status == 200
            assert self.caller("dispatch_campaign", campaign_id=campaign).body["status"] == "active"

    def _started(self, name: str) -> str:
        sender = CREDENTIAL | {"smtp_port": self.mail_port}
        senders = [sender | {"from_email": f"ann{n}@{name}.acme.example"} for n in range(self.load.senders)]
        return started(self.caller, smtp_credentials=senders, sequence_steps=_STEPS, track_clicks=True)

    def _called(self, part: str, operation: str, body: Any, **path: str) -> Any:
        answer = invoked(self.tallies[part], lambda: self.caller(operation, body, **path), by="api")
        assert answer.status < 300, answer
        return answer.body

    def send(self, minutes: int) -> None:
        """A tick a minute; what is due within that minute is handed over at its end."""
        for _ in range(minutes):
            beside(self.tallies["dispatch"], self.stage.tick)
            self.stage.now += MINUTE
            for hints in batched(self.stage.due(), self.load.messages, strict=False):
                assert invoked(self.tallies["send"], partial(self.stage.work, hints), by="queue") == []

    def react(self, mails: Iterable[bytes]) -> None:
        """Has every picture and every link in the mails asked for once."""
        links = [link for mail in mails for link in links_in(mail)]
        for part, kind, handler in (("open", "o", open_pixel.handler), ("click", "c", click.handler)):
            tokens = [token for found, token in links if found == kind]
            for token in tokens:
                event = api_event("GET", path={"token": token}, headers={"User-Agent": BROWSER})
                answer = invoked(self.tallies[part], partial(handler, event, Context()), by="api")
                assert answer["statusCode"] in {200, 302}, answer
            self.tell(part, len(tokens))

    def tell(self, part: str, units: int) -> None:
        """Has what was written since made events of: of half the enrollments with nobody listening, then with."""
        self.units[part] += units
        records = self._wire.written()
        for half in (_FIRST, _LAST):
            its = [record for record in records if _half_of(record) == half]
            of_them = units * len(its) // len(records)
            if half == _FIRST:
                self._publish(f"{part}, logged", its, of_them)
            else:
                self._publish_to_a_receiver(part, its, of_them)

    def _publish_to_a_receiver(self, part: str, records: Sequence[Record], units: int) -> None:
        webhook = self.caller("create_webhook", {"webhook": {"url": self.receiver}}).body["id"]
        self._publish(f"{part}, logged and told", records, units)
        tally, before = self.tallies[f"{part}, posted"], self._kept()
        for events in batched(received(), self.load.messages, strict=False):
            assert invoked(tally, partial(deliver, events), by="queue") == []
            tally["posts"] += len(events)
        tally["bytes"] += self._kept() - before
        self.units[f"{part}, posted"] += units
        assert self.caller("delete_webhook", webhook_id=webhook).status < 300
        self._wire.written()

    def _publish(self, part: str, records: Sequence[Record], units: int) -> None:
        before = self._kept()
        for some in batched(records, self.load.records, strict=False):
            assert invoked(self.tallies[part], partial(self._wire.publish, some)) == []
        self.tallies[part]["bytes"] += self._kept() - before
        self.units[part] += units

    def _kept(self) -> int:
        rows = self.store.tables[settings().table].rows.values()
        return sum(row.size + _OF_AN_ITEM for row in rows)


def links_in(mail: bytes) -> Iterator[tuple[str, str]]:
    """The kind (o: picture, c: link) and the token of what leads from a mail back to us."""
    message = message_from_bytes(mail, policy=policy.default)
    assert isinstance(message, EmailMessage)
    html = message.get_body(("html",))
    assert isinstance(html, EmailMessage)
    for found in _LINK.finditer(html.get_content()):
        yield found[1], found[2]


def _half_of(record: Record) -> int:
    """Which half of the enrollments a record is about: all of one are in the same."""
    return crc32(repr(record["dynamodb"]["Keys"]).encode()) % 2
