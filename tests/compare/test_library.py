"""The stored instances: all can be read, say how hard they are, and the easy recipes keep their answers."""

import json

import pytest
from typer.testing import CliRunner

from bigopt import catalog
from bigopt.cli.app import app
from bigopt.compare.plan import paths
from bigopt.engine.check import check_expected
from bigopt.engine.classify import concept_class, concept_size
from bigopt.files import instance
from bigopt.files.recipe import STATUSES
from bigopt.places import folder

RECIPES = [name for name in catalog.instances() if name.endswith(".toml")]


def test_the_library_is_large_enough_and_every_instance_says_how_hard_it_is() -> None:
    names = catalog.instances()
    assert len(names) >= 50
    for name in names:
        read = instance.read(catalog.instance(name))
        assert read.status in STATUSES, name
        assert read.source, name
        assert concept_class(read.game), name


@pytest.mark.parametrize("name", RECIPES)
def test_recipes_that_are_easy_keep_their_answers(name: str) -> None:
    read = instance.read(catalog.instance(name))
    if read.status != "easy":
        pytest.skip("checked by `bigopt check --all`")
    for concept, solution, compared in check_expected(read, time_limit=300):
        assert solution.solved, concept
        assert compared.passed, compared.note


def test_the_size_of_a_model_is_counted() -> None:
    game = instance.load(catalog.instance("big/example-1-opposed"))
    # the aggregate form: two actions of one coordinate, the receiver, and the row that links them
    assert (concept_class(game), concept_size(game)) == ("QP", (3, 1))


def test_the_list_is_filtered_and_counts_models() -> None:
    words = ["list", "instances", "--json", "--kind", "influencers", "--class", "LP", "--status", "easy"]
    result = CliRunner().invoke(app, [*words, "--sizes"])
    rows = {row["instance"]: row for row in map(json.loads, result.stdout.splitlines())}
    # two players in two dimensions: four actions; the diamond has four sides for each of them, the square's are bounds
    assert (rows["big/example-3-diamond"]["variables"], rows["big/example-3-diamond"]["constraints"]) == (4, 8)
    assert (rows["big/example-4-square"]["variables"], rows["big/example-4-square"]["constraints"]) == (4, 0)
    assert {row["class"] for row in rows.values()} == {"LP"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("instances", "--kind", "nosuch"), "--kind nosuch"),
        (("solvers", "--status", "easy"), "--status"),
        (("models", "--sizes"), "--sizes"),
    ],
)
def test_a_filter_that_fits_nothing_is_one_line(words: tuple[str, ...], said: str) -> None:
    result = CliRunner().invoke(app, ["list", *words])
    assert result.exit_code == 2 and said in result.stderr and result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_needs_no_ending(name: str) -> None:
    assert catalog.instance(name.removesuffix(".toml")) == catalog.instance(name)


def test_a_stored_folder_has_a_name_as_its_instances_have() -> None:
    found = paths(["big/inner-product"])
    assert found == paths([str(folder("instances") / "big/inner-product")]) and found
