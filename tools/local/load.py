"""Campaigns with many lanes, against a mail sink of their own: what the benches put on a stack."""

import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tools.local.api import Api
from tools.local.ports import LOOPBACK, free_port
from tools.local.processes import Process
from tools.local.services import ROOT, accepts, start_module

type Errand = tuple[str, int]
"""An enrollment's id and the position of a step."""


@dataclass(frozen=True)
class Sink:
    """Where the mails of a bench arrive, and nobody else's."""

    port: int
    maildir: Path


@dataclass(frozen=True)
class Shape:
    """How many of what: campaigns, lanes and people of each, minutes before each step, seconds between slots."""

    campaigns: int
    lanes: int
    people: int
    delays: Sequence[int]
    min_wait: int = 0
    max_wait: int = 0

    @property
    def mails(self) -> int:
        """How many mails there are to send."""
        return self.campaigns * self.people * len(self.delays)


@dataclass(frozen=True)
class Campaign:
    """A campaign with its people enrolled, by the id of the import they came with."""

    id: str
    contact_import: str


@dataclass(frozen=True)
class Enrolled:
    """One person in one campaign; `sent_at` is when the first step was settled, in UTC milliseconds."""

    id: str
    email: str
    sent_at: int | None


@contextmanager
def own_sink(name: str, answer_after: float = 0) -> Iterator[Sink]:
    """A sink for one bench; its mails are kept in .local until the next one of that name."""
    directory = ROOT / ".local" / name
    shutil.rmtree(directory, ignore_errors=True)
    sink = Sink(free_port(), directory / "mail")
    process = Process("smtp-sink", directory)
    options = ["--port", str(sink.port), "--maildir", str(sink.maildir), "--answer-after", str(answer_after)]
    start_module(process, *options)
    try:
        process.wait_until(lambda: accepts(sink.port))
        yield sink
    finally:
        process.stop()


def prepare(api: Api, sink: Sink, shape: Shape) -> list[Campaign]:
    """Make the campaigns and enrol their people; nothing is sent before `dispatch`."""
    return [_campaign(api, sink, shape) for _ in range(shape.campaigns)]


def dispatch(api: Api, campaigns: Sequence[Campaign]) -> None:
    """Let them send."""
    for campaign in campaigns:
        api.post(f"/campaigns/{campaign.id}/dispatch")


def enrolled(api: Api, campaigns: Sequence[Campaign]) -> list[Enrolled]:
    """Everybody in the campaigns, as the API lists them."""
    return [row for campaign in campaigns for row in _enrolled(api, campaign)]


def position(subject: str) -> int:
    """The position of the step whose mail has this subject."""
    return int(subject.removeprefix("Step "))


def _campaign(api: Api, sink: Sink, shape: Shape) -> Campaign:
    domain = f"{uuid.uuid4().hex[:12]}.example"
    people = [{"email": f"p{place}@{domain}"} for place in range(shape.people)]
    contact_import = api.post("/contact_imports", {"contact_import": {"name": "Bench", "contacts": people}})["id"]
    campaign = api.post("/campaigns", {"campaign": _campaign_body(sink, shape)})["id"]
    api.post(f"/campaigns/{campaign}/enroll", {"contact_import_id": contact_import})
    return Campaign(campaign, contact_import)


def _campaign_body(sink: Sink, shape: Shape) -> dict[str, Any]:
    senders = [
        {
            "smtp_host": LOOPBACK,
            "smtp_port": sink.port,
            "smtp_username": f"lane{place}@bench.example",
            "smtp_password": "any will do",
            "daily_limit": 1_000_000,
        }
        for place in range(shape.lanes)
    ]
    steps = [
        {"position": place, "subject": f"Step {place}", "body_html": "<p>Hello</p>", "delay_minutes": delay}
        for place, delay in enumerate(shape.delays, 1)
    ]
    waits = {"min_wait_seconds": shape.min_wait, "max_wait_seconds": shape.max_wait}
    return {"name": "Bench", "smtp_credentials": senders, "sequence_steps": steps} | waits


def _enrolled(api: Api, campaign: Campaign) -> Iterator[Enrolled]:
    contacts = api.get(f"/contact_imports/{campaign.contact_import}/contacts")
    emails = {contact["id"]: str(contact["email"]) for contact in contacts}
    for row in api.get(f"/campaigns/{campaign.id}/enrollments"):
        yield Enrolled(row["id"], emails[row["contact_id"]], _milliseconds(row["sent_at"]))


def _milliseconds(text: str | None) -> int | None:
    return None if text is None else round(datetime.fromisoformat(text).timestamp() * 1000)
