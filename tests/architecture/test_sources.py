"""Where things may be said: one reader of the environment, one speller of keys, a pure core (architecture §3)."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.stack import (
    PACKAGE,
    docstring_positions,
    dotted,
    functions,
    handlers,
    imported,
    modules,
    relative,
    tree,
)

MOST_LINES = 300
EACH = pytest.mark.parametrize("path", modules(), ids=relative)
CORE = pytest.mark.parametrize("path", modules("domain", "application"), ids=relative)
IMPURE = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "time.monotonic",
    "time.monotonic_ns", "time.perf_counter", "time.sleep", "time.localtime", "time.gmtime", "uuid.uuid1", "uuid.uuid4",
    "uuid.uuid7", "os.urandom", "os.getenv", "os.environ",
}  # fmt: skip
IMPURE_MODULES = {"secrets", "os", "time", "socket", "subprocess", "threading", "logging"}
EGRESS = {
    "adapters/dns.py": {"dns"},
    "adapters/smtp.py": {"smtplib", "socket", "ssl"},
    "adapters/imap.py": {"imapclient", "imaplib", "socket", "ssl"},
    "adapters/ses.py": {"ssl"},
    "adapters/egress.py": {"socket", "ipaddress", "ssl"},
    "adapters/certificates.py": {"ssl"},
    "adapters/webhooks.py": {"http.client", "socket", "ssl"},
}
NETWORK = {
    "socket", "ssl", "smtplib", "imaplib", "http.client", "urllib.request", "urllib3", "requests", "dns", "imapclient",
    "aiohttp", "asyncio", "ftplib", "http.server", "httpx", "poplib", "socketserver", "telnetlib", "xmlrpc", "_socket",
}  # fmt: skip
# What a key of the table looks like: upper-case words, ids and number signs.
_SPELLS_KEYS = {
    f"adapters/dynamodb/{name}.py"
    for name in ("keys", "address_keys", "batch_keys", "event_keys", "inbox_keys", "index_keys")
}
KEY_TEXT = re.compile(r"^[A-Z]+#|#[A-Z]+(#|$)")


def in_package(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def names_used(path: Path) -> set[str]:
    """Dotted names as the standard library knows them, aliases of imports resolved."""
    aliases = {}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            aliases |= {alias.asname or alias.name.split(".")[0]: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            aliases |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    found = set()
    for node in ast.walk(tree(path)):
        name = dotted(node) if isinstance(node, ast.Attribute | ast.Name) else ""
        head, _, rest = name.partition(".")
        if head in aliases:
            found.add(".".join(filter(None, (aliases[head], rest))))
    return found


def impure(path: Path) -> set[str]:
    return {name for name in names_used(path) if any(name == bad or name.endswith(f".{bad}") for bad in IMPURE)}


@EACH
def test_a_module_says_what_it_is_for_and_stays_short(path: Path):
    lines = path.read_text().splitlines()

    assert len(lines) < MOST_LINES
    assert not lines or ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", handlers(), ids=relative)
def test_a_handler_says_what_it_is_for(path: Path):
    assert ast.get_docstring(tree(path))


def chance_of_its_own(path: Path) -> set[str]:
    """What a module uses of `random` other than the type of a source it is given."""
    used = {name for name in names_used(path) if name == "random" or name.startswith("random.")}
    made = any(
        isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "Random" for node in ast.walk(tree(path))
    )
    return used - {"random.Random"} | ({"Random()"} if made else set())


@CORE
def test_the_core_takes_clock_chance_and_settings_as_arguments(path: Path):
    assert impure(path) == set()
    assert chance_of_its_own(path) == set()
    assert imported(path) & IMPURE_MODULES == set()


@EACH
def test_only_config_reads_the_environment(path: Path):
    readers = {"os.environ", "os.getenv", "os.environb"}

    assert bool({n for n in names_used(path) if n in readers}) == (in_package(path) == "config.py")


def variables_read() -> set[str]:
    """The names in env["NAME"] and env.get("NAME")."""
    found = set()
    for node in ast.walk(tree(PACKAGE / "config.py")):
        match node:
            case ast.Subscript(slice=ast.Constant(value=str(name))):
                found.add(name)
            case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(name)), *_]):
                found.add(name)
    return found


def test_the_template_sets_every_variable_that_is_read_and_no_other():
    told = {name for function in functions() for name in function.environment if not name.startswith("POWERTOOLS_")}

    assert told == variables_read()


@EACH
def test_keys_of_the_table_are_spelled_in_one_place(path: Path):
    docstrings = docstring_positions(path)
    spelled = [
        node.value
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and KEY_TEXT.search(node.value)
    ]

    assert bool(spelled) == (in_package(path) in _SPELLS_KEYS), spelled


@EACH
def test_only_the_egress_adapters_open_connections(path: Path):
    allowed = EGRESS.get(in_package(path), set())

    assert imported(path) & NETWORK <= allowed


@pytest.mark.parametrize("path", handlers(), ids=relative)
def test_no_handler_opens_a_connection(path: Path):
    assert imported(path) & NETWORK == set()


def test_what_may_open_connections_is_there_and_does():
    """A name that is gone from the list of exceptions is one that nobody looks at."""
    for name, allowed in EGRESS.items():
        assert imported(PACKAGE / name) & allowed, name


@EACH
def test_no_client_is_made_by_boto3_and_adapters_alone_know_botocore(path: Path):
    """boto3 brings transfers to S3 and resources, which nobody here asks for (docs/adr/0054)."""
    at_run_time = {name for name in imported(path) if name in {"boto3", "botocore"}}

    assert at_run_time <= ({"botocore"} if in_package(path).startswith("adapters/") else set())
