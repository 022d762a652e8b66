"""What functions were seen to call, as the tests' last run recorded it, and what they keep all the same."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools.grants import Grant
from tools.kept_rights import kept_rights

RECORD = Path(__file__).parents[1] / ".local/rights.json"
KEPT = kept_rights()


@dataclass(frozen=True)
class Record:
    """What functions called. Only if the run was `whole` do they need nothing else."""

    is_whole: bool = False
    used: Mapping[str, frozenset[Grant]] = field(default_factory=dict)

    def of(self, function: str) -> frozenset[Grant]:
        """What a function called, and what it keeps."""
        return self.used.get(function, frozenset()) | frozenset(KEPT.get(function, {}))


def last_record() -> Record:
    """What the tests' last run recorded; nothing, where there was none."""
    if not RECORD.exists():
        return Record()
    kept = json.loads(RECORD.read_text())
    used = {name: frozenset(Grant(*grant) for grant in grants) for name, grants in kept["used"].items()}
    return Record(kept["is_whole"], used)


def keep(record: Record) -> None:
    """Writes the record for `make roles`."""
    used = {name: [[g.action, g.resource, g.condition] for g in sorted(grants)] for name, grants in record.used.items()}
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps({"is_whole": record.is_whole, "used": dict(sorted(used.items()))}, indent=1))
