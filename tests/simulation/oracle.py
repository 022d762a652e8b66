"""The oracle: watches every commit of the store and every mail, and knows what must never be (reliability §2.1)."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable
from functools import lru_cache

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.contact_items import address_digest
from drumbeat.domain.mail import Mail
from drumbeat.domain.sequence import Sender
from drumbeat.domain.times import SECOND
from tests.memory.shelf import Key
from tests.memory.values import Item
from tests.simulation.records import Accepted, Claim, Stops, Violation, Who, kind_of, maybe, number, text, who
from tests.simulation.scheduler import Process, Scheduler

SIGN_GOOD_FOR = 1 * SECOND
"""How old the last look for a stop sign may be when a mail's content goes out."""
MOST_SKEW = 3 * SECOND
"""How far two clocks are apart at most."""
ANSWER = "answer"
"""What processes are called in which a tenant's app answers."""
_TERMINAL = frozenset({"finished", "replied", "bounced", "unsubscribed", "removed", "deleted", "failed"})


class Oracle:
    """Raises Violation the moment a promise is broken; `reckoning` asks it at the end for what it has seen."""

    def __init__(self, scheduler: Scheduler, identify: Callable[[Mail], tuple[Who, int]]) -> None:
        self.scheduler = self._scheduler = scheduler
        self._identify = identify
        self.stops = Stops()
        self.commits = 0
        self.held: dict[Who, Claim] = {}
        self.claims: defaultdict[Process, dict[Who, Claim]] = defaultdict(dict)
        self.lives: Counter[Who] = Counter()
        """How often an enrollment was deleted: one that is made again has nothing to do with those before it."""
        self.accepts: defaultdict[tuple[Who, int, int], list[Accepted]] = defaultdict(list)
        self.resends: Counter[tuple[Who, int]] = Counter()
        self.said_accepted: set[tuple[Who, int]] = set()
        self.said_bounced: set[Who] = set()
        self.doubtful: set[tuple[Who, int]] = set()
        self.in_doubt: Counter[tuple[int, int]] = Counter()
        self.refusals: set[tuple[Who, int]] = set()
        self.deleted: Counter[int] = Counter()
        self.first_steps_of: defaultdict[tuple[int, int], set[tuple[Who, int]]] = defaultdict(set)
        """The first steps, with their epochs, that a sender's lane has ever reserved."""
        self.counts: Counter[str] = Counter()
        self.events: deque[tuple[int, str, str]] = deque(maxlen=120)
        self.watchers: list[Callable[[str, int, Key, Item | None, Item | None], None]] = []
        self.on_claim: list[Callable[[Claim], None]] = []
        self.on_content: list[Callable[[Claim], None]] = []
        self.on_accept: list[Callable[[Accepted], None]] = []
        self.on_denial: list[Callable[[Who, int], None]] = []

    # --- What the store commits ---

    def changed(self, _table: str, key: Key, before: Item | None, after: Item | None) -> None:
        """Observes a commit."""
        self.commits += 1
        kind, tenant = kind_of(key[0])
        match kind:
            case "enrollment":
                self._enrollment(tenant, before, after)
            case "contact":
                self._contact(tenant, before, after)
            case "sequence":
                self._sequence(tenant, after)
            case "sender":
                self._sender(tenant, before, after)
            case "email" if key[1] == "SUPPRESSED" and before is None:
                self.stops.addresses[tenant, key[0]] = self._scheduler.now
        for watcher in self.watchers:
            watcher(kind, tenant, key, before, after)

    def _enrollment(self, tenant: int, before: Item | None, after: Item | None) -> None:
        if after is None:
            if before is not None:
                gone = who(tenant, before)
                self.held.pop(gone, None)
                self._forget(gone)
                self.tell(f"{gone} deleted")
            return
        if before is None:
            return
        me = who(tenant, after)
        was, now = text(before, "owner"), text(after, "owner")
        if was != now:
            self._owner_changed(me, was, now, before, after)
        self._moved_on(me, before, after)

    def _forget(self, gone: Who) -> None:
        self.deleted[gone.tenant] += 1
        self.lives[gone] += 1
        self.said_bounced.discard(gone)
        for known in (self.said_accepted, self.doubtful, self.refusals):
            known -= {entry for entry in known if entry[0] == gone}
        for entry in [entry for entry in self.resends if entry[0] == gone]:
            del self.resends[entry]

    def mails_of(self, me: Who, step: int) -> list[Accepted]:
        """The accepted mails of a step, those of a deleted enrollment of this name left out."""
        return self.accepts.get((me, step, self.lives[me]), [])

    def _owner_changed(self, me: Who, was: str | None, now: str | None, before: Item, after: Item) -> None:
        if was is not None and now is not None:
            raise Violation("twice", f"{me}: {now} took the claim of {was} over")
        if now is not None:
            self._claimed(me, now, before, after)
            return
        claim = self.held.pop(me)
        process = self._scheduler.current
        if self._answers(process, before):
            self.tell(f"{me} step {claim.step}: answered beside {claim.process.name}")
            return
        lapsed = claim.lease <= self._scheduler.now + MOST_SKEW
        if process is not claim.process and not lapsed:
            raise Violation("fence", f"{me}: {_name(process)} ended the claim of {claim.process.name}")
        self.tell(f"{me} step {claim.step}: claim ended, {text(after, 'state')}")
        if claim.step == 0 and (claim.fate == "unknown" or process is not claim.process):
            self.in_doubt[me.tenant, claim.sender] += 1
        if process is not claim.process:
            self.doubtful.add((me, claim.step))
            self._check_trouble(claim)

    @staticmethod
    def _answers(process: Process | None, before: Item) -> bool:
        """Whether this is a tenant's app, which says what has become of what it was asked."""
        return process is not None and process.name == ANSWER and "awaits" in before

    def _check_trouble(self, claim: Claim) -> None:
        """A claim lapses only where something went wrong for its owner."""
        self.counts["lapsed"] += 1
        process = claim.process
        since = process.troubled_at
        if process.ended and (since is None or since < claim.at):
            raise Violation("lapsed", f"{claim.who} step {claim.step}: {process.name} left its claim without trouble")

    def _claimed(self, me: Who, owner: str, before: Item, after: Item) -> None:
        now, process = self._scheduler.now, self._scheduler.current
        if process is None:
            raise RuntimeError("somebody claims")
        state, due = text(before, "state"), number(before, "due")
        step, epoch, lease = number(after, "step"), number(after, "epoch"), number(after, "lease")
        sender, bound = maybe(after, "sender") or 0, "bound" in after
        claim = Claim(me, process, owner, step, epoch, sender, now, self.commits, lease, self.lives[me], bound)
        self.tell(f"{me} step {step} epoch {epoch} claimed for sender {claim.sender}")
        self.counts["claims"] += 1
        if state != "active":
            raise Violation("after a stop", f"{me} claimed while {state}")
        if due > now + MOST_SKEW:
            raise Violation("early", f"{me} claimed {due - now} ms before it is due")
        if bound and maybe(before, "sender") != sender:
            raise Violation("tenants", f"{me} is bound to sender {maybe(before, 'sender')}, and {sender} claimed it")
        self.held[me] = claim
        self.claims[process][me] = claim
        for heard in self.on_claim:
            heard(claim)

    def _moved_on(self, me: Who, before: Item, after: Item) -> None:
        was, now = text(before, "state"), text(after, "state")
        step_was, step_now = number(before, "step"), number(after, "step")
        epoch_was, epoch_now = number(before, "epoch"), number(after, "epoch")
        if (step_now, epoch_now) < (step_was, epoch_was) or epoch_now < epoch_was:
            raise Violation("backwards", f"{me} went from step {step_was} to {step_now}")
        is_unclaimed = "owner" not in before and not self._answers(self._scheduler.current, before)
        if step_now > step_was and was == "active" and is_unclaimed:
            raise Violation("fence", f"{me}: {_name(self._scheduler.current)} moved on what it had not claimed")
        if was != now:
            self.tell(f"{me}: {was} became {now}")
            # Of what has finished somebody may still unsubscribe: it is over either way.
            if was in _TERMINAL and now != "deleted" and (was, now) != ("finished", "unsubscribed"):
                raise Violation("backwards", f"{me} went from {was} to {now}")
        if was == "parked" and now != "parked":
            self._resolved(me, step_was, now, step_now > step_was, epoch_now > epoch_was)

    def _resolved(self, me: Who, step: int, now: str | None, ahead: bool, again: bool) -> None:
        if again:
            self.resends[me, step] += 1
        elif ahead:
            self.said_accepted.add((me, step))
        elif now == "bounced":
            self.said_bounced.add(me)
            for heard in self.on_denial:
                heard(me, step)

    def _contact(self, tenant: int, before: Item | None, after: Item | None) -> None:
        there = after or before
        if there is None:
            return
        place = tenant, number(there, "number")
        if after is None or "unsubscribed_at" in after:
            if place not in self.stops.contacts:
                self.tell(f"contact {place} stopped")
            self.stops.contacts.setdefault(place, self._scheduler.now)

    def promised(self, tenant: int, contact: int) -> None:
        """Somebody was told that the contact gets no more mail."""
        self.stops.contacts.setdefault((tenant, contact), self._scheduler.now)

    def _sequence(self, tenant: int, after: Item | None) -> None:
        if after is None:
            return
        place = tenant, number(after, "number")
        if text(after, "status") == "active":
            self.stops.paused.pop(place, None)
        else:
            self.stops.paused.setdefault(place, self.commits)

    def _sender(self, tenant: int, before: Item | None, after: Item | None) -> None:
        there = after or before
        if there is None:
            return
        place = tenant, number(there, "number")
        if after is None or "disabled_at" in after:
            self.stops.senders.setdefault(place, self.commits)
        else:
            self.stops.senders.pop(place, None)

    # --- What the mail servers see ---

    def content_goes_out(self, process: Process, sender: Sender, mail: Mail, asked_at: int) -> None:
        """The stop sign was looked for at `asked_at` and was not there: from now on the mail may arrive."""
        me, step = self._identify(mail)
        now = self._scheduler.now
        claim = self.claims[process].get(me)
        if claim is None or claim.step != step:
            raise Violation("twice", f"{me} step {step} sent by {process.name} without a claim")
        if now > claim.lease:
            raise Violation("twice", f"{me} step {step} sent after its lease")
        if (sender.tenant, sender.number) != (me.tenant, claim.sender):
            raise Violation("tenants", f"{me} sent by sender {sender.number} of tenant {sender.tenant}")
        if not claim.bound and sender.sequence != me.sequence:
            raise Violation("tenants", f"{me} sent by sender {sender.number} of tenant {sender.tenant}")
        self._check_stops(claim)
        self._check_signs(claim, suppression_of(me.tenant, mail.recipient), asked_at - SIGN_GOOD_FOR)
        if claim.life == self.lives[me] and len(self.mails_of(me, step)) > self.resends[me, step]:
            raise Violation("twice", f"{me} step {step} goes out again")
        if (me, step) in self.refusals and not self.resends[me, step]:
            raise Violation("refused", f"{me} step {step} goes out although it was refused for good")
        for heard in self.on_content:
            heard(claim)

    def _check_stops(self, claim: Claim) -> None:
        me, stops = claim.who, self.stops
        paused = stops.paused.get((me.tenant, me.sequence))
        if paused is not None and paused < claim.commit:
            raise Violation("after a stop", f"{me} sent although paused before the claim")
        sender = stops.senders.get((me.tenant, claim.sender))
        if sender is not None and sender < claim.commit:
            raise Violation("after a stop", f"{me} sent although its sender was switched off before the claim")

    def _check_signs(self, claim: Claim, address: str, before: int) -> None:
        me, stops = claim.who, self.stops
        for stopped in (stops.contacts.get((me.tenant, me.contact)), stops.addresses.get((me.tenant, address))):
            if stopped is not None and stopped < before:
                raise Violation("after a stop", f"{me} sent although the contact unsubscribed or was deleted before")

    def accepted(self, process: Process, sender: Sender, mail: Mail) -> None:
        """A server took a mail over."""
        me, step = self._identify(mail)
        claim = self.claims[process][me]
        claim.fate = "accepted"
        self.counts["mails"] += 1
        self.tell(f"{me} step {step} accepted from sender {sender.number}")
        before = self.accepts[me, step, claim.life]
        twice = claim.life == self.lives[me] and len(before) > self.resends[me, step]
        if twice or any(mail.claim.epoch == claim.epoch for mail in before):
            raise Violation("twice", f"{me} step {step} accepted {len(before) + 1} times")
        mail_accepted = Accepted(claim, self._scheduler.now, sender.number)
        before.append(mail_accepted)
        for heard in self.on_accept:
            heard(mail_accepted)

    def fate_unknown(self, process: Process, mail: Mail) -> None:
        """The client was told nothing about a mail."""
        me, step = self._identify(mail)
        claim = self.claims[process][me]
        claim.fate = "unknown"
        if claim.life == self.lives[me]:
            self.doubtful.add((me, step))

    def refused(self, mail: Mail) -> None:
        """A server refused a mail for good."""
        self.refusals.add(self._identify(mail))

    def tell(self, what: str) -> None:
        """Notes an event, for the report of a violation."""
        self.events.append((self._scheduler.now, _name(self._scheduler.current), what))


@lru_cache(maxsize=1024)
def suppression_of(tenant: int, email: str) -> str:
    """The partition that an address's suppression lies in."""
    return keys.suppression(tenant, address_digest(email))[0]


def _name(process: Process | None) -> str:
    return "-" if process is None else process.name
