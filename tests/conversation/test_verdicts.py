"""What certificates say of points that are no answers: numbers by plain loops, and claims of the wrong form."""

from itertools import product
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.concepts.solution import Certificate
from bigopt.errors import InstanceError, UsageError
from bigopt.games import kinds
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.exact import deviations, obedient
from bigopt.games.conversation.verify import play, substitutes
from tests.conversation.conftest import Make
from tests.conversation.quantal_loops import Quantal

GUESS = [[1, 0], [0, 1]]
XOR = Conversation(GUESS, [GUESS], 1, prior_weights=[[[1, 0], [0, 1]], [[0, 1], [1, 0]]], name="xor")
Fields = dict[str, Any]


def judged(
    game: Conversation, concept: str, point: Any, options: Fields | None = None, **arguments: Any
) -> tuple[Fields, Certificate, Fields]:
    """Return what a verifier says of a point: its fields, its certificate and the values of its checks by name."""
    row = kinds.concept_of(game, concept)
    request = row.request(options=options or {}, arguments=arguments)
    fields, certificate = row.verify(game, point, request)
    return fields, certificate, {check.name: check.value for check in certificate.checks}


@pytest.mark.parametrize("seed", range(4))
def test_a_lottery_that_nobody_would_follow(make: Make, seed: int) -> None:
    """What obedience and ignoring the Bob lack, in stakes, by loops; values and prices of the same lottery."""
    rng = np.random.default_rng(seed)
    game = make(seed, a=2, b=2, bobs=2, rounds=1, actions=3)
    game = Conversation(4 * game.alice + 7, list(3 * game.bobs - 5), 1, prior_weights=game.prior_weights)
    lottery = rng.dirichlet(np.ones(3), (2, 2))
    fields, certificate, values = judged(game, "deviation", {"lottery": lottery * 1.5}, player=1)
    prior, kept = game.prior, obedient.obeyable(game)
    profile = play.profile_of(game, 2)
    without = deviations.without(game, profile, 1, 2)
    low = game.alice.min()
    worst = 0.0
    for x in range(2):
        hers = [[sum(prior[x, b, y] * (game.alice[a, y] - low) for y in range(2)) for a in range(3)] for b in range(2)]
        stake = sum(np.ptp([row[a] for a in range(3) if kept[x, a]]) for row in hers) or 1.0
        for a, other in product(range(3), repeat=2):
            gain = sum(lottery[x, b, a] * (hers[b][other] - hers[b][a]) for b in range(2))
            worst = max(worst, gain / stake)
        has = sum(lottery[x, b, a] * hers[b][a] for b in range(2) for a in range(3))
        worst = max(worst, (without[x] - has) / stake)
        silly = sum(lottery[x, b, a] for b in range(2) for a in range(3) if not kept[x, a] and prior[x, b].sum() > 0)
        worst = max(worst, silly)
    assert fields["lottery"] == pytest.approx(lottery) and fields["player"] == 1
    assert values["obedience"] == pytest.approx(worst) and worst > 1e-3 and not certificate.verified
    value = float(np.einsum("xba,xby,ay->", lottery, prior, game.bobs[1]))
    true = bigopt.solve(game, "deviation", player=1)
    assert fields["at_most"] == true.at_most  # whatever the lottery
    own = np.einsum("xby,ay->xba", prior, game.bobs[1])
    his = sum(np.ptp(own[x][:, kept[x]], axis=1).sum() for x in range(2))
    low = np.array([own[x][:, kept[x]].min(axis=1) for x in range(2)])
    his = his or np.ptp(own - low[:, :, None])  # in all that Alice could do, where she never has a choice
    assert values["gap"] == pytest.approx(abs(true.at_most - value) / his, rel=1e-4)
    assert values["from below"] < 1e-12 and fields["regret_at_most"] == pytest.approx(
        true.at_most - true.value, abs=1e-6
    )


