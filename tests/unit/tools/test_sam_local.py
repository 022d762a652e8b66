"""What `make sam-local` makes of answers, of the built template and of its rows."""

import json
from pathlib import Path

import pytest

from tools.sam_local import invocation
from tools.sam_local.code import Code, layers_of
from tools.sam_local.invocation import Row, problems_of
from tools.sam_local.local_template import write_template
from tools.sam_local.report import Report
from tools.sam_local.runtime import REQUIREMENTS, link_runtime
from tools.samples.outcomes import Outcome
from tools.template import ROOT, Function, functions

FUNCTION = functions()[0]
OK = Row("a/b", "0", [], 12)
BUILT = """
Globals:
  Function:
    Layers: [{Ref: Shared}]
    Environment: {Variables: {TABLE_NAME: {Ref: Table}}}
Resources:
  Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: Shared}}
  Extra: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: Extra}}
  One: {Type: AWS::Serverless::Function, Properties: {CodeUri: One}}
  Two: {Type: AWS::Serverless::Function, Properties: {CodeUri: Two, Layers: [{Ref: Extra}]}}
"""


@pytest.fixture
def answers_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every function's sample comes to {"made": 1}."""
    monkeypatch.setattr(invocation, "outcomes", lambda: {FUNCTION.name: None})
    monkeypatch.setattr(invocation, "expected", lambda _: Outcome(answer={"made": 1}))


@pytest.mark.usefixtures("answers_one")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"made": 1}', []),
        ('{"made": 2}', ["answer.made: 2 instead of 1"]),
        ('{"errorType": "ValueError", "errorMessage": "no"}', ["ValueError: no"]),
        ("", ["no answer: nothing"]),
        ("Task timed out after 29.00 seconds", ["no answer: Task timed out after 29.00 seconds"]),
    ],
)
def test_an_error_is_found_in_the_text_where_neither_status_nor_exit_code_tells_of_it(text, told):
    assert problems_of(FUNCTION, text) == told


def test_a_function_whose_outcome_nobody_wrote_down_fails(monkeypatch):
    monkeypatch.setattr(invocation, "outcomes", dict)

    assert problems_of(FUNCTION, "{}") == ["what its sample comes to is not written down in tools/samples/outcomes"]


def build(folder: Path, extra: str) -> dict:
    for layer in ("Shared", "Extra"):
        (folder / layer / "python").mkdir(parents=True, exist_ok=True)
    (folder / "Extra/python/extra.py").write_text(extra)
    (folder / "template.yaml").write_text(BUILT)
    written, _ = write_template(folder, folder / "cache")
    return json.loads(written.read_text())


def test_sam_reads_the_built_template_with_an_endpoint_and_layers_as_if_they_were_published(tmp_path):
    shared = build(tmp_path, "x = 1")["Globals"]["Function"]

    assert shared["Environment"]["Variables"] == {"TABLE_NAME": {"Ref": "Table"}, "AWS_ENDPOINT_URL": ""}
    (arn,) = shared["Layers"]
    assert arn.startswith("arn:aws:lambda:us-east-1:123456789012:layer:Shared:")
    (cached,) = (tmp_path / "cache").glob("Shared-*")
    assert cached.resolve() == tmp_path / "Shared"


def test_a_layer_with_other_content_is_another_version(tmp_path):
    first, again, other = (
        build(tmp_path, text)["Resources"]["Two"]["Properties"]["Layers"] for text in ("x = 1", "x = 1", "x = 2")
    )

    assert first == again != other


def test_the_layer_that_comes_last_is_found_first_but_after_the_function_s_own_folder():
    code = Code(Path("/task"), [Path("/one"), Path("/two")])

    assert list(map(str, code.search_path)) == ["/task", "/two/python", "/one/python"]


def test_a_function_s_own_layers_come_after_those_of_all():
    function = Function("F", {"Layers": [{"Ref": "Extra"}]}, {"Layers": [{"Ref": "Shared"}]})

    assert layers_of(function) == ["Shared", "Extra"]


def test_beside_its_layers_a_function_finds_what_lambda_s_runtime_brings_and_nothing_else(tmp_path):
    link_runtime(tmp_path)

    found = {path.name for path in tmp_path.iterdir()}
    assert {"awslambdaric", "boto3", "botocore"} <= found
    assert not {"pydantic", "aws_lambda_powertools", "cryptography", "pytest"} & found


def test_the_runtime_s_packages_are_those_that_the_tests_have():
    def pins(path: Path) -> set[str]:
        return {line.split()[0] for line in path.read_text().splitlines() if "==" in line}

    assert pins(REQUIREMENTS) <= pins(ROOT / "requirements-dev.txt")


def test_the_summary_counts_rows_by_level(tmp_path, capsys):
    report = Report(1)
    for row in (OK, Row("a/b", "1", [], 1500), Row("a/b", "1 invoke", ["wrong"], 1500)):
        report.add(row)

    report.write(tmp_path / "rows.json")

    told = json.loads(capsys.readouterr().out.splitlines()[-1].removeprefix("SAM-LOCAL "))
    assert (told["functions"], told["rows"], told["level0"], told["level1"], told["failed"]) == (1, 3, 1, 1, 1)
    assert len(json.loads((tmp_path / "rows.json").read_text())["table"]) == 3


def test_a_function_that_was_not_called_at_a_level_is_a_failure():
    report = Report(2)
    for level in ("0", "0", "1"):
        report.add(Row("a/b", level, [], 1))

    assert report.failed == 2


def test_a_level_that_cannot_be_is_skipped_in_one_line_and_is_no_failure(capsys):
    report = Report(1)

    report.skip("level 1", "no\n Docker")
    report.add(OK)

    assert report.failed == 0
    assert capsys.readouterr().out.splitlines()[0] == "level 1 is skipped: no Docker"
