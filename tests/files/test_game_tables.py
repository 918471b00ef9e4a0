"""Markets and persuasion games of tables: three layouts are one game, errors name the cell, Appendix D by hand."""

import csv
import io
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import bigopt
from bigopt import catalog
from bigopt.cli.app import app
from bigopt.errors import InstanceError, UsageError
from bigopt.games.market.generate import random_market
from bigopt.games.persuasion.generate import random_persuasion

pandas = pytest.importorskip("pandas")
pytest.importorskip("narwhals")
pytest.importorskip("pyarrow")


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["import", *words])


def long_rows(game: Any) -> tuple[list[str], list[list[Any]]]:
    """Return a market as a table with a column a Bob."""
    rows = [
        [state, policy, game.alice[s][a], *(bob[s][a] for bob in game.bobs), int(game.prior_weights[s])]
        for s, state in enumerate(game.states)
        for a, policy in enumerate(game.policies[s])
    ]
    return ["State", "Policy", "Alice", *game.bob_names, "prior_weights"], rows


def test_the_papers_table_is_its_instance(tmp_path: Path) -> None:
    """A table laid out as Table 3 prints it gives the shipped instance."""
    game: Any = bigopt.load(catalog.instance("market/movielens"))
    head, rows = long_rows(game)
    path = tmp_path / "table3.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([head[:-1], *(row[:-1] for row in rows)])
    done = run("market", str(path), "-o", str(tmp_path / "m.json"))
    assert done.exit_code == 0, done.output
    again = bigopt.load(tmp_path / "m.json")
    assert again == game and bigopt.solve(again).alice == 0.85


@pytest.mark.parametrize("seed", range(3))
def test_layouts_and_formats_are_one_game(seed: int, tmp_path: Path) -> None:
    """Long, wide and one number a line; CSV, Parquet and frames; rows and columns in any order."""
    game: Any = random_market(states=4, policies=3, bobs=3, seed=seed)
    head, rows = long_rows(game)
    long = pandas.DataFrame(rows, columns=head)
    assert bigopt.read_table(long, "market") == game
    long.to_parquet(tmp_path / "long.parquet")
    assert bigopt.read_table(tmp_path / "long.parquet", "market") == game
    long.to_csv(tmp_path / "long.csv", index=False)
    assert bigopt.read_table(str(tmp_path / "long.csv"), "market", bobs=",".join(game.bob_names)) == game
    tidy = long.melt(["State", "Policy", "prior_weights"], var_name="who", value_name="utility")
    assert bigopt.read_table(tidy, "market", player="who", value="utility") == game
    wide = pandas.DataFrame(
        {"state": list(game.states), "prior_weights": list(game.prior_weights)}
        | {
            f"{player}/{game.policies[0][a]}": [table[s][a] for s in range(game.S)]
            for player, table in zip(("alice", *game.bob_names), (game.alice, *game.bobs), strict=True)
            for a in range(3)
        }
    )
    assert bigopt.read_table(wide, "market") == game
    polars = pytest.importorskip("polars")
    assert bigopt.read_table(polars.DataFrame(long.to_dict("list")), "market") == game


def test_states_with_other_policies_leave_cells_empty() -> None:
    wide = pandas.DataFrame({"alice/A": [1.0, 2.0], "alice/B": [3.0, None], "x/A": [1.0, 1.0], "x/B": [0.0, None]})
    game: Any = bigopt.read_table(wide, "market")
    assert game.policies == (("A", "B"), ("A",)) and game.states == ("state 0", "state 1")


def test_states_of_different_length_are_written(tmp_path: Path) -> None:
    table, out = tmp_path / "ragged.csv", tmp_path / "ragged.json"
    table.write_text("state,policy,human,ai\na,x,1,2\na,y,2,1\nb,x,0,1\n")
    assert run("market", str(table), "--alice", "human", "-o", str(out)).exit_code == 0
    game: Any = bigopt.load(out)
    assert [row.tolist() for row in game.alice] == [[1.0, 2.0], [0.0]]


def test_persuasion(tmp_path: Path) -> None:
    """A table of state, action, prior and utilities, with the actions of later states in any order."""
    game: Any = random_persuasion(states=4, actions=3, seed=1)
    rows = [
        {"state": state, "action": action, "prior": game.prior[s], "alice": game.alice[s, a]}
        | {bob.name: bob.utility[s, a] for bob in game.bobs}
        for s, state in enumerate(game.states)
        for a, action in (list(enumerate(game.actions))[:: 1 if s == 0 else -1])
    ]
    path = tmp_path / "t.csv"
    pandas.DataFrame(rows).to_csv(path, index=False)
    assert run("persuasion", str(path), "-o", str(tmp_path / "p.json")).exit_code == 0
    again: Any = bigopt.load(tmp_path / "p.json")
    assert again.prior == pytest.approx(game.prior) and (again.alice == game.alice).all()
    assert bigopt.solve(again).value == pytest.approx(bigopt.solve(game).value, abs=1e-9)


