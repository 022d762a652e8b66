"""GET /outreaches"""

from tests.world import new_tenant


def _made(caller, name):
    return caller("create_outreach", {"outreach": {"name": name}}).body["id"]


def test_outreaches_are_listed_newest_first(caller):
    ids = [_made(caller, name) for name in ("one", "two", "three")]

    assert [entry["id"] for entry in caller("list_outreaches").body] == ids[::-1]


def test_only_one_s_own_are_listed(caller):
    _made(new_tenant(), "theirs")

    assert caller("list_outreaches").body == []
