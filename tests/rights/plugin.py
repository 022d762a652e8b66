"""Holds every function to its role in every test, and once all have run its role to what it called (docs/adr/0053).

A call that its role does not grant is refused as AWS would, and fails the test. `--record-rights` lets it pass. What
was called is left for `make roles`.
"""

from collections import defaultdict
from collections.abc import Generator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rights import recorder
from tests.rights.calls import asked_of_iam
from tools.expanded import expanded
from tools.grants import Grant, narrowest
from tools.rights import KEPT, Record, keep
from tools.roles import granted_to, is_lambda_s

FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"
type Used = dict[str, set[Grant]]


class Rights:
    """What functions called in this process, and what of it they may not."""

    def __init__(self, kept: Mapping[str, Mapping[Grant, str]] = KEPT) -> None:
        self.kept = kept
        self.used: Used = defaultdict(set)
        self.refused: list[str] = []
        self.lets_pass = False

    def observe(self, function: str, service: str, operation: str, params: Mapping[str, Any]) -> None:
        """Notes a call. Raises ClientError, as AWS does, if the function may not make it."""
        for call in asked_of_iam(service, operation, params, recorder.named_by(_variables())):
            self.used[function].add(narrowest(call))
            if not self.lets_pass and not any(grant.allows(call) for grant in granted(function)):
                told = f"{function} may not {call.action} on {call.resource} ({dict(call.context)})"
                self.refused.append(told)
                raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": told}}, operation)

    def take(self, used: Mapping[str, Any]) -> None:
        """Adds what another process sent."""
        for function, grants in used.items():
            self.used[function].update(Grant(*grant) for grant in grants)

    def sent(self) -> dict[str, Any]:
        """What was called, for another process."""
        return {name: [[g.action, g.resource, g.condition] for g in grants] for name, grants in self.used.items()}

    def surplus(self) -> list[str]:
        """What functions may, and neither did nor keep with a reason."""
        lines = []
        for function in functions():
            own = {grant for grant in granted(function) if not is_lambda_s(grant)}
            surplus = own - self.used[function] - self.kept.get(function, {}).keys()
            lines += [f"{function} may {grant}" for grant in sorted(surplus)]
        return lines

    def stale(self) -> list[str]:
        """What is kept with a reason for having no test, and was called all the same."""
        called = {function: kept.keys() & self.used.get(function, set()) for function, kept in self.kept.items()}
        return [f"{function} did call {grant}" for function, grants in called.items() for grant in sorted(grants)]

    def told(self) -> dict[str, list[str]]:
        """What a run of all tests is to be failed for, under what there is to do about it."""
        found = {
            "rights that no test uses: `make roles` takes them away": self.surplus(),
            "rights in tools/kept_rights.py that tests do use: strike the lines": self.stale(),
        }
        return {what: lines for what, lines in found.items() if lines}


def logical_id(function: str) -> str:
    """The template's name of a function, as test_names_line_up demands it."""
    return "".join(word.capitalize() for word in function.replace("/", "_").split("_")) + "Function"


def functions() -> list[str]:
    """Every function, as in ampout/enroll."""
    return sorted(path.relative_to(FUNCTIONS).with_suffix("").as_posix() for path in FUNCTIONS.glob("*/*.py"))


@cache
def granted(function: str) -> frozenset[Grant]:
    """What the expanded template grants a function; nothing to one that it does not deploy."""
    made = expanded()["Resources"]
    if logical_id(function) not in made:
        return frozenset()
    return granted_to(made[made[logical_id(function)]["Properties"]["Role"]["Fn::GetAtt"][0]]["Properties"])


@cache
def _variables() -> Mapping[str, str]:
    """Environment variables by which functions know resources, and what the template calls these."""
    made = expanded()["Resources"]
    functions = [one["Properties"] for one in made.values() if one["Type"] == "AWS::Lambda::Function"]
    told = {name: value for one in functions for name, value in one["Environment"]["Variables"].items()}
    names = {}
    for variable, value in told.items():
        match value:
            case {"Ref": name} | {"Fn::GetAtt": [name, _]} if name in made or name == "SnsTopicArns":
                names[variable] = name
    return names


RIGHTS = Rights()
recorder.watch(RIGHTS.observe)  # while plugins are imported: what is imported later imports functions
_LETS_PASS = "--record-rights"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(_LETS_PASS, action="store_true", help="let functions make every call, and record it")


def pytest_configure(config: pytest.Config) -> None:
    RIGHTS.lets_pass = config.getoption(_LETS_PASS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from _checked(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from _checked(item))


def _checked(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fails a test in which a call was refused, whatever the function made of it."""
    result = yield
    refused = RIGHTS.refused
    told, refused[:] = list(dict.fromkeys(refused)), []
    if told:
        pytest.fail("\n".join(told), pytrace=False)
    return result


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    RIGHTS.take(getattr(node, "workeroutput", {}).get("rights", {}))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["rights"] = RIGHTS.sent()
        return
    is_whole = exitstatus == pytest.ExitCode.OK and _takes_every_test(config)
    if is_whole or config.getoption(_LETS_PASS):
        keep(Record(is_whole, {name: frozenset(grants) for name, grants in RIGHTS.used.items()}))
    if is_whole and RIGHTS.told():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _takes_every_test(config: pytest.Config) -> bool:
    picks = "keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf"
    everywhere = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return everywhere and not any(config.getoption(name, default=None) for name in picks)


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    told = RIGHTS.told() if exitstatus == pytest.ExitCode.OK and _takes_every_test(config) else {}
    for what, lines in told.items():
        terminalreporter.section(what, red=True)
        for line in lines:
            terminalreporter.line(line)