def test_rules_that_cannot_be_listed_bound_nothing_from_below(monkeypatch: pytest.MonkeyPatch, make: Make) -> None:
    game = make(1, a=2, b=2, bobs=2, rounds=1)
    monkeypatch.setattr(deviations, "RULES", 1)
    fields = judged(game, "play", {})[0]
    assert fields["regrets"] == [None, None] and None not in fields["regrets_at_most"]
    point = {"lottery": bigopt.solve(game, "deviation", player=0).lottery}
    fields, certificate, values = judged(game, "deviation", point, player=0)
    assert certificate.verified and "from below" not in values and fields["regret_at_least"] is None


def test_whose_deviation_is_asked(make: Make) -> None:
    game = make(1, a=2, b=2, bobs=2, rounds=1)
    point = dict(bigopt.solve(game, "deviation", player=1).fields)
    assert judged(game, "deviation", point)[0]["player"] == 1  # as the claim says
    assert judged(game, "deviation", point, player=0)[0]["player"] == 0
    for wrong in (2, -1, True, "0", None):
        with pytest.raises(UsageError, match="from 0 to 1"):
            judged(game, "deviation", point | {"player": wrong})
    with pytest.raises(UsageError, match="player None"):
        judged(game, "deviation", {"lottery": point["lottery"]})


def test_silence_where_letters_are_few(make: Make) -> None:
    assert [rule.name for rule in play.profile_of(make(1, b=2, bobs=2, rounds=1), 2)] == ["rounds"] * 2
    assert play.profile_of(make(1, b=2, bobs=1, rounds=1), 2)[0].rounds == ((0, 1),)
    assert [rule.name for rule in play.profile_of(make(1, b=3, bobs=2, rounds=1), 2)] == ["silent"] * 2


def _draw(**changed: Any) -> Fields:
    return {"x_A": 0, "x_B": 1, "state": 1, "transcript": [[0, 1]], "action": 1} | changed


def test_conversations_that_cannot_be() -> None:
    """Alice sees nothing that matters before the Bob's word, who tells x_B; with x_A = 0 the state is x_B."""
    fields, certificate, values = judged(
        XOR, "sample", {"draws": [_draw(), _draw(x_B=0, state=0, transcript=[[0, 0]], action=0)]}
    )
    assert certificate.verified and values["replay"] == 0.0
    assert fields["means"] == fields["expected"] == [1.0, 1.0]
    wrong = [
        _draw(action=0),
        _draw(transcript=[[0, 0]]),
        _draw(transcript=[[1, 1]]),
        _draw(transcript=[[0, 2]]),
        _draw(state=0),
        _draw(x_B=0),
        _draw(x_A=1),
    ]
    for k, draw in enumerate(wrong):
        assert judged(XOR, "sample", {"draws": [_draw(), draw]})[2]["replay"] == 1.0, k
    assert judged(XOR, "sample", {"draws": wrong})[2]["replay"] == len(wrong)
    unread: list[tuple[Any, str]] = [
        (_draw(x_A=2), "x_A: 2"),
        (_draw(x_B=2), "x_B: 2"),
        (_draw(state=2), "state: 2"),
        (_draw(action=2), "action: 2"),
        (_draw(transcript=[[0]]), "transcript"),
        ({"x_A": 0}, "expected x_A, x_B"),
        (1, "expected x_A, x_B"),
    ]
    for broken, says in unread:
        with pytest.raises(InstanceError, match=says):
            judged(XOR, "sample", {"draws": [broken]})
    nothing: list[Fields] = [{}, {"draws": []}, {"draws": 1}]
    for empty in nothing:
        with pytest.raises(InstanceError, match="draws: expected a list"):
            judged(XOR, "sample", empty)
    half = judged(XOR, "sample", {"draws": [_draw(), _draw(action=0)]})[0]
    assert half["means"] == [0.5, 0.5]


