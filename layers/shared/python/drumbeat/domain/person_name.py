"""Names of people, where they come as one text."""


def first_and_last(name: str | None) -> tuple[str | None, str | None]:
    """The first word of a name, and the rest; None for what there is not."""
    first, _, last = (name or "").strip().partition(" ")
    return first or None, last.strip() or None
