"""The layers ship what pyproject.toml asks for, for the right processor, as bytecode, and build the same twice."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import boto3
import pytest

from tests.architecture.stack import LAYER, ROOT, resources

SHARED = (LAYER / "requirements.txt").read_text()
SIGNATURE = (LAYER / "requirements-signature.txt").read_text()
BOTH = pytest.mark.parametrize("requirements", [SHARED, SIGNATURE], ids=["shared", "signature"])
MAKEFILE = (LAYER / "Makefile").read_text()

MOST_BYTES = 8_000_000
# What boto3 is made of, which the runtime brings.
RUNTIME = {"boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3"}
# Where an ELF file says what processor it is for.
ELF_MACHINES = {"x86_64": b"\x3e\x00", "aarch64": b"\xb7\x00"}


def pinned(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))


def test_the_lists_of_the_layers_are_the_project_s_own():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())
    shared, signature = asked["project"]["dependencies"], asked["dependency-groups"]["signature"]

    assert pinned(SHARED).items() >= dict(line.split("==") for line in shared).items()
    assert pinned(SIGNATURE).items() >= dict(line.split("==") for line in signature).items()


@BOTH
def test_tests_run_with_what_the_layers_ship(requirements):
    assert pinned((ROOT / "requirements-dev.txt").read_text()).items() >= pinned(requirements).items()


@BOTH
def test_every_package_is_pinned_with_hashes_and_no_registry_is_named(requirements):
    entries = re.split(r"\n(?=[a-z])", requirements.strip())

    assert len(entries) == len(pinned(requirements))
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", entry) for entry in entries)
    assert "://" not in requirements
    assert "--index" not in requirements


def test_the_runtime_brings_boto3_and_no_package_is_shipped_twice():
    assert {"boto3", "botocore"} & (set(pinned(SHARED)) | set(pinned(SIGNATURE))) == set()
    assert set(pinned(SHARED)) & set(pinned(SIGNATURE)) == set()


def test_functions_bring_no_packages_of_their_own():
    assert list((ROOT / "functions").rglob("requirements.txt")) == []


def test_the_template_builds_the_layers_by_their_makefile_and_keeps_no_old_ones():
    layers = resources("AWS::Serverless::LayerVersion")

    assert set(layers) == set(re.findall(r"^build-(\w+):", MAKEFILE, re.MULTILINE)) == {"SharedLayer", "SignatureLayer"}
    for layer in layers.values():
        assert layer["Metadata"] == {"BuildMethod": "makefile", "BuildArchitecture": {"Ref": "Architecture"}}
        assert layer["Properties"]["RetentionPolicy"] == "Delete"


def test_the_makefile_stays_inside_its_directory():
    """`sam build` runs it in a copy, where there is nothing above."""
    assert ".." not in MAKEFILE
    assert str(ROOT) not in MAKEFILE


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Builds a layer from a copy, as `sam build` does."""
    uv = shutil.which("uv") or str(ROOT / ".tools/bin/uv")
    if not shutil.which(uv) or not shutil.which("make"):
        pytest.skip("uv or make is not installed")
    cache = {}

    def made(architecture, turn=0, layer="SharedLayer"):
        if (architecture, turn, layer) not in cache:
            folder = tmp_path_factory.mktemp(f"{architecture}-{turn}-{layer}")
            shutil.copytree(LAYER, folder / "source")
            environment = {name: value for name, value in os.environ.items() if "MAKE" not in name} | {
                "ARTIFACTS_DIR": str(folder / "built"),
                "DRUMBEAT_ARCHITECTURE": architecture,
                "DRUMBEAT_PYTHON": sys.executable,
                "UV": uv,
            }
            subprocess.run(["make", f"build-{layer}"], cwd=folder / "source", env=environment, check=True)  # noqa: S603, S607
            cache[architecture, turn, layer] = folder / "built"
        return cache[architecture, turn, layer]

    return made


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("layer", ["SharedLayer", "SignatureLayer"])
@pytest.mark.parametrize(("architecture", "machine"), [("arm64", "aarch64"), ("x86_64", "x86_64")])
def test_a_layer_holds_the_extensions_of_its_processor_only_and_is_small(build, tmp_path, architecture, machine, layer):
    built = build(architecture, layer=layer)
    extensions = list(built.rglob("*.so"))
    packed = shutil.make_archive(str(tmp_path / "layer"), "zip", built)

    assert extensions
    assert {path.name.partition(".")[2] for path in extensions} <= {f"cpython-313-{machine}-linux-gnu.so", "abi3.so"}
    assert {path.read_bytes()[18:20] for path in extensions} == {ELF_MACHINES[machine]}
    assert Path(packed).stat().st_size < MOST_BYTES


