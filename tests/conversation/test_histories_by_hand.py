"""Several rounds with a quantal Alice: what is said of every equilibrium that is shown, and of false ones."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.errors import InstanceError, UsageError
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.exact import reply_list
from bigopt.games.conversation.exact.reply_tree import Tree, TreeRule
from bigopt.games.conversation.verify import quantal_talk
from tests.conversation.loops import Table, judged, said
from tests.conversation.quantal_loops import Quantal

Fields = dict[str, Any]
OPTIONS = {"lambda": 5.0}
SILENT: Fields = {"otherwise": [0, 0], "listed": []}
TELLING: Fields = {"otherwise": [0, 1], "listed": []}


def drawn(seed: int, bobs: int = 2, rounds: int = 2, a: int = 2, features: int = 2) -> Conversation:
    """Draw rows that announce the same first, with utilities in other units and from other origins."""
    rng = np.random.default_rng(seed)
    row = rng.integers(1, 5, (features, 2))
    weights = [row, *[row[rng.permutation(features)] for _ in range(a - 1)]]
    tables = rng.integers(0, 101, (1 + bobs, 3, 2)) / 100
    own = [(unit * table + low).round(2) for unit, low, table in zip((3, 5), (-5, 100), tables[1:], strict=False)]
    return Conversation((4 * tables[0] + 7).round(2), own, rounds, prior_weights=np.array(weights), name="drawn")


def answer(game: Conversation) -> Fields:
    """Return the answer as a file holds it."""
    found: Fields = bigopt.solve(game, "quantal-nash", options=OPTIONS).to_dict()["solution"]
    return found


def rule(data: Fields) -> TreeRule:
    """Read a rule."""
    listed = {tuple(map(tuple, entry["heard"])): tuple(entry["words"]) for entry in data["listed"]}
    return TreeRule(tuple(data["otherwise"]), listed)


def regrets(game: Conversation, rules: list[Fields]) -> tuple[Any, list[float]]:
    """Return everybody's utilities, and what each Bob's best reply gains, by the algorithm that looks for them."""
    tree, read = Tree(game, 5.0), [rule(data) for data in rules]
    above = tree.amounts(read)
    return tree.utilities(read), [tree.best_reply(read, j)[0] - float(above[j + 1]) for j in range(game.k)]


@pytest.mark.parametrize("bobs", [1, 2])
@pytest.mark.parametrize("seed", [2, 5])
def test_quantal_talk(seed: int, bobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    game = drawn(seed, bobs)
    point = answer(game)
    fields, certificate = judged(game, "quantal-nash", point, OPTIONS)
    assert set(fields) == {"count", "worst", "best", "dynamics", "opt", "games", "equilibria"}
    assert [one["start"] for one in fields["equilibria"]] == ["silent", "revealing"]
    said_first = [[data["otherwise"] for data in one["rules"]] for one in fields["equilibria"]]
    assert said_first == [[[0, 0]] * bobs, [[0, 1]] * bobs]
    alices, worst = [], 0.0
    for one, given in zip(fields["equilibria"], point["equilibria"], strict=True):
        utilities, gains = regrets(game, one["rules"])
        assert set(one) == {"start", "moves", "alice", "bobs", "rules"}
        assert [one["alice"], *one["bobs"]] == pytest.approx(utilities)
        assert (one["moves"], one["rules"]) == (given["moves"], given["rules"])
        alices.append(one["alice"])
        worst = max(worst, *gains)
    assert certificate.max_regret == pytest.approx(worst, abs=1e-12)
    more = [("all equilibria", "games"), ("worst", "Alice's stake"), ("best", "Alice's stake")]
    assert [(c.name, c.unit, c.grade, c.claimed) for c in certificate.checks] == [
        ("regret", "Bob's stake", "recomputed", True),
        *((name, unit, "recomputed", True) for name, unit in more),
        ("ends", "starts left out", "compared", False),
    ]
    assert certificate.verified and certificate.checks[0].limit == 1e-9
    assert "features reversed" in certificate.checks[1].note and "over all deterministic" in certificate.checks[0].note
    if bobs == 1:  # to tell is best, in the first round or in the second
        assert regrets(game, [SILENT])[1][0] > 1e-6 > regrets(game, [TELLING])[1][0]
        assert fields["count"] == 2 and fields["worst"] == fields["best"] == pytest.approx(alices[0])
    bare, known = judged(game, "quantal-nash", {"equilibria": point["equilibria"]}, OPTIONS)
    monkeypatch.setattr(quantal_talk, "PROFILES", 1)
    short, limited = judged(game, "quantal-nash", point, OPTIONS)
    for some, own, note in ((bare, known, "no list was given"), (short, limited, "at most 1: not listed")):
        assert (some["count"], some["games"]) == (None, None)
        assert (some["worst"], some["best"], some["dynamics"]) == (min(alices), max(alices), alices[0])
        assert some["opt"] == pytest.approx(Table(game).opt) and fields["opt"] == some["opt"]
        assert said(own)[1:] == [
            ("all equilibria", 0.0, 0.0, "", "skipped", False),
            ("ends", 0.0, 0.0, "starts left out", "compared", False),
        ]
        assert note in own.checks[1].note and own.verified


def moving() -> tuple[Conversation, Fields]:
    """Return a game in which silence is no equilibrium, and its answer without the list."""
    game = drawn(2)
    point = {"equilibria": answer(game)["equilibria"]}
    assert point["equilibria"][0]["moves"] > 0 and point["equilibria"][1]["moves"] == 0
    return game, point


def test_profiles_that_are_no_equilibria() -> None:
    """The largest gain of any Bob in any of them, in what he decides, in whatever order they stand."""
    game, point = moving()
    false = {"start": "silent", "rules": [SILENT, SILENT]}
    spans = [Quantal(game, 5.0).stake(j + 1, [0, 1]) for j in range(2)]
    gains = regrets(game, [SILENT, SILENT])[1]
    gain = max(g / span for g, span in zip(gains, spans, strict=True))
    assert gain > 1e-4
    for claim in ([false], [false, point["equilibria"][1]], [point["equilibria"][1], false]):
        fields, certificate = judged(game, "quantal-nash", {"equilibria": claim}, OPTIONS)
        assert certificate.checks[0].value == pytest.approx(gain)
        assert certificate.max_regret == pytest.approx(max(gains))
        assert "regret" in [check.name for check in certificate.failed]
        shown = fields["equilibria"][claim.index(false)]
        assert (shown["start"], shown["moves"]) == (None, None)
    fields, certificate = judged(game, "quantal-nash", {"equilibria": [false]}, OPTIONS)
    assert fields["dynamics"] is None and fields["worst"] is not None
    both = drawn(10)
    gains = regrets(both, [SILENT, SILENT])[1]
    certificate = judged(both, "quantal-nash", {"equilibria": [false]}, OPTIONS)[1]
    assert certificate.max_regret == pytest.approx(max(gains)) and min(gains) > 1e-3


def test_what_follows_a_rare_announcement_counts_as_much() -> None:
    """Silence is no equilibrium after one of probability 10^-14, either; where best replies end somebody has moved."""
    game, _ = moving()
    other = [[[3 * 10**14, 1], [3 * 10**14, 1]]]
    rare = Conversation(game.alice, game.bobs, 2, prior_weights=[*game.prior_weights.tolist(), *other], name="rare")
    spans = [Quantal(game, 5.0).stake(j + 1, [0, 1]) for j in range(2)]
    gain = max(g / span for g, span in zip(regrets(game, [SILENT, SILENT])[1], spans, strict=True))
    silent = {"equilibria": [{"start": "silent", "rules": [SILENT, SILENT]}]}
    certificate = judged(rare, "quantal-nash", silent, OPTIONS)[1]
    assert certificate.checks[0].value == pytest.approx(gain, rel=1e-3) and not certificate.verified
    found = bigopt.solve(rare, "quantal-nash", options=OPTIONS)
    assert found.solved and [one["moves"] > 0 for one in found.equilibria] == [True, False]


def test_no_equilibrium_and_those_of_other_origin() -> None:
    """An empty list proves nothing; one from elsewhere says nothing of best replies, and is as good as any."""
    game, point = moving()
    fields, certificate = judged(game, "quantal-nash", {"equilibria": []}, OPTIONS)
    assert (fields["worst"], fields["best"], fields["dynamics"]) == (None, None, None)
    assert [check.name for check in certificate.failed] == ["regret"] and certificate.checks[0].value == math.inf
    assert "cycle" in certificate.checks[0].note
    silent, telling = point["equilibria"]
    elsewhere = {"start": "elsewhere", "rules": silent["rules"]}
    fields, certificate = judged(game, "quantal-nash", {"equilibria": [elsewhere]}, OPTIONS)
    assert certificate.verified and fields["equilibria"][0]["start"] is None
    swapped = [silent | {"start": "revealing"}, telling | {"start": "silent"}]
    fields, certificate = judged(game, "quantal-nash", {"equilibria": swapped}, OPTIONS)
    assert [one["start"] for one in fields["equilibria"]] == [None, None] and certificate.verified
    for claim in ([silent], [telling]):
        fields, certificate = judged(game, "quantal-nash", {"equilibria": claim}, OPTIONS)
        assert said(certificate)[2] == ("ends", 1.0, 0.0, "starts left out", "compared", False)
        assert fields["dynamics"] == (silent["alice"] if claim == [silent] else None)


def test_what_is_shown_is_what_was_judged() -> None:
    """Numbers that were heard are whole: others would be read as the whole ones below them."""
    game, point = moving()
    told = next(one for one in point["equilibria"][0]["rules"] if one["listed"])
    first, *others = told["listed"]
    heard = [[v + 0.5 for v in message] for message in first["heard"]]
    false = told | {"listed": [first | {"heard": heard}, *others], "remark": "not judged"}
    rules = [false if one is told else one for one in point["equilibria"][0]["rules"]]
    fields, _ = judged(game, "quantal-nash", {"equilibria": [{"start": "silent", "rules": rules}]}, OPTIONS)
    assert fields["equilibria"][0]["rules"] == point["equilibria"][0]["rules"]


def test_what_cannot_be_read_is_named() -> None:
    game, _ = moving()
    one: Fields = {"rules": [SILENT, TELLING]}
    heard: Fields = {"heard": [[1, 2, 3, 4]], "words": [0, 1]}
    cases: list[tuple[Any, str]] = [
        (None, "equilibria: expected a list of"),
        ({}, "equilibria: expected a list of"),
        ("equilibria", "equilibria: expected a list of"),
        ([one, 1], "equilibria: expected a list of"),
        ([one, {}], r"equilibria\[1\].rules: expected 2 rules"),
        ([{"rules": [SILENT]}], r"equilibria\[0\].rules: expected 2 rules"),
        ([{"rules": {"a": 1, "b": 2}}], r"equilibria\[0\].rules: expected 2 rules"),
        ([one, {"rules": [SILENT, 3]}], r"equilibria\[1\].rules\[1\]: expected an object with otherwise and listed"),
        ([{"rules": [{"otherwise": [0, 0]}, SILENT]}], r"rules\[0\]: expected an object with otherwise and listed"),
        ([{"rules": [SILENT | {"otherwise": [0]}, SILENT]}], r"rules\[0\].otherwise: 1 numbers, expected 2"),
        ([{"rules": [SILENT, SILENT | {"otherwise": [0, 0.5]}]}], r"rules\[1\].otherwise\[1\]: 0.5, expected a whole"),
        ([{"rules": [SILENT | {"listed": [1]}, SILENT]}], r"listed\[0\]: expected an object with heard and words"),
        ([{"rules": [SILENT | {"listed": [{"heard": []}]}, SILENT]}], r"listed\[0\]: expected an object with heard"),
        (
            [{"rules": [SILENT, SILENT | {"listed": [heard, heard | {"words": [0]}]}]}],
            r"equilibria\[0\].rules\[1\].listed\[1\].words: 1 numbers, expected 2",
        ),
    ]
    for claim, says in cases:
        with pytest.raises(InstanceError, match=says):
            judged(game, "quantal-nash", {"equilibria": claim}, OPTIONS)


def test_best_replies_end_alike_in_any_unit() -> None:
    game, point = moving()
    known = [(one["moves"], one["rules"]) for one in point["equilibria"]]
    for unit in (1e-7, 1e7):
        other = Conversation(game.alice, unit * game.bobs, 2, prior_weights=game.prior_weights)
        assert [(one["moves"], one["rules"]) for one in quantal_talk.ended(other, 5.0, None)] == known


def test_ties_and_floors_after_each_announcement() -> None:
    game = drawn(3, a=3)
    weights = np.concatenate([game.prior_weights, 2 + game.prior_weights[:1]])
    flat = Conversation(game.alice, [game.bobs[0], np.full((3, 2), 4.0)], 2, prior_weights=weights)
    found = quantal_talk.listed(flat, 5.0, None, 10**6)
    assert not isinstance(found, str) and len(found) == 2
    informed, quantal = Quantal(flat, 1e6), Quantal(flat, 5.0)
    known = sorted((informed.most(-1, rows), quantal.stake(1, rows)) for rows in ([0, 1, 2], [3]))
    for one, (floor, stake) in zip(sorted(found, key=lambda one: one.floor), known, strict=True):
        assert one.floor == pytest.approx(floor)
        assert one.ties == pytest.approx([1e-12 * stake, 0.0], rel=1e-9, abs=0)


def test_limits_are_named_and_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    game = drawn(2)
    games = quantal_talk.listed(game, 5.0, None, 10**6)
    assert not isinstance(games, str)
    profiles = sum(one.amounts[0].size for one in games)
    assert not isinstance(quantal_talk.listed(game, 5.0, None, profiles), str)
    rules = max(len(one.amounts[0]) for one in games)
    says = f"up to {rules:,} rules a Bob over histories, {profiles:,} profiles, at most {profiles - 1:,}: not listed"
    assert quantal_talk.listed(game, 5.0, None, profiles - 1) == says
    monkeypatch.setattr(quantal_talk, "FEATURES", 2)
    monkeypatch.setattr(quantal_talk, "ROUNDS", 2)
    assert quantal_talk.ended(game, 5.0, None)
    with pytest.raises(UsageError, match="drawn: 3 rounds, at most 2: use quantal"):
        quantal_talk.ended(drawn(2, rounds=3), 5.0, None)
    with pytest.raises(UsageError, match="drawn: 3 features of the Bobs, at most 2 in several rounds: use quantal"):
        quantal_talk.ended(drawn(2, features=3), 5.0, None)
    monkeypatch.setattr(reply_list, "STEPS", 1)
    assert quantal_talk.listed(game, 5.0, None, 10**6) == "more than 1 answers of Alice while rules are counted"
