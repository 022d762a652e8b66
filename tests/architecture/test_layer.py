"""The layer ships what pyproject.toml asks for, for the right processor, with bytecode, and builds the same twice."""

import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from tests.architecture.stack import LAYER, ROOT, resources

REQUIREMENTS = (LAYER / "requirements.txt").read_text()
MAKEFILE = (LAYER / "Makefile").read_text()

# Where an ELF file says what processor it is for.
ELF_MACHINES = {"x86_64": b"\x3e\x00", "aarch64": b"\xb7\x00"}


def pinned(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))


def test_the_list_of_the_layer_is_the_project_s_own():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = dict(line.split("==") for line in project["dependencies"])

    assert pinned(REQUIREMENTS).items() >= wanted.items()


def test_tests_run_with_what_the_layer_ships():
    assert pinned((ROOT / "requirements-dev.txt").read_text()).items() >= pinned(REQUIREMENTS).items()


def test_every_package_is_pinned_with_hashes_and_no_registry_is_named():
    entries = re.split(r"\n(?=[a-z])", REQUIREMENTS.strip())

    assert len(entries) == len(pinned(REQUIREMENTS))
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", entry) for entry in entries)
    assert "://" not in REQUIREMENTS
    assert "--index" not in REQUIREMENTS


def test_the_runtime_brings_boto3():
    assert {"boto3", "botocore"} & set(pinned(REQUIREMENTS)) == set()


def test_functions_bring_no_packages_of_their_own():
    assert list((ROOT / "functions").rglob("requirements.txt")) == []


def test_the_template_builds_the_layer_by_its_makefile_and_keeps_no_old_one():
    (name,) = resources("AWS::Serverless::LayerVersion")
    layer = resources("AWS::Serverless::LayerVersion")[name]

    assert f"build-{name}:" in MAKEFILE
    assert layer["Metadata"] == {"BuildMethod": "makefile", "BuildArchitecture": {"Ref": "Architecture"}}
    assert layer["Properties"]["RetentionPolicy"] == "Delete"


def test_the_makefile_stays_inside_its_directory():
    """`sam build` runs it in a copy, where there is nothing above."""
    assert ".." not in MAKEFILE
    assert str(ROOT) not in MAKEFILE


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Builds the layer from a copy, as `sam build` does."""
    uv = shutil.which("uv") or str(ROOT / ".tools/bin/uv")
    if not shutil.which(uv) or not shutil.which("make"):
        pytest.skip("uv or make is not installed")
    cache = {}

    def made(architecture, turn=0):
        if (architecture, turn) not in cache:
            folder = tmp_path_factory.mktemp(f"{architecture}-{turn}")
            shutil.copytree(LAYER, folder / "source")
            environment = {name: value for name, value in os.environ.items() if "MAKE" not in name} | {
                "ARTIFACTS_DIR": str(folder / "built"),
                "DRUMBEAT_ARCHITECTURE": architecture,
                "DRUMBEAT_PYTHON": sys.executable,
                "UV": uv,
            }
            subprocess.run(["make", "build-SharedLayer"], cwd=folder / "source", env=environment, check=True)  # noqa: S607
            cache[architecture, turn] = folder / "built"
        return cache[architecture, turn]

    return made


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(("architecture", "machine"), [("arm64", "aarch64"), ("x86_64", "x86_64")])
def test_the_layer_holds_the_extensions_of_its_processor_only(build, architecture, machine):
    extensions = list(build(architecture).rglob("*.so"))

    assert extensions
    assert {path.name.partition(".")[2] for path in extensions} <= {f"cpython-313-{machine}-linux-gnu.so", "abi3.so"}
    assert {path.read_bytes()[18:20] for path in extensions} == {ELF_MACHINES[machine]}


def test_every_module_comes_with_bytecode_that_is_never_checked_against_the_source(build):
    python = build("x86_64") / "python"
    flags = {path: int.from_bytes(path.read_bytes()[4:8], "little") for path in python.rglob("*.pyc")}
    compiled = {path.parent.parent / f"{path.name.split('.')[0]}.py" for path in flags}

    assert set(python.rglob("*.py")) == compiled
    assert {path.name.split(".")[1] for path in flags} == {"cpython-313"}
    # Bit 0: by hash, not by time. Bit 1, unset: the hash is not looked at.
    assert set(flags.values()) == {0b01}


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


def test_the_same_sources_make_the_same_layer(build):
    """Otherwise every deployment would publish a new one and restart every function."""
    assert contents(build("x86_64", 0)) == contents(build("x86_64", 1))


def test_an_unknown_processor_is_refused(build):
    with pytest.raises(subprocess.CalledProcessError):
        build("mips")
