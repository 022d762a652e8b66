"""Things that touch each other, directly or through others, as groups."""


class Groups[T]:
    """Union by what is joined; what was never joined is a group of its own."""

    def __init__(self) -> None:
        self._parents: dict[T, T] = {}

    def join(self, one: T, other: T) -> None:
        """Puts both, and all that touch them, into one group."""
        self._parents[self.of(other)] = self.of(one)

    def of(self, thing: T) -> T:
        """The one that stands for the group of this one."""
        root = thing
        while (above := self._parents.get(root, root)) != root:
            root = above
        while thing != root:
            self._parents[thing], thing = root, self._parents.get(thing, root)
        return root
