"""GET /campaigns"""

from tests.world import new_tenant, started


def test_campaigns_are_listed_newest_first(caller):
    ids = [started(caller, name=name) for name in ("one", "two", "three")]

    listed = caller("list_campaigns").body

    assert [(entry["id"], entry["name"]) for entry in listed] == list(
        zip(ids[::-1], ("three", "two", "one"), strict=True)
    )


def test_only_one_s_own_are_listed(caller):
    started(new_tenant())

    assert caller("list_campaigns").body == []