def test_conversations_of_two_rounds_are_followed_word_by_word() -> None:
    """The Bob tells nothing first and x_B in the second round, whatever Alice says."""
    game = Conversation(
        GUESS, [GUESS] * 2, 2, prior_weights=XOR.prior_weights, profile=[{"rounds": [[0, 0], [0, 1]]}, "silent"]
    )
    told = _draw(transcript=[[0, 0, 0, 1], [0, 0, 0, 0]])
    assert judged(game, "sample", {"draws": [told]})[2]["replay"] == 0.0
    for transcript in (
        [[0, 1, 0, 1], [0, 0, 0, 0]],
        [[0, 0, 0, 0], [0, 0, 0, 0]],
        [[0, 0, 0, 1], [0, 0, 0, 1]],
        [[0, 0, 1, 1], [0, 0, 0, 0]],
        [[0, 0, 0, 1], [1, 0, 0, 0]],
    ):
        assert judged(game, "sample", {"draws": [told | {"transcript": transcript}]})[2]["replay"] == 1.0


def test_witnesses_are_read_and_judged_by_the_definition() -> None:
    claim = {"holds": False, "witness": {"action": 1, "A": [1, 0], "B": [0, 1]}}
    fields, certificate, values = judged(XOR, "substitutes", claim)
    assert certificate.verified and values == {"witness": 0.0} and fields["witness"] == claim["witness"]
    # all of x_A + x_B mod 2 comes together: Var(mu(x_A, x_B)) = 1/4 > 0 + 0
    assert fields["left"] > fields["right"] and fields["holds_as_printed"] is False
    assert not judged(XOR, "substitutes", {"holds": False, "witness": {"action": 1, "A": [0], "B": [0, 1]}})[1].verified
    for wrong, says in (
        ({"holds": 1.5}, "holds: expected"),
        ({"holds": False}, "holds: expected"),
        ({"holds": True, "witness": claim["witness"]}, "holds: expected"),
        ({"holds": False, "witness": {"action": 1, "A": [0]}}, "expected an object"),
        ({"holds": False, "witness": 1}, "expected an object"),
        ({"holds": False, "witness": {"action": 2, "A": [0], "B": [0]}}, "witness.action"),
        ({"holds": False, "witness": {"action": 0, "A": [2], "B": [0]}}, "witness.A"),
        ({"holds": False, "witness": {"action": 0, "A": [0], "B": [2]}}, "witness.B"),
        ({"holds": False, "witness": {"action": 0, "A": [0, 0], "B": [0]}}, "witness.A"),
    ):
        with pytest.raises(InstanceError, match=says):
            judged(XOR, "substitutes", wrong)
    half = Conversation(GUESS, [GUESS], 1, prior_weights=[[[1, 0], [0, 0]], [[0, 0], [1, 1]]])
    with pytest.raises(InstanceError, match="probability 0"):
        judged(half, "substitutes", {"holds": False, "witness": {"action": 0, "A": [0], "B": [1]}})


def test_what_the_printed_condition_amounts_to() -> None:
    """x_B adds nothing where the state is known from x_A, or from nothing; zero cells are no matter."""
    for weights, holds in (
        ([[[1, 0], [2, 0]], [[0, 1], [0, 5]]], True),
        ([[[1, 1], [2, 2]], [[3, 3], [4, 4]]], True),
        ([[[1, 0], [0, 1]], [[1, 0], [1, 0]]], False),
        ([[[1, 2], [0, 0]], [[0, 0], [5, 1]]], True),
    ):
        game = Conversation(GUESS, [GUESS], 1, prior_weights=weights)
        assert judged(game, "substitutes", {"holds": None})[0]["holds_as_printed"] is holds


