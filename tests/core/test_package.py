"""Wheel, sdist and checkout all find the models."""

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build wheel and sdist once, from a copy, so that the checkout stays clean."""
    import shutil

    folder = tmp_path_factory.mktemp("dist")
    source = tmp_path_factory.mktemp("source") / "bigopt"
    skip = shutil.ignore_patterns(".git", "build", "*.egg-info", "__pycache__", ".*_cache", ".venv", ".hypothesis")
    shutil.copytree(ROOT, source, ignore=skip)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(source)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder


def test_the_wheel_holds_every_model_schema_and_instance(built: Path) -> None:
    names = set(zipfile.ZipFile(next(built.glob("*.whl"))).namelist())
    for path in (*ROOT.glob("models/*.py"), *ROOT.glob("instances/**/*.json"), *ROOT.glob("bigopt/**/*.py")):
        relative = path.relative_to(ROOT).as_posix()
        assert relative in names or f"bigopt/{relative}" in names, relative
    for path in ROOT.glob("bigopt/games/*/schema.json"):
        assert path.relative_to(ROOT).as_posix() in names


def test_the_sdist_holds_the_models(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = archive.getnames()
    assert any(name.endswith("/models/big_potential.py") for name in names)
    assert any(name.endswith("/instances/big/example-1-opposed.json") for name in names)


def test_the_wheel_solves_in_a_new_environment_from_another_folder(built: Path, tmp_path: Path) -> None:
    """A new environment that holds only the wheel; its dependencies are borrowed from the one that runs the tests."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    site = next((tmp_path / "venv").glob("lib/python*/site-packages"))
    python = tmp_path / "venv/bin/python"
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-compile",
        "--target",
        str(site),
        "--disable-pip-version-check",
    ]
    subprocess.run([*command, str(next(built.glob("*.whl")))], check=True, capture_output=True)
    borrowed = [path for path in sys.path if path.endswith("site-packages")]
    (site / "borrowed.pth").write_text("\n".join(borrowed))
    example = ROOT / "instances/big/example-1-opposed.json"
    script = (
        "import bigopt, bigopt.catalog, sys, pathlib\n"
        "assert pathlib.Path(bigopt.__file__).is_relative_to(sys.prefix), bigopt.__file__\n"
        "assert bigopt.catalog.folder('models').is_relative_to(sys.prefix)\n"
        "from bigopt.cli import app\n"
        "app()\n"
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    words = [str(python), "-c", script, "solve", str(example), "--solver", "highs", "--json"]
    done = subprocess.run(words, cwd=elsewhere, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert data["model"] == "big_potential"
    assert abs(data["solution"]["receiver"][0] - 3.0) < 1e-5
