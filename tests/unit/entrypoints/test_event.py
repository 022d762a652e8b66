"""Links in answers lead back to where the request came in."""

from drumbeat.entrypoints.event import root_of

HEADERS = {"host": "abc123.execute-api.eu-central-1.amazonaws.com", "x-forwarded-proto": "https"}


def event(seen):
    return {"path": "/api/v2/users", "requestContext": {"path": seen, "apiId": "abc123"}}


def test_a_stage_stands_before_the_path_and_a_domain_of_ones_own_has_none():
    assert root_of(event("/prod/api/v2/users"), HEADERS, "") == f"https://{HEADERS['host']}/prod"
    assert root_of(event("/api/v2/users"), {"host": "mail.example.com"}, "") == "https://mail.example.com"


def test_an_emulator_serves_each_api_under_a_path_of_its_own():
    root = root_of(event("/local/api/v2/users"), {"host": "127.0.0.1:4566"}, "http://127.0.0.1:4566")

    assert root == "http://127.0.0.1:4566/_aws/execute-api/abc123/local"
