"""docs/data-model.md and the module that spells the keys say the same."""

import inspect
import re
from pathlib import Path

from drumbeat.adapters.dynamodb import keys

_PAGE = (Path(__file__).parents[2] / "docs/data-model.md").read_text()
_FIRST_CELL = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
# Partitions that the documented keys lie in, and bounds of ranges over them.
_PARTS = {
    "api_keys", "workspaces", "contact_page", "contact_sort", "contact_imports", "programs", "sequences", "rulesets",
    "senders", "enrollment_shard", "skips", "call_member_sort",
    "waking_lane_sort", "waking_throttle_sort", "wakes_until", "new_queue_sort", "follow_up_sort", "deferred_sort",
    "parked_sort", "relinked_sort", "bound_queues", "batches", "batch_parts", "chunk_sort", "open_batch_sort",
    "references", "credit_ledger", "credit_day_sort", "limit_of",
    "waking_group_sort", "waking_delivery_sort", "deliveries", "suppressed_sort", "digest_of_suppression",
    "events", "sequence_days", "sender_days", "count_day",
    "inboxes", "waking_inbox_sort", "unmatched_replies", "reply_sort",
}  # fmt: skip


def test_every_key_is_documented_and_every_documented_key_exists():
    spelled = {name for name, _ in inspect.getmembers(keys, inspect.isfunction)}

    assert set(_FIRST_CELL.findall(_PAGE)) == spelled - _PARTS
    assert spelled >= _PARTS


def test_every_partition_starts_with_its_tenant():
    documented = re.findall(r"^\| `\w+` \| `([^`]+)`", _PAGE, re.MULTILINE)

    assert documented
    assert all(partition.startswith(("T#t", "T#0")) for partition in documented)
    assert keys.tenant(7)[0] == "T#7"
