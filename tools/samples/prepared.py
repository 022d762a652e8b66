"""The data that the samples in events/ are about: tenant 1 with one of everything they name, and the operators.

Numbers are fixed, as the samples spell them; times are relative to the instant that is handed in. What a function
makes anew has number 100 of its kind.
"""

from dataclasses import dataclass

TENANT = 1
SECRET = "t" * 64
"""What the stack's token secret must be: the tokens in the samples are sealed with it."""


@dataclass(frozen=True)
class Hosts:
    """Where the servers listen that stand for the world outside, as a function sees them."""

    smtp: tuple[str, int]
    imap: tuple[str, int]
    web: str
    """The beginning of every receiver's URL, without a slash at its end."""


def prepare(hosts: Hosts, now: int) -> None:
    """Writes what the samples need on the stack that the environment names; `now` in UTC milliseconds.

    Mails that wait in a mailbox are put there over IMAP.
    """
    from tools.samples import (  # noqa: PLC0415 - whoever only asks for the secret needs no stack
        accounts,
        bulk,
        cadences,
        calls,
        campaigns,
        mailings,
        outreach,
        reactions,
        receivers,
        waiting,
    )

    accounts.prepare_accounts(now)
    campaigns.prepare_campaigns(hosts, now)
    mailings.prepare_mailings(hosts, now)
    receivers.prepare_receivers(hosts, now)
    bulk.prepare_bulk(now)
    waiting.prepare_waiting(now)
    outreach.prepare_outreach(hosts, now)
    cadences.prepare_cadences(hosts, now)
    calls.prepare_calls(hosts, now)
    reactions.prepare_reactions(hosts, now)
