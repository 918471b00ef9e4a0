"""The command line as the shell sees it: one-line errors, exit codes, JSON Lines."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bigopt.cli.app import app
from tests.command_line import EXAMPLE, GAME, ROOT, run


def refused(path: Path, *said: str) -> None:
    """Exit 2, nothing on stdout, one line on stderr that holds every text of `said`."""
    code, out, err = run("solve", path)
    assert code == 2, (code, out, err)
    assert out == ""
    assert err.count("\n") == 1 and err.endswith("\n"), err
    for text in said:
        assert text in err, (text, err)


def change(tmp_path: Path, **changes: object) -> Path:
    data = {key: value for key, value in (GAME | changes).items() if value is not ...}
    path = tmp_path / "game.json"
    path.write_text(json.dumps(data))
    return path


def test_example_1_for_people() -> None:
    code, out, err = run("solve", EXAMPLE)
    assert (code, err) == (0, "")
    for text in ("2 influencers", "receiver", "verified", "seconds", "unique"):
        assert text in out, text


def test_example_1_for_machines() -> None:
    code, out, _ = run("solve", EXAMPLE, "--json")
    assert code == 0
    assert out.count("\n") == 1
    data = json.loads(out)
    # Example 1 of the paper: opposed targets on [0, 6] end at the two ends, the receiver in the middle
    assert data["solution"]["actions"] == [[0.0], [6.0]]
    assert data["solution"]["receiver"] == [3.0]
    assert data["solution"]["unique"] is True
    assert list(data) == [
        *("instance", "kind", "concept", "solver", "model", "stopped", "holds", "objective", "bound"),
        *("solution", "exact", "certificate", "seconds"),
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "nosuch"}, ("kind: 'nosuch'", "influencers")),
        ({"kind": ...}, ("kind",)),
        ({"format": "bigopt/9"}, ("format: 'bigopt/9'", "bigopt/1")),
        ({"colour": "red"}, ("unknown key 'colour'",)),
        ({"weights": ...}, ("'weights' is missing",)),
        ({"weights": [0.5]}, ("weights: 1 numbers, expected 2",)),
        ({"weights": []}, ("weights",)),
        ({"weights": "heavy"}, ("weights", "heavy")),
        ({"weights": [0.5, True]}, ("weights[1]",)),
        ({"weights": [0.5, 1e400]}, ("not JSON",)),
        ({"targets": [[2.0], [4.0, 1.0]]}, ("targets[1]: 2 numbers, expected 1",)),
        ({"targets": [[2.0], ["x"]]}, ("targets[1][0]: 'x'",)),
        ({"loss": "cubic"}, ("loss", "cubic", "squared")),
        ({"action_set": {"type": "box", "lower": [1.0], "upper": [0.0]}}, ("action_set",)),
        ({"action_set": {"type": "torus"}}, ("action_set", "torus")),
        ({"action_set": {"type": "ball", "center": [0.0], "radius": -1}}, ("action_set.radius", "-1")),
        ({"action_set": {"type": "polytope", "A": [[1.0]], "b": [1.0]}}, ("action_set", "unbounded")),
        ({"action_set": {"type": "polytope", "A": [[1.0], [-1.0]], "b": [0.0, -1.0]}}, ("action_set", "empty")),
        ({"action_set": {"type": "hull", "points": [[0.0, 1.0]]}}, ("action_set.points[0]: 2 numbers, expected 1",)),
        ({"background": {"weight": 1.0, "point": [1.0, 2.0]}}, ("background.point: 2 numbers, expected 1",)),
        ({"expected": {"nosuch": {}}}, ("expected.nosuch",)),
        ({"name": 3}, ("name: 3",)),
        ({"targets": {"npz": "../t.npz", "key": "t"}}, ("targets.npz: '../t.npz'", "own folder")),
        ({"targets": {"npz": "/etc/passwd", "key": "t"}}, ("own folder",)),
        ({"targets": {"npz": "missing.npz", "key": "t"}}, ("targets.npz: missing.npz",)),
        ({"targets": {"npz": "t.npz"}}, ("targets",)),
    ],
)
def test_malformed_instances(tmp_path: Path, changes: dict[str, object], said: tuple[str, ...]) -> None:
    refused(change(tmp_path, **changes), "game.json", *said)


def test_not_an_object_and_not_json(tmp_path: Path) -> None:
    for text, said in (("[1, 2]", "list"), ("", "not JSON"), ("\0" * 1000, "not JSON"), ("{" * 5000, "not JSON")):
        path = tmp_path / "bad.json"
        path.write_text(text)
        refused(path, "bad.json", said)


def test_a_directory_a_missing_file_and_an_unknown_name(tmp_path: Path) -> None:
    refused(tmp_path, "is a directory")
    refused(tmp_path / "no.json", "No such file")
    refused(Path("big/nosuch"), "neither a file nor a stored instance")


def test_an_unreadable_sidecar_and_a_good_one(tmp_path: Path) -> None:
    (tmp_path / "junk.npz").write_bytes(b"PK\x03\x04 not a zip")
    refused(change(tmp_path, targets={"npz": "junk.npz", "key": "t"}), "junk.npz", "expected a readable npz file")
    np.savez(tmp_path / "pickled.npz", t=np.array([object()]))
    refused(change(tmp_path, targets={"npz": "pickled.npz", "key": "t"}), "pickled.npz", "expected numbers")
    np.savez(tmp_path / "t.npz", t=np.array([[2.0], [4.0]]), short=np.array([[2.0]]))
    refused(change(tmp_path, targets={"npz": "t.npz", "key": "nosuch"}), "'nosuch' is not in t.npz")
    refused(change(tmp_path, targets={"npz": "t.npz", "key": "short"}), "shape [1, 1], expected [2][1]")
    code, out, _ = run("solve", change(tmp_path, targets={"npz": "t.npz", "key": "t"}), "--json")
    assert code == 0
    assert json.loads(out)["solution"]["receiver"] == [3.0]


def test_a_zip_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    import io
    import zipfile

    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**9, 10**9)})
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w") as archive:
        archive.writestr("t.npy", header.getvalue())
    refused(change(tmp_path, targets={"npz": "bomb.npz", "key": "t"}), "shape [1000000000, 1000000000], expected [2]")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--solver", "nosuch"), 2, "'nosuch' is not a solver"),
        (("--concept", "nosuch"), 2, "'nosuch' is not a concept"),
        (("--concept", "dominant"), 2, "dominant"),
        (("--concept", "best-response"), 2, "--player I"),
        (("--option", "novalue"), 2, "expected K=V"),
        (("--option", "nosuch=1", "--solver", "exact"), 2, "nosuch"),
        (("--option", "nosuch=1", "--solver", "highs"), 2, "nosuch"),
        (("--time-limit", "0"), 2, "time limit"),
        (("--time-limit", "soon"), 2, "--time-limit"),
        (("--nosuchflag",), 2, "nosuchflag"),
        (("--model", "nosuch"), 2, "not a model"),
        (("--model", "./missing.py"), 2, "no such model file"),
        (("--model", "big_potential", "--solver", "exact"), 5, "takes no model file"),
        (("--concept", "best-response", "--profile", "missing.json"), 2, "missing.json"),
    ],
)
def test_bad_usage_is_one_line(words: tuple[str, ...], code: int, said: str) -> None:
    found, out, err = run("solve", EXAMPLE, *words)
    assert (found, out) == (code, "")
    assert said in err
    assert err.count("\n") == 1, err


def test_the_exit_code_is_the_worst_and_good_files_are_still_solved(tmp_path: Path) -> None:
    code, out, err = run("solve", EXAMPLE, tmp_path / "missing.json", EXAMPLE, "--json")
    assert code == 2
    assert out.count("\n") == 2
    assert err.count("\n") == 1


def test_a_users_own_model(tmp_path: Path) -> None:
    """A copy of a model with one line changed solves another game; a broken copy is one line."""
    algebra = (ROOT / "models/big_potential.py").read_text()
    own = tmp_path / "my_variant.py"
    own.write_text(algebra)
    code, out, _ = run("solve", EXAMPLE, "--model", own, "--json")
    assert code == 0
    assert json.loads(out)["model"] == "my_variant.py"
    own.write_text(algebra + "\ndef broken(:\n")
    code, out, err = run("solve", EXAMPLE, "--model", own)
    assert (code, out) == (2, "")
    assert "SyntaxError" in err and err.count("\n") == 1
    own.write_text("def build(game):\n    return 1 / 0\n\n\ndef read(model):\n    return {}\n")
    code, _, err = run("solve", EXAMPLE, "--model", own)
    assert code == 2
    assert "ZeroDivisionError" in err and err.count("\n") == 1


def test_the_same_result_twice() -> None:
    first, second = (json.loads(run("solve", EXAMPLE, "--json", "--solver", "highs")[1]) for _ in range(2))
    first.pop("seconds"), second.pop("seconds")
    assert first == second


def test_a_bug_is_one_line_with_the_way_to_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: object) -> None:
        raise RuntimeError("boom\nbang")

    monkeypatch.setattr("bigopt.files.instance.load", broken)
    code, out, err = run("solve", EXAMPLE)
    assert (code, out) == (1, "")
    assert "unexpected RuntimeError: boom bang: a bug, please report" in err and err.count("\n") == 1
    monkeypatch.setenv("BIGOPT_DEBUG", "1")
    assert isinstance(CliRunner().invoke(app, ["solve", EXAMPLE]).exception, RuntimeError)


def test_nesting_that_the_parser_survives(tmp_path: Path) -> None:
    path = tmp_path / "game.json"
    for key in ("weights", "expected"):
        deep = "[" * 900 + "]" * 900
        path.write_text(json.dumps(GAME | {key: "@"}).replace('"@"', deep))
        refused(path, "game.json")


def test_differences_of_lists_with_gaps() -> None:
    from bigopt.engine.comparison import difference

    assert difference([None, None], [None, None]) == 0.0
    assert difference([None, 1.0], [None, 2.0]) == 0.5
    assert difference([None, 1.0], [0.0, 1.0]) == float("inf")
    assert difference([[1.0], [2.0, 3.0]], [[1.0], [2.0, 3.0]]) == 0.0
    assert difference([10**400], [1.0]) == float("inf")


def test_a_name_does_not_steer_the_terminal(tmp_path: Path) -> None:
    # Escape sequences (7 and 8 bit), a forged line of output, reversed text and the table library's own markup.
    path = change(tmp_path, name="a\x1b[2J\x9b31m\x07\nverified \u202e[red]b")
    shown = "a\\x1b[2J\\x9b31m\\x07\\nverified \\u202e[red]b"
    code, out, _ = run("solve", path)
    assert code == 0
    assert out.startswith(f"{shown}: 2 influencers")
    assert run("solve", path, "--json")[1].isascii()
    _, _, err = run("solve", path, "--concept", "dominant")
    assert "a\\x1b[2J" in err and err.rstrip("\n").isprintable()


def test_texts_of_many_languages_are_shown_as_they_are(tmp_path: Path) -> None:
    assert run("solve", change(tmp_path, name="Größe 大きさ"))[1].startswith("Größe 大きさ: ")


def test_recipes_are_drawn_like_instances(tmp_path: Path) -> None:
    recipe = tmp_path / "small.toml"
    recipe.write_text('family = "influencers"\n[parameters]\nplayers = 3\ndimension = 2\n')
    target = tmp_path / "picture.png"
    code, out, err = run("plot", recipe, "-o", target)
    assert (code, err) == (0, "")
    assert target.read_bytes().startswith(b"\x89PNG")


def test_a_flag_of_a_family_is_given_once() -> None:
    code, out, err = run("generate", "influencers", "--players", 3, "--players=4")
    assert (code, out) == (2, "")
    assert err == "bigopt: generate influencers: --players is given twice, expected once\n"


def test_a_picture_is_not_filed_under_an_escape_sequence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = change(tmp_path, name="a\x1b[2Jb")
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("plot", path)
    assert (code, out) == (0, "a\\x1b[2Jb.png\n")
    assert (tmp_path / "a\\x1b[2Jb.png").is_file()
