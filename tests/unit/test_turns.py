"""Tenants take turns within a tick, however many lanes one of them has."""

from hypothesis import given
from hypothesis import strategies as st

from drumbeat.application.dispatch_due import in_turns
from drumbeat.application.send_ports import LaneName


def test_every_tenant_has_a_lane_looked_at_before_any_has_a_second_one():
    names = [LaneName(1, sender) for sender in range(5)] + [LaneName(2, 5), LaneName(3, 6), LaneName(3, 7)]

    assert in_turns(names) == [(1, 0), (2, 5), (3, 6), (1, 1), (3, 7), (1, 2), (1, 3), (1, 4)]


@given(st.lists(st.builds(LaneName, st.integers(1, 5), st.integers(1, 50)), unique=True))
def test_nobody_is_left_out_and_a_tenant_s_lanes_keep_their_order(names):
    turns = in_turns(names)

    assert sorted(turns) == sorted(names)
    for tenant in range(1, 6):
        assert [name for name in turns if name.tenant == tenant] == [name for name in names if name.tenant == tenant]