def test_a_condition_is_claimed_only_where_all_rectangles_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    signals = Conversation(GUESS, [GUESS], 1, prior_weights=[[[9, 1], [3, 3]], [[3, 3], [1, 9]]])
    fields, certificate, values = judged(signals, "substitutes", {"holds": True})
    assert (
        certificate.verified and fields["holds"] is True and fields["witness"] is None and values["substitutes"] == 0.0
    )
    assert judged(XOR, "substitutes", {"holds": True})[2]["substitutes"] == 2.0  # both actions
    fields, certificate, _ = judged(signals, "substitutes", {"holds": None})
    assert not certificate.verified and fields["holds"] is None and certificate.checks[0].grade == "searched"
    for most, seen in ((16, True), (15, False), (2**5, True), (8, False)):
        monkeypatch.setattr(substitutes, "RECTANGLES", most)
        assert substitutes.few(signals) is seen
        assert judged(signals, "substitutes", {"holds": True})[1].verified is seen


def test_signals_that_do_not_add_up_and_that_could_be_better(make: Make) -> None:
    """With values from the formula by loops: the Bob's worth of likelihoods against a softmax of Alice's beliefs."""
    game = make(4, a=1, b=2, bobs=1, rounds=1, actions=3)
    game = Conversation(2 * game.alice, list(5 * game.bobs - 3), 1, prior_weights=game.prior_weights)
    options = {"lambda": 4.0}

    def worth(likelihoods: Any) -> float:
        joint = np.array(likelihoods)[:, None] * game.prior[0]  # [x_B, Y]
        beliefs = game.alice @ joint.sum(axis=0) / joint.sum()
        power = np.exp(4.0 * (beliefs - beliefs.max()))
        return float(power / power.sum() @ (game.bobs[0] @ joint.sum(axis=0)))

    for signals in ([[0.5, 0.25], [0.5, 0.75]], [[1.0, 0.0], [0.0, 1.0]], [[1.0, 1.0], [0.0, 0.0]]):
        fields, _, values = judged(game, "quantal-signal", {"signals": signals}, options)
        assert fields["value"] == pytest.approx(sum(worth(row) for row in signals if sum(row)))
        assert fields["silent"] == pytest.approx(worth([1, 1])) and values["signals"] == 0.0
        assert fields["revealing"] == pytest.approx(worth([1, 0]) + worth([0, 1]))
        assert values["gap"] == pytest.approx((fields["at_most"] - fields["value"]) / Quantal(game, 4.0).stake(1, [0]))
    off = judged(game, "quantal-signal", {"signals": [[0.5, 0.5], [0.5, 0.4]]}, options)[2]
    assert off["signals"] == pytest.approx(0.1)
    with pytest.raises(InstanceError, match="signals"):
        judged(game, "quantal-signal", {"signals": [[1.0, 0.0, 0.0]]}, options)


def test_what_was_heard_is_the_rows_that_say_the_same() -> None:
    """Rows 0 and 2 announce the same belief, row 1 another; row 3 cannot be."""
    weights = [[[1, 0], [0, 1]], [[3, 0], [0, 1]], [[0, 2], [2, 0]], [[0, 0], [0, 0]]]
    game = Conversation(GUESS, [GUESS] * 2, 1, prior_weights=weights, bob_names=("one", "other"))
    from bigopt.games.conversation.verify.quantal_signal import asked

    row = kinds.concept_of(game, "quantal-signal")
    assert asked(game, row.request()) == (0, [0, 2])
    assert asked(game, row.request(options={"heard": "x_A 1"}, arguments={"bob": "other"})) == (1, [1])
    assert asked(game, row.request(options={"heard": "x_A 2"}, arguments={"bob": "one"})) == (0, [0, 2])
    with pytest.raises(UsageError, match="expected one of one, other"):
        asked(game, row.request(arguments={"bob": "third"}))
    with pytest.raises(UsageError, match="option heard='x'"):
        asked(game, row.request(options={"heard": "x"}))
    with pytest.raises(InstanceError, match="probability 0"):
        asked(game, row.request(options={"heard": "x_A 3"}))
