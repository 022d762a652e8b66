"""Which AWS calls each function makes: those that are made while its handler runs, in whatever test."""

import importlib.abc
import importlib.machinery
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from functools import partial, wraps
from types import ModuleType
from typing import Any

from botocore.client import BaseClient

from drumbeat.entrypoints import side_by_side

type Observer = Callable[[str, str, str, Mapping[str, Any]], None]
"""Told of a call before it is made: function, service, operation, parameters. What it raises the caller gets."""

_HANDLERS = re.compile(r"functions\.(\w+)\.(\w+)")
_NOT_OURS = 60  # seconds that clients wait for a connection by themselves, as those of the tests do; ours wait less
_observers: list[Observer] = []
_running: ContextVar[str | None] = ContextVar("running", default=None)


def watch(observer: Observer) -> None:
    """From now on every function that is imported is known while it runs, and the observer is told of its calls."""
    _observers.append(observer)
    sys.meta_path.insert(0, _Finder())
    side_by_side.ThreadPoolExecutor = _Pool  # type: ignore[misc]
    make = BaseClient._make_api_call

    def make_and_tell(client: BaseClient, operation: str, params: Mapping[str, Any]) -> Any:
        return told(client, partial(make, client))(operation, params)

    BaseClient._make_api_call = make_and_tell


def told(client: Any, make: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    """What makes a client's calls, and tells of those that a function makes.

    What is called while a call is under way is the doing of a test that comes in between, as is every call by a client
    that is not ours.
    """

    def call(operation: str, params: Any) -> Any:
        function = _running.get()
        if function is None or client.meta.config.connect_timeout >= _NOT_OURS:
            return make(operation, params)
        for observer in _observers:
            observer(function, client.meta.service_model.service_name, operation, params)
        token = _running.set(None)
        try:
            return make(operation, params)
        finally:
            _running.reset(token)

    return call


class _Pool(ThreadPoolExecutor):
    """Its threads work for the function whose handler asked for them."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **options: Any) -> Any:
        return super().submit(copy_context().run, work, *args, **options)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds functions as Python does, and has their handlers known while they run."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        matched = _HANDLERS.fullmatch(name)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target) if matched else None
        if matched and spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = _Loader(name, spec.loader.path)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if hasattr(module, "handler"):
            module.handler = _known("/".join(module.__name__.split(".")[1:]), module.handler)


def _known(function: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(handler)
    def known(*args: Any, **options: Any) -> Any:
        token = _running.set(function)
        try:
            return handler(*args, **options)
        finally:
            _running.reset(token)

    return known


def named_by(variables: Mapping[str, str]) -> Callable[[str], str]:
    """What the template calls a resource that functions know by one of these environment variables, as they are now."""

    def named(text: str) -> str:
        told = (name for variable, name in variables.items() if text in os.environ.get(variable, "").split(","))
        return next(told, text)

    return named
