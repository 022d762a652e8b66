"""What Lambda's own bootstrap does, with the runtime interface client that AWS publishes: run inside the stand-in."""

import os
import sys

_VERSION = f"python{sys.version_info[0]}.{sys.version_info[1]}"
# In the order of the managed runtime: the function's folder, its layers, and last what the runtime brings.
sys.path[0:1] = [os.environ["LAMBDA_TASK_ROOT"], f"/opt/python/lib/{_VERSION}/site-packages", "/opt/python"]
sys.path.append("/var/runtime")
os.environ["PYTHONPATH"] = "/var/runtime"
sys.argv = ["bootstrap", os.environ.get("_HANDLER") or os.environ["AWS_LAMBDA_FUNCTION_HANDLER"]]

from awslambdaric.__main__ import main  # type: ignore[import-untyped]  # noqa: E402 (it is in /var/runtime)

try:
    main(sys.argv)
except RuntimeError as error:
    # The emulator has gone because the container is being removed.
    if str(error) != "Failed to get next":
        raise
    os._exit(0)