def test_our_modules_come_with_bytecode_that_is_never_checked_and_packages_as_nothing_else(build):
    python = build("x86_64") / "python"
    ours = set((python / "drumbeat").rglob("*.py"))
    compiled = {path: int.from_bytes(path.read_bytes()[4:8], "little") for path in python.rglob("*.pyc")}

    assert set(python.rglob("*.py")) == ours
    assert {
        path.parent.parent / f"{path.name.split('.')[0]}.py" for path in compiled if "drumbeat" in path.parts
    } == ours
    assert {path.name.split(".")[1] for path in compiled if "drumbeat" in path.parts} == {"cpython-313"}
    assert {path.parent.name for path in compiled if "drumbeat" not in path.parts} & {"__pycache__"} == set()
    # Bit 0: by hash, not by time. Bit 1, unset: the hash is not looked at.
    assert set(compiled.values()) == {0b01}


def test_every_module_of_ours_finds_in_the_layers_and_the_runtime_what_it_imports(build, tmp_path):
    """Packages are shipped without the parts that nobody asks for."""
    for package in Path(boto3.__file__).parents[1].iterdir():
        if package.name in RUNTIME:
            (tmp_path / package.name).symlink_to(package)
    path = [build("x86_64") / "python", build("x86_64", layer="SignatureLayer") / "python", tmp_path]
    program = (
        f"import sys; sys.path[:0] = {[str(folder) for folder in path]}; import importlib, pkgutil, drumbeat; "
        "[importlib.import_module(module.name) for module in pkgutil.walk_packages(drumbeat.__path__, 'drumbeat.')]"
    )
    # -S: nothing of this machine's packages.
    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True)  # noqa: S603


def test_the_layer_brings_time_zones_and_holidays(build):
    """The runtime may have no zones of its own."""
    python = build("x86_64") / "python"

    assert (python / "tzdata/zoneinfo/Europe/Berlin").is_file()
    assert (python / "drumbeat/adapters/holiday_calendars.txt").is_file()


def test_the_layer_reads_phone_numbers_without_the_names_of_places(build):
    """Those are nine tenths of the package."""
    python = build("x86_64") / "python"
    reading = (
        f"import sys; sys.path.insert(0, {str(python)!r}); "
        "from drumbeat.adapters.phone_numbers import PlannedNumbers as Plans; "
        "print(Plans().read('+1 212 555 0100').number, *Plans().zones('+12125550100'))"
    )
    # Its own interpreter: this one has the package from elsewhere, whole.
    told = subprocess.run([sys.executable, "-I", "-c", reading], check=True, capture_output=True, text=True)  # noqa: S603

    assert told.stdout.split() == ["+12125550100", "America/New_York"]
    assert not (python / "phonenumbers/geodata").exists()


def test_the_package_is_in_the_layer_without_the_machine_s_paths(build):
    built = build("x86_64")

    assert (built / "python/drumbeat/config.py").is_file()
    assert [name for name, data in contents(built).items() if str(built).encode() in data] == []


@pytest.mark.parametrize("layer", ["SharedLayer", "SignatureLayer"])
def test_the_same_sources_make_the_same_layer(build, layer):
    """Otherwise every deployment would publish a new one and restart every function."""
    assert contents(build("x86_64", 0, layer)) == contents(build("x86_64", 1, layer))


def test_an_unknown_processor_is_refused(build):
    with pytest.raises(subprocess.CalledProcessError):
        build("mips")
