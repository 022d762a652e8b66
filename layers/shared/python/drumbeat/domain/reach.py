"""How far into an account a key reaches (contract 3.1, docs/adr/0029)."""

from __future__ import annotations

from dataclasses import dataclass
from types import EllipsisType

from drumbeat.domain.errors import ScopeMissing


@dataclass(frozen=True, slots=True)
class Reach:
    """The whole account, one of its workspaces, or one of its senders.

    A sender's reach holds the workspace that the sender belongs to, None if it belongs to none.
    """

    workspace: int | None = None
    sender: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole account."""
        return self.workspace is None and self.sender is None

    @property
    def mark(self) -> str:
        """What tells this reach from the others of an account; nothing for the whole of it."""
        workspace = "" if self.workspace is None else f"w{self.workspace}"
        return workspace if self.sender is None else f"{workspace}s{self.sender}"

    def covers(self, *, workspace: int | None, sender: int | EllipsisType | None = ...) -> bool:
        """Whether it takes in what belongs to this workspace (None: to none of them).

        What a sender carries out, as an enrollment, is asked about with that sender, None if it has none: a sender's
        reach takes in its own only. Without a sender the question is about what the workspace's senders share.
        """
        if self.is_whole:
            return True
        if workspace != self.workspace:
            return False
        return self.sender is None or isinstance(sender, EllipsisType) or sender == self.sender

    def check_administers(self) -> None:
        """Raises ScopeMissing where only one sender is reached: its key has it send and sees what comes of that.

        It changes neither sequences and senders nor what keys and workspaces there are.
        """
        if self.sender is not None:
            raise ScopeMissing("A key of one sender may only read and enroll. Use a key of its workspace or account.")

    def takes_in(self, other: Reach) -> bool:
        """Whether everything that the other reaches is within this one."""
        if self.is_whole:
            return True
        return self.workspace == other.workspace and self.sender in (None, other.sender)


WHOLE = Reach()