WRONG = {
    "state,policy,alice,x\nS,A,1,2\nS,B,one,2\n": "column 'alice', row 1: 'one', expected a number",
    "state,policy,alice,x\nS,A,1,2\nS,B,,2\n": "column 'alice', row 1: missing, expected a number",
    "state,policy,alice,x\nS,A,1,2\nS,A,1,2\n": "column 'alice', row 1: state 'S', policy 'A' stands twice",
    "state,policy,alice,x\nS,A,1,2\n,B,1,2\n": "column 'state', row 1: missing, expected a name",
    "state,policy,alice,x,prior\nS,A,1,2,1\nS,B,1,2,0.5\n": "column 'prior', row 1: 0.5 for state 'S', which has 1",
    "state,policy,human,x\nS,A,1,2\n": "no column 'alice'",
    "state,alice,x\nS,1,2\n": "no column 'policy'",
    "policy,alice,x\nA,1,2\n": "no column 'state'",
    "state,policy,alice\nS,A,1\n": "no column is left for the Bobs",
    "state,policy,alice,x\n": "no rows",
    "alice/A,alice/B,x/A\n1,2,3\n": "state 'state 0', policy 'B': no utility of 'x'",
    "x/A,y/A\n1,2\n": "no player 'alice'",
    "state,policy,alice,x,prior\nS,A,1,2,0.9\n": "prior: sums to 0.9",
}


@pytest.mark.parametrize("text", WRONG)
def test_wrong_cells_are_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(text)
    done = run("market", str(path), "-o", str(tmp_path / "m.json"))
    assert done.exit_code == 2 and not (tmp_path / "m.json").exists()
    assert done.stderr.count("\n") == 1 and str(path) in done.stderr and WRONG[text] in done.stderr, done.stderr


def test_persuasion_needs_every_action_in_every_state() -> None:
    table = pandas.DataFrame({"state": ["S", "S", "T"], "action": ["a", "b", "a"], "alice": [1, 2, 3], "x": [1, 2, 3]})
    with pytest.raises(InstanceError, match="state 'T': no row of action 'b'"):
        bigopt.read_table(table, "persuasion")


def test_what_is_not_there_is_refused() -> None:
    table = pandas.DataFrame({"state": ["S"], "policy": ["a"], "alice": [1], "x": [1]})
    with pytest.raises(UsageError, match="takes no tables"):
        bigopt.read_table(table, "subsets")
    with pytest.raises(UsageError, match="'actions' is not of market, expected one of state, policy"):
        bigopt.read_table(table, "market", actions="x")
    with pytest.raises(UsageError, match="1 tables, expected 2"):
        bigopt.read_table(table, "market", construction="movielens")
    with pytest.raises(UsageError, match="not a construction of persuasion"):
        bigopt.read_table(table, "persuasion", construction="movielens")
    assert "expected 1" in run("market", "a.csv", "b.csv").stderr


def test_bobs_in_python() -> None:
    """A Bob, a mapping and an object with the keys are one: for markets and for persuasion."""
    alice, other = [[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 1.0]]
    bobs = [[bigopt.Bob("x", other)], {"x": other}, [{"name": "x", "utility": other}]]
    markets: list[Any] = [bigopt.Market(alice, each) for each in bobs]
    assert markets[0] == markets[1] == markets[2] and markets[0].bob_names == ("x",)
    assert markets[0] == bigopt.Market(alice, [other], bob_names=("x",))
    games = [bigopt.Persuasion(["s", "t"], ["a", "b"], alice, each) for each in bobs]
    assert games[0] == games[1] == games[2]
    with pytest.raises(InstanceError, match="bob_names: stands beside Bobs"):
        bigopt.Market(alice, bobs[0], bob_names=("y",))
    with pytest.raises(InstanceError, match=r"bobs\[1\]: expected a Bob with a name"):
        bigopt.Market(alice, [bigopt.Bob("x", other), other])
    with pytest.raises(InstanceError, match=r"bobs\[0\].utility\[1\]: 1 numbers, expected 2"):
        bigopt.Market(alice, {"x": [[1.0, 2.0], [1.0]]})


GENRES = ("Action", "Comedy", "Drama")


