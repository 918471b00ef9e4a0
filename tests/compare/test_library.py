"""The stored instances: all can be read, say how hard they are, and the easy recipes keep their answers."""

import pytest

from bigopt import catalog, instance
from bigopt.check import check_expected
from bigopt.classify import concept_class, concept_size
from bigopt.recipes import STATUSES

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
    for concept, solution, compared in check_expected(read, time_limit=20):
        assert solution.solved, concept
        assert compared.passed, compared.note


def test_the_size_of_a_model_is_counted() -> None:
    game = instance.load(catalog.instance("big/example-1-opposed"))
    # the aggregate form: two actions of one coordinate, the receiver, and the row that links them
    assert (concept_class(game), concept_size(game)) == ("QP", (3, 1))
