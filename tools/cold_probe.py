"""Imports one module in an interpreter that has imported nothing, and tells what came with it: see `cold_starts`."""

import sys

before = frozenset(sys.modules)
sys.path[:0] = sys.argv[2:]

from importlib import import_module  # noqa: E402 - what this needs is counted, as Lambda needs it as well
from time import process_time_ns  # noqa: E402

started = process_time_ns()
import_module(sys.argv[1])
spent = process_time_ns() - started
print(spent, *sorted(frozenset(sys.modules) - before))