def made_up(seed: int) -> tuple[str, str]:
    """Return two tables like MovieLens's: 60 users with tastes rate 40 films, most of them of two genres."""
    rng = np.random.default_rng(seed)
    films, ratings = io.StringIO(), io.StringIO()
    films.write("movieId,title,genres\n")
    ratings.write("userId,movieId,rating,timestamp\n")
    kinds = [sorted(rng.choice(3, int(rng.integers(1, 3)), replace=False).tolist()) for _ in range(40)]
    for m, of in enumerate(kinds):
        films.write(f'{10 * m + 3},"Film {m}, The ({1960 + m})",{"|".join(GENRES[g] for g in of)}\n')
    for u in range(60):
        taste = rng.integers(0, 3)
        for m in rng.choice(40, int(rng.integers(5, 40)), replace=False).tolist():
            stars = (3.9 if taste in kinds[m] else 2.5) + rng.normal(0, 0.8)
            ratings.write(f"{u},{10 * m + 3},{min(5.0, max(0.5, round(2 * stars) / 2))},{100 * u + m}\n")
    ratings.write("1,999999,5.0,0\n")  # a film that the other table does not have
    return ratings.getvalue(), films.getvalue()


def by_hand(ratings: str, films: str, top: int, least: int, mean: float) -> Any:
    """Appendix D with dictionaries and fractions."""
    titles, of = {}, {}
    for film in csv.DictReader(io.StringIO(films)):
        titles[film["movieId"]], of[film["movieId"]] = film["title"], film["genres"].split("|")
    stars: dict[str, dict[str, Fraction]] = defaultdict(dict)  # film -> user -> rating
    for line in csv.DictReader(io.StringIO(ratings)):
        if line["movieId"] in titles:
            stars[line["movieId"]][line["userId"]] = Fraction(line["rating"])

    def average(values: list[Fraction]) -> Fraction:
        return sum(values, Fraction(0)) / len(values)

    users = {user for given in stars.values() for user in given}
    fans = {}
    for genre in GENRES:
        own = {u: [given[u] for m, given in stars.items() if u in given and genre in of[m]] for u in users}
        fans[genre] = {u for u, values in own.items() if len(values) >= least and average(values) >= mean}
    best = {}
    for genre in GENRES:
        mine = [m for m in titles if genre in of[m] and stars[m]]
        best[genre] = sorted(mine, key=lambda m: -len(stars[m]))[:top]

    def utility(m: str, who: set[str]) -> Fraction:
        return average([r for u, r in stars[m].items() if u in who] or list(stars[m].values())) / 5

    names = {genre: [titles[m] for m in best[genre]] for genre in GENRES}
    tables = {who: [[utility(m, f) for m in best[g]] for g in GENRES] for who, f in [("Alice", users), *fans.items()]}
    return names, tables, {genre: len(f) for genre, f in fans.items()}


@pytest.mark.parametrize("seed", range(3))
def test_movielens_is_appendix_d(seed: int, tmp_path: Path) -> None:
    """The construction against dictionaries and fractions: fans, films, means, and a genre whose fans rated nothing."""
    ratings, films = made_up(seed)
    (tmp_path / "ratings.csv").write_text(ratings)
    (tmp_path / "movies.csv").write_text(films)
    files = [str(tmp_path / "ratings.csv"), str(tmp_path / "movies.csv")]
    flags = ["--genres", ",".join(GENRES), "--films", "12", "--mean", "3.5", "--digits", "9"]
    done = run("market", "--movielens", *files, *flags, "-o", str(tmp_path / "m.json"))
    assert done.exit_code == 0, done.stderr
    names, tables, fans = by_hand(ratings, films, 3, 12, 3.5)
    game: Any = bigopt.load(tmp_path / "m.json")
    assert game.states == GENRES and dict(zip(game.states, map(list, game.policies), strict=True)) == names
    for who, table in zip(["Alice", *GENRES], (game.alice, *game.bobs), strict=True):
        expected = [[float(v) for v in row] for row in tables[who]]
        assert np.array(table) == pytest.approx(np.array(expected), abs=0.51e-9)
    assert all(f"{genre}: {count} fans of" in done.stderr for genre, count in fans.items())
    assert "1 of" in done.stderr and "films are not in the table" in done.stderr
    nobody: Any = bigopt.read_table(files, "market", construction="movielens", genres=",".join(GENRES))
    if not any(by_hand(ratings, films, 3, 20, 4.0)[2].values()):  # the fall-back: Bobs are Alice
        assert all((np.array(bob) == np.array(nobody.alice)).all() for bob in nobody.bobs)
    assert all(round(v, 2) == v for row in nobody.alice for v in row.tolist())
    assert bigopt.solve(game).solved


def test_movielens_says_what_is_wrong(tmp_path: Path) -> None:
    films = pandas.DataFrame({"movieId": [1, 2], "title": ["a", "b"], "genres": ["Action", "Action"]})
    ratings = pandas.DataFrame({"userId": [1, 1], "movieId": [1, 2], "rating": [4.0, 9.0]})
    for table, text in ((ratings, "row 1: 9, expected from 0 to 5"), (ratings.iloc[:1], "1 rated films of 'Action'")):
        with pytest.raises(InstanceError, match=text):
            bigopt.read_table([table, films], "market", construction="movielens", genres="Action")
