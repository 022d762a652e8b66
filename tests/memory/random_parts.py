"""Random keys, values, conditions and updates, for calls in the shapes our adapters use."""

from random import Random
from typing import Any

_NUMBERS = ("0", "1", "2", "7", "10", "-3", "2.5", "0.1", "99999999999999999999", "1795251600000")
_MISSPELLED = ("1.0", "01", "2.50", "1e2")
_TEXTS = ("a", "b", "ab", "é", "", "active", "parked", "x" * 900)
FREE = ("step", "epoch", "due", "state", "owner", "lease", "rows", "note")
PLACES = {
    "qpk": ("q1", "q2"),
    "qsk": ("1", "2", "3", "30"),
    "spk": ("s1",),
    "ssk": ("1", "2"),
    "rpk": ("r1",),
    "rsk": ("1", "2"),
}
PAIRS = (("qpk", "qsk"), ("spk", "ssk"), ("rpk", "rsk"))
_ABSENT, _PRESENT = "attribute_not_exists(PK)", "attribute_exists(PK)"


class RandomParts:
    """Draws what calls are made of; `scope` keeps their items apart from everybody else's."""

    def __init__(self, random: Random, scope: str) -> None:
        self._random, self._scope = random, scope
        self._careful = False
        self._choice = random.choice

    def key(self) -> dict[str, Any]:
        key = {
            "PK": {"S": f"{self._scope}{self._choice('12')}"},
            "SK": {"S": self._choice(("1", "10", "2", "3", "31"))},
        }
        return self._spoiled_key(key) if self._spoiled() else key

    def _spoiled(self) -> bool:
        return not self._careful and self._random.random() < 0.02

    def number(self) -> str:
        return self._choice(_NUMBERS if self._careful else _NUMBERS + _MISSPELLED)

    def _spoiled_key(self, key: dict[str, Any]) -> dict[str, Any]:
        kind = self._choice(("missing", "empty", "number", "more"))
        if kind == "missing":
            return {"PK": key["PK"]}
        wrong = {"empty": {"SK": {"S": ""}}, "number": {"SK": {"N": "1"}}, "more": {"due": {"N": "1"}}}
        return key | wrong[kind]

    def value(self) -> dict[str, Any]:
        kind = self._random.random()
        if kind < 0.45:
            return {"N": self.number()}
        if kind < 0.8:
            return {"S": self._choice(_TEXTS)}
        rows = [{"L": [{"N": self.number()}, {"S": self._choice(_TEXTS)}]} for _ in range(self._random.randrange(3))]
        return self._choice(
            ({"BOOL": True}, {"NULL": True}, {"L": rows}, {"M": {"host": {"S": "h"}, "port": {"N": "25"}}})
        )

    def attributes(self) -> dict[str, Any]:
        names = self._random.sample(FREE, self._random.randrange(1, 5))
        found = {name: self.value() for name in names}
        for pair in PAIRS:
            if self._random.random() < 0.4:
                found |= {name: self.place(name) for name in pair}
            elif self._random.random() < 0.05:
                found[pair[0]] = self.place(pair[0])
        return found

    def place(self, name: str) -> dict[str, Any]:
        if self._spoiled():
            return self._choice(({"S": ""}, {"N": "1"}))
        scope = self._scope if name.endswith("pk") else ""
        return {"S": scope + self._choice(PLACES[name])}

    # --- Conditions -------------------------------------------------------------------------------------------------

    def condition(self, values: dict[str, Any], names: dict[str, str]) -> str:
        parts = [self._part(values, names) for _ in range(self._random.choice((1, 1, 2, 3)))]
        text = parts[0]
        for part in parts[1:]:
            text += f" {self._choice(('AND', 'AND', 'OR'))} {part}"
        return text

    def _part(self, values: dict[str, Any], names: dict[str, str]) -> str:
        name, holder = self.named(names), f":c{len(values)}"
        kind = self._choice(("present", "absent", "compare", "compare", "compare", "between", "in", "not", "fn"))
        if kind in {"present", "absent", "fn"}:
            fixed = {"present": _PRESENT, "absent": _ABSENT}
            return fixed.get(kind, f"attribute_{self._choice(('', 'not_'))}exists({name})")
        if kind == "not":
            return f"NOT ({self._part(values, names)})"
        values[holder] = self.value()
        if kind == "in":
            values[f"{holder}b"] = self.value()
            return f"{name} IN ({holder}, {holder}b)"
        if kind == "between":
            values[holder], values[f"{holder}b"] = {"N": "1"}, {"N": "10"}
            return f"{name} BETWEEN {holder} AND {holder}b"
        sign, values[holder] = self.compared()
        return f"{name} {sign} {holder}"

    def compared(self) -> tuple[str, dict[str, Any]]:
        """A comparison, and a value that can be compared so."""
        if self._random.random() < 0.5:
            return self._choice(("=", "<>")), self.value()
        ordered = self._choice(({"N": self.number()}, {"S": self._choice(_TEXTS)}))
        return self._choice(("<", "<=", ">", ">=")), ordered

    def named(self, names: dict[str, str]) -> str:
        """An attribute, or now and then a member of the map that it may be."""
        return self._named(names) + self._choice(("",) * 9 + (".host",))

    def _named(self, names: dict[str, str]) -> str:
        name = self._choice(FREE)
        if name in {"state", "owner", "rows"} or self._random.random() < 0.2:
            if self._random.random() < 0.98:
                names[f"#{name}"] = name
            return f"#{name}"
        return name

    def expressions(self, params: dict[str, Any], *, condition: bool, update: bool = False) -> dict[str, Any]:
        values: dict[str, Any] = {}
        names: dict[str, str] = {}
        if update:
            params["UpdateExpression"] = self.update_expression(values, names)
        if condition:
            params["ConditionExpression"] = self.condition(values, names)
        if self._random.random() < 0.01:
            values[":unused"] = {"N": "1"}
        if values and self._random.random() < 0.01:
            del values[next(iter(values))]
        return (
            params
            | ({"ExpressionAttributeValues": values} if values else {})
            | ({"ExpressionAttributeNames": names} if names else {})
        )

    def update_expression(self, values: dict[str, Any], names: dict[str, str]) -> str:
        first, second, third = self._random.sample(FREE, 3)
        names |= {f"#{name}": name for name in (first, second, third)}
        values |= {":one": {"N": "1"}, ":v": self.value()}
        counts = ("revision = if_not_exists(revision, :one) + :one", f"#{second} = if_not_exists(#{second}, :one)")
        sets, removed = [f"#{first} = :v", f"#{second} = :one"], [f"#{third}"]
        sets[1] = self._choice((*counts, sets[1]))
        if f"#{second} " not in sets[1]:
            del names[f"#{second}"]
        place = self._random.random()
        for pair in PAIRS:
            if place < 0.3:
                values |= {f":{name}": self.place(name) for name in pair}
                sets += [f"{name} = :{name}" for name in pair]
            elif place < 0.6:
                removed += pair
        text = f"SET {', '.join(sets)} REMOVE {', '.join(removed)}"
        if self._random.random() < 0.2:
            values[":add"] = {"N": self._choice(("5", "-7", "1", "1e2"))}
            text += " ADD attempts :add"
        return text

    def misspelled(self, text: str) -> str:
        return self._choice((text.replace("SET", "PUT"), "", f"{text} REMOVE status"))
