"""What may happen to mail on its way, and what must hold all the same (ADR 46).

A mutation never makes a dead address of one that is not, unless the mutated bytes say so themselves; and one that
leaves alone what a report says to machines leaves alone what is read in it. `python -m tests.simulation.inbound_fuzz
2000` mutates each sample 2,000 times.
"""

import re
import sys
from collections import Counter
from random import Random

from drumbeat.domain.delivery_status import Returned
from drumbeat.domain.inbound_mail import InboundMail, MailKind
from drumbeat.domain.mime import read_part
from drumbeat.domain.permanence import Permanence
from tests.inbound_samples import SAMPLES, raw_of, read

_SAYS_SO = re.compile(rb"5\.\d{1,3}\.\d{1,3}|\b5\d\d\b")
_FOR_MACHINES = re.compile(rb"message/(global-)?delivery-status", re.IGNORECASE)
_STRUCTURE = re.compile(
    rb"\s|--|\Z|(mime-|content-|from:|subject:|return-path:|auto-|x-failed|message-id)", re.IGNORECASE
)


def _flipped(chance: Random, raw: bytes) -> bytes:
    found = bytearray(raw)
    for _ in range(chance.randint(1, 12)):
        found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def _without_lines(chance: Random, raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    for _ in range(min(chance.randint(1, 4), len(lines) - 1)):
        del lines[chance.randrange(len(lines))]
    return b"\n".join(lines)


def _cut(chance: Random, raw: bytes) -> bytes:
    return raw[: chance.randrange(1, len(raw))]


def _without_its_beginning(chance: Random, raw: bytes) -> bytes:
    return raw[chance.randrange(1, len(raw)) :]


def _without_headers(chance: Random, raw: bytes) -> bytes:
    head, empty, body = raw.partition(b"\n\n")
    return b"\n".join(line for line in head.split(b"\n") if chance.random() < 0.7) + empty + body


def _with_parts_swapped(chance: Random, raw: bytes) -> bytes:
    pieces = re.split(rb"(?=^--\S)", raw, flags=re.MULTILINE)
    first, second = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    pieces[first], pieces[second] = pieces[second], pieces[first]
    return b"".join(pieces)


def _with_lines_swapped(chance: Random, raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


def _doubled(chance: Random, raw: bytes) -> bytes:
    head, empty, body = raw.partition(b"\n\n")
    return head + empty + body + (body if chance.random() < 0.5 else raw)


def _with_a_piece_twice(chance: Random, raw: bytes) -> bytes:
    start, end, at = sorted(chance.randrange(len(raw)) for _ in range(3))
    return raw[:at] + raw[start:end] + raw[at:]


def _with_other_line_ends(chance: Random, raw: bytes) -> bytes:
    return raw.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\r\r\n")))


MUTATIONS = (
    _flipped, _without_lines, _cut, _without_its_beginning, _without_headers, _with_parts_swapped, _with_lines_swapped,
    _doubled, _with_a_piece_twice, _with_other_line_ends,
)  # fmt: skip


def mutated(name: str, seed: int) -> tuple[bytes, bytes, str]:
    """A sample, what became of it, and how. The same for the same seed, whatever the order of runs."""
    chance = Random(f"{name} {seed}")
    raw = raw_of(name)
    mutation = MUTATIONS[seed % len(MUTATIONS)]
    return raw, mutation(chance, raw) or b"\n", mutation.__name__


def mutated_elsewhere(name: str, seed: int) -> tuple[bytes, bytes]:
    """A sample, and the same with lines changed that are neither its structure nor meant for machines."""
    chance = Random(f"{name} {seed} elsewhere")
    raw = raw_of(name)
    lines = raw.split(b"\n")
    at = 0
    free = []
    for each in re.split(rb"(?=^--)", raw, flags=re.MULTILINE):
        count = each.count(b"\n")
        if not _FOR_MACHINES.search(each):
            free += [place for place in range(at, at + count) if not _STRUCTURE.match(lines[place])]
        at += count
    for place in chance.sample(free, min(len(free), chance.randint(1, 8))):
        lines[place] = bytes(chance.choice(b" abcxyz0123456789.;!<>") for _ in lines[place]).lstrip()
    return raw, b"\n".join(lines)


def dead(mail: InboundMail) -> set[str | None]:
    """Whom a mail calls dead."""
    if mail.kind is not MailKind.BOUNCE:
        return set()
    return {each.recipient for each in mail.returned if each.permanence is Permanence.PERMANENT and not each.delayed}


def dead_within(raw: bytes) -> set[str | None]:
    """Whom a mail calls dead, or a mail that it carries: when its own head is cut off, the other one is left."""
    carried = [leaf.content() for leaf in read_part(raw).leaves() if leaf.holds_a_mail]
    return dead(read(raw)).union(*(dead_within(mail) for mail in carried))


def wrong(raw: bytes, changed: bytes) -> str | None:
    """What must not have come of a mutation, None if all is well."""
    before, after = read(raw), read(changed)
    were_dead, are_dead = dead_within(raw), dead(after)
    alive = {each.recipient for each in before.returned} - were_dead
    if not set(_SAYS_SO.findall(changed)) - set(_SAYS_SO.findall(raw)):
        died = {who for who in are_dead & alive if not _codes_beside(who, changed) - _codes_beside(who, raw)}
        if died:
            return f"a living address died: {died}"
        if are_dead and not were_dead:
            return "somebody died, and nobody was dead"
    return next(filter(None, map(_contradicted, after.returned)), None)


def _codes_beside(who: str | None, raw: bytes) -> set[bytes]:
    """The codes of class 5 in paragraphs that name an address."""
    beside = [part for part in re.split(rb"\n[ \t]*\n", raw) if (who or "").encode() in part]
    return {code for part in beside for code in _SAYS_SO.findall(part)}


def _contradicted(each: Returned) -> str | None:
    """Whether it is more final than what it is said to be."""
    if each.permanence is Permanence.PERMANENT and (each.delayed or (each.status or "").startswith("4.")):
        return f"dead with status {each.status}, delayed: {each.delayed}"
    return None


def main(seeds: int) -> int:
    """Prints what was wrong; how many mails were mutated, and what they were read as."""
    seen: Counter[str] = Counter()
    failures = 0
    for name in SAMPLES:
        for seed in range(seeds):
            raw, changed, how = mutated(name, seed)
            found = wrong(raw, changed)
            seen[read(changed).kind] += 1
            if found:
                failures += 1
                print(f"{name} {seed} {how}: {found}")
    print(dict(seen), f"{failures} wrong of {seen.total()}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
