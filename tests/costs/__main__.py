"""Count anew and write docs/costs.json: `python -m tests.costs`. The milliseconds in it are this machine's."""

import json

import tests.conftest  # noqa: F401 - the environment that tests run in
from tests.costs.measure import measured_counts
from tools.costs import COUNTS, standing

if __name__ == "__main__":
    COUNTS.write_text(json.dumps(measured_counts() | {"stack": {"month": standing()}}, indent=1) + "\n")
