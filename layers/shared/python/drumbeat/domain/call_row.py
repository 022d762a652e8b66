"""Rows that ask for calls: each becomes somebody to call, or is rejected with everything that is wrong with it.

A row is whatever the caller sent. How it spells its fields is its dialect's business (`row_rules.RowKeys`), and all
else in it is variables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from drumbeat.domain.call_time import MOST_AHEAD, instant_in, next_in_words, windows_in_words
from drumbeat.domain.callee import Callee
from drumbeat.domain.email import normalized
from drumbeat.domain.fit_text import is_line, is_text, made_line
from drumbeat.domain.near_key import nearest
from drumbeat.domain.phone import Phone, Phones
from drumbeat.domain.row_problem import MEANT_INSTEAD, MEANT_TOO, OF_PHONE, TEXTS, RowProblem
from drumbeat.domain.schedule import is_open, is_zone
from drumbeat.domain.times import iso
from drumbeat.domain.title_case import title_cased

if TYPE_CHECKING:
    from drumbeat.domain.row_rules import RowRules

LONGEST_NAME = 200
MOST_VARIABLES = 40
LONGEST_VARIABLE = 1_000
LONGEST_VARIABLE_NAME = 100
MOST_BYTES = 8_192
"""How long a row may be in all, as JSON."""
LONGEST_TEXT = 1_000
_SHOWN = 100
_EXTENSION = re.compile(r"[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """Who is to be called; `email` is normalized. `anytime`: also outside the windows, once."""

    index: int
    callee: Callee
    email: str | None
    anytime: bool


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """Why a row is not taken: all of its `problems`, and their texts in one. `phone` is as given, "" for none."""

    index: int
    phone: str
    problems: tuple[RowProblem, ...]
    text: str


def read_rows(phones: Phones, rows: Sequence[Any], rules: RowRules, now: int) -> list[AcceptedRow | RejectedRow]:
    """What becomes of each row, in their order; an index is the place in `rows`, from 0.

    Of rows with one phone number the first that is good by itself wins, unless the rules allow duplicates. The text
    lengths, and whatever else is refused, are those of `row_problem.TEXTS` (contract 4.3, 4.4).
    """
    taken: dict[str, int] = {}
    told: list[AcceptedRow | RejectedRow] = []
    for index, given in enumerate(rows):
        row = _read(phones, given, rules, now)
        callee = row.callee()
        if callee is not None and not rules.allows_duplicates:
            first = taken.setdefault(callee.phone, index)
            if first != index:
                row.refuse(RowProblem.DUPLICATE, rules.keys.phone, first=first)
        if callee is None or row.problems:
            told.append(RejectedRow(index, row.shown_phone(), tuple(row.problems), row.text()))
        else:
            told.append(AcceptedRow(index, callee, row.email, rules.at_any_time))
    return told


def _read(phones: Phones, given: Any, rules: RowRules, now: int) -> _Row:
    row = _Row(given if isinstance(given, Mapping) else {}, rules)
    size = len(json.dumps(given, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    if not isinstance(given, Mapping):
        row.refuse(RowProblem.NOT_AN_OBJECT)
    elif size > MOST_BYTES:
        row.refuse(RowProblem.ROW_TOO_LONG, size=size, most=MOST_BYTES)
    else:
        row.read_name()
        row.read_phone(phones)
        row.read_email()
        row.read_variables()
        row.read_zone(phones)
        row.read_time(now)
    return row


class _Row:
    """One row while it is read."""

    def __init__(self, given: Mapping[str, Any], rules: RowRules) -> None:
        self._given, self._rules, self._keys = given, rules, rules.keys
        self._texts: list[str] = []
        self.problems: list[RowProblem] = []
        self.email: str | None = None
        self._name = ""
        self._phone: Phone | None = None
        self._zone: str | None = None
        self._scheduled_at: int | None = None
        self._variables: dict[str, str] = {}

    def refuse(self, problem: RowProblem, field: str = "", **told: Any) -> None:
        """Notes what is wrong, for which field."""
        self.problems.append(problem)
        self._texts.append(TEXTS[problem].format(field=_shown(field), **told))

    def _miss(self, problem: RowProblem, field: str) -> None:
        key = self._meant(field)
        self.refuse(problem, field, hint="." if key is None else MEANT_INSTEAD.format(key=_shown(key)))

    def _meant(self, field: str) -> str | None:
        """The key of a variable that looks as if this field, which is not there, was meant by it."""
        expected = {*self._keys.every, *self._rules.agent.required, self._rules.group_by}
        others = (key for key, value in self._given.items() if value is not None and key not in expected)
        return nearest(field, self._keys.aliases.get(field, ()), islice(others, MOST_VARIABLES))

    def text(self) -> str:
        """Everything that is wrong, and the keys by which other fields may have been meant."""
        fields = (self._keys.extension, self._keys.zone, self._keys.scheduled_at)
        meant = [(field, self._meant(field)) for field in fields if self._given.get(field) is None]
        hints = [MEANT_TOO.format(field=field, key=_shown(key)) for field, key in meant if key is not None]
        whole = " ".join([*self._texts, *hints])
        return whole if len(whole) <= LONGEST_TEXT else f"{whole[: LONGEST_TEXT - 1]}…"

    def shown_phone(self) -> str:
        """The number as it was given, as far as it can be shown."""
        given = self._given.get(self._keys.phone)
        return "" if given is None else _shown(str(given))

    def callee(self) -> Callee | None:
        """Who is called; None if something is wrong."""
        if self.problems or self._phone is None or self._zone is None:
            return None
        return Callee(
            name=self._name,
            phone=self._phone.number,
            variables=self._variables,
            zone=self._zone,
            extension=self._phone.extension,
            scheduled_at=self._scheduled_at,
            group_by=self._rules.group_by,
        )

    def read_name(self) -> None:
        given = self._value(self._keys.name)
        if given is None:
            self._miss(RowProblem.NAME_MISSING, self._keys.name)
        elif not isinstance(given, str) or len(given.strip()) > LONGEST_NAME or not is_line(given.strip()):
            self.refuse(RowProblem.NAME_UNFIT, self._keys.name, most=LONGEST_NAME)
        else:
            self._name = given.strip()

    def read_phone(self, phones: Phones) -> None:
        given = self._value(self._keys.phone)
        if given is None:
            self._miss(RowProblem.PHONE_MISSING, self._keys.phone)
        elif not isinstance(given, str):
            self.refuse(RowProblem.PHONE_NO_TEXT, self._keys.phone)
        else:
            read = phones.read(given)
            if isinstance(read, Phone):
                self._phone = read
            else:
                self.refuse(OF_PHONE[read], self._keys.phone)
        self._read_extension()

    def _read_extension(self) -> None:
        given = self._value(self._keys.extension)
        digits = given.strip() if isinstance(given, str) else given
        if given is None:
            return
        if not isinstance(digits, str) or not _EXTENSION.fullmatch(digits):
            self.refuse(RowProblem.EXTENSION_UNFIT, self._keys.extension)
        elif self._phone is not None and self._phone.extension not in {"", digits}:
            self.refuse(RowProblem.EXTENSION_TWICE, self._keys.extension)
        elif self._phone is not None:
            self._phone = Phone(self._phone.number, digits)

    def read_email(self) -> None:
        given = self._value(self._keys.email)
        if given is None:
            if self._rules.needs_email:
                self._miss(RowProblem.EMAIL_MISSING, self._keys.email)
            return
        self.email = normalized(given) if isinstance(given, str) else None
        if self.email is None:
            self.refuse(RowProblem.EMAIL_UNFIT, self._keys.email)

    def read_variables(self) -> None:
        found = {key: value for key, value in self._given.items() if key not in self._keys.every and value is not None}
        if len(found) > MOST_VARIABLES:
            self.refuse(RowProblem.TOO_MANY_VARIABLES, count=len(found), most=MOST_VARIABLES)
            return
        self._variables = {key: value for key, value in found.items() if self._is_fit(key, value)}
        if self._rules.agent.title_cases:
            self._variables |= {
                key: title_cased(self._variables[key]) for key in self._rules.title_cased if key in self._variables
            }
        self._check_wanted({key for key, value in found.items() if not isinstance(value, str) or value.strip()})

    def _is_fit(self, key: str, value: Any) -> bool:
        problem = _problem_of_variable(key, value)
        if problem is not None:
            most = LONGEST_VARIABLE_NAME if problem is RowProblem.VARIABLE_NAME_UNFIT else LONGEST_VARIABLE
            self.refuse(problem, key, most=most)
        return problem is None

    def _check_wanted(self, there: set[str]) -> None:
        missing = [name for name in self._rules.agent.required if name not in there]
        if missing:
            self.refuse(RowProblem.VARIABLES_MISSING, names=", ".join(missing))
        group_by = self._rules.group_by
        if group_by is not None and group_by not in {*there, *missing}:
            self.refuse(RowProblem.GROUPING_MISSING, group_by)

    def read_zone(self, phones: Phones) -> None:
        given = self._value(self._keys.zone)
        if given is None:
            self._zone = self._rules.zone or self._zone_of_number(phones)
        elif isinstance(given, str) and is_zone(given.strip()):
            self._zone = given.strip()
        else:
            self.refuse(RowProblem.ZONE_UNKNOWN, self._keys.zone)

    def _zone_of_number(self, phones: Phones) -> str:
        zones = self._rules.agent.zones
        if not self._rules.asks_number or self._phone is None:
            return zones[0]
        known = [zone for zone in phones.zones(self._phone.number) if is_zone(zone)]
        return known[0] if len(known) == 1 else next((zone for zone in zones if zone in known), zones[0])

    def read_time(self, now: int) -> None:
        # An empty text may be a field that somebody's program failed to fill in: nobody is called at once for that.
        given, field = self._given.get(self._keys.scheduled_at), self._keys.scheduled_at
        if given is None or self._zone is None:
            return
        at = instant_in(given.strip(), self._zone) if isinstance(given, str) else None
        if at is None:
            self.refuse(RowProblem.TIME_UNREADABLE, field)
        elif at <= now:
            self.refuse(RowProblem.TIME_PAST, field, now=iso(now))
        elif at > now + MOST_AHEAD:
            self.refuse(RowProblem.TIME_TOO_FAR, field)
        else:
            self._scheduled_at = at
            self._check_windows(at, self._zone)

    def _check_windows(self, at: int, zone: str) -> None:
        hours = self._rules.hours
        if hours is None or self._rules.at_any_time or is_open(at, hours, zone):
            return
        self.refuse(
            RowProblem.TIME_OUTSIDE_WINDOWS,
            self._keys.scheduled_at,
            windows=windows_in_words(hours),
            zone=zone,
            next=next_in_words(at, hours, zone),
        )

    def _value(self, key: str) -> Any:
        """What a field holds; null and blank text are as good as nothing."""
        value = self._given.get(key)
        return None if isinstance(value, str) and not value.strip() else value


def _problem_of_variable(key: str, value: Any) -> RowProblem | None:
    if not 1 <= len(key) <= LONGEST_VARIABLE_NAME or not is_line(key):
        return RowProblem.VARIABLE_NAME_UNFIT
    if not isinstance(value, str):
        return RowProblem.VARIABLE_NO_TEXT
    if len(value) > LONGEST_VARIABLE:
        return RowProblem.VARIABLE_TOO_LONG
    return None if is_text(value) else RowProblem.VARIABLE_UNFIT


def _shown(text: str) -> str:
    return made_line(text[:_SHOWN])
