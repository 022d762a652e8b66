"""How far into an account a key reaches."""

import itertools

import pytest

from drumbeat.domain.reach import Reach

WHOLE, WORKSPACE, SENDER, STRAY = Reach(), Reach(workspace=1), Reach(workspace=1, sender=5), Reach(sender=6)
EVERY = (WHOLE, WORKSPACE, SENDER, STRAY, Reach(workspace=2), Reach(workspace=2, sender=7), Reach(1, 8))


@pytest.mark.parametrize(
    ("reach", "workspace", "covered"),
    [
        (WHOLE, None, True),
        (WHOLE, 1, True),
        (WORKSPACE, 1, True),
        (WORKSPACE, 2, False),
        (WORKSPACE, None, False),
        (SENDER, 1, True),
        (SENDER, 2, False),
        (SENDER, None, False),
        (STRAY, None, True),
        (STRAY, 1, False),
    ],
)
def test_what_belongs_to_a_workspace_is_covered_by_the_account_and_the_workspace(reach, workspace, covered):
    assert reach.covers(workspace=workspace) is covered


@pytest.mark.parametrize(
    ("reach", "workspace", "sender", "covered"),
    [
        (WHOLE, None, None, True),
        (WHOLE, 2, 7, True),
        (WORKSPACE, 1, 5, True),
        (WORKSPACE, 1, None, True),
        (WORKSPACE, 2, 5, False),
        (SENDER, 1, 5, True),
        (SENDER, 1, 8, False),
        (SENDER, 1, None, False),
        (SENDER, 2, 5, False),
        (STRAY, None, 6, True),
        (STRAY, None, None, False),
        (STRAY, 1, 6, False),
    ],
)
def test_what_a_sender_carries_out_is_covered_by_its_own_key(reach, workspace, sender, covered):
    assert reach.covers(workspace=workspace, sender=sender) is covered


@pytest.mark.parametrize(("one", "other"), list(itertools.product(EVERY, EVERY)))
def test_one_reach_takes_in_another_exactly_if_it_covers_everything_of_it(one, other):
    things = [(workspace, sender) for workspace in (None, 1, 2) for sender in (None, 5, 6, 7, 8)]
    covered = {(w, s) for w, s in things if one.covers(workspace=w, sender=s)}
    wanted = {(w, s) for w, s in things if other.covers(workspace=w, sender=s)}

    assert one.takes_in(other) is (wanted <= covered)


def test_every_reach_has_a_mark_of_its_own_and_the_whole_account_none():
    assert len({reach.mark for reach in EVERY}) == len(EVERY)
    assert WHOLE.mark == ""
