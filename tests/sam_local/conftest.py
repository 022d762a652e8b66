"""Functions in processes of their own, over prepared data on a MiniStack: level 0 of `make sam-local`."""

from collections.abc import Callable, Iterator

import pytest

from tests import world
from tests.memory.boto import reach_the_endpoint
from tools.sam_local.code import make_layers, unbuilt
from tools.sam_local.invocation import Row
from tools.sam_local.level0 import CannotEmulateError, Level0
from tools.sam_local.runtime import link_runtime
from tools.sam_local.stage import staged
from tools.template import functions

type Call = Callable[[str], Row]


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Call]:
    """Calls a function with its sample on restored data."""
    folder = tmp_path_factory.mktemp("level0")
    try:
        level = Level0(folder / "runtime", folder / "function.log")
    except CannotEmulateError as reason:
        pytest.skip(str(reason))
    link_runtime(folder / "runtime")
    make_layers(folder / "layers")
    by_name = {function.name: function for function in functions()}
    world.forget_everything()
    with pytest.MonkeyPatch.context() as patch:
        reach_the_endpoint(patch)
        with staged(folder / "stage") as stage:

            def called(name: str) -> Row:
                function = by_name[name]
                stage.restore()
                return level.run(function, unbuilt(function, folder / "layers"), stage.environment(function))

            yield called
    world.forget_everything()
