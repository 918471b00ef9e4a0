"""Check a bigopt proof with Python's standard library alone, in exact rational arithmetic.

    python check_proof.py INSTANCE.json PROOF.json

Every claim is derived here again, from the instance and the proof's witness, as a rational interval; it holds if the
derived interval lies within the claimed one. docs/PROOFS.md states each rule with its reason. Exit codes: 0 proved,
1 refuted (with the first claim that does not follow), 2 the files cannot be read or are not for one another.
"""

import hashlib
import itertools
import json
import re
import sys
from fractions import Fraction as F
from math import comb, isqrt, lcm, prod

LARGEST = 200_000  # profiles, schemes or choices that are gone through one by one
DIGITS = 100_000  # of a number
NUMBER = re.compile(r"-?\d+(/[1-9]\d*)?$")
REMARKS = ("format", "name", "source", "notes", "expected", "status")
sys.set_int_max_str_digits(DIGITS)

class Bad(Exception):
    """The files cannot be read."""

class Refuted(Exception):
    """Something does not follow."""

def number(text):
    """Read a number exactly, "p/q" or a decimal."""
    power = re.search(r"[eE]([+-]?\d{1,9})$", text)
    if len(text) > DIGITS or (power and abs(int(power[1])) > DIGITS):
        raise Bad(f"a number of {len(text)} characters, expected at most {DIGITS} digits")
    return F(text)

def load(path):
    """Read a JSON file with exact numbers."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file, parse_float=number, parse_int=number, parse_constant=number)
    except (OSError, ValueError, RecursionError) as error:
        raise Bad(f"{path}: {error}") from None

def canonical(value):
    """Return the canonical text of JSON data: sorted keys, numbers as reduced fractions."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{canonical(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return str(value) if isinstance(value, F) else json.dumps(value)

def exact(value):
    """Turn the texts "p/q" of a proof into fractions, at any depth."""
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    if isinstance(value, list):
        return [exact(item) for item in value]
    return number(value) if isinstance(value, str) and NUMBER.match(value) else value

def need(truth, what):
    """Go on only where something is true."""
    if not truth:
        raise Refuted(what)

def root_up(q):
    """Return a rational that is at least the square root of q."""
    return F(isqrt(q.numerator * q.denominator * 10**40) + 1, q.denominator * 10**20) if q else F(0)

def dot(a, b):
    """Return the inner product of two vectors of one length."""
    return sum((x * y for x, y in zip(a, b, strict=True)), F(0))

def whole(table):
    """Return (integers, denominator) of nested lists of fractions."""
    flat = [v for row in table for v in row]
    q = lcm(*(F(v).denominator for v in flat))
    return [[int(v * q) for v in row] for row in table], q

def background(game):
    """Return what the background adds to the receiver."""
    back = game.get("background")
    return [back["weight"] * v for v in back["point"]] if back else [F(0)] * len(game["targets"][0])

def inside(X, x, share):
    """Prove that an action lies in the action set; in a hull by convex weights [point, weight]."""
    if X["type"] == "hull":
        need(all(k >= 0 <= w for k, w in share) and sum(w for _, w in share) == 1, "convex weights of a hull's points")
        mixed = [sum(w * X["points"][int(k)][c] for k, w in share) for c in range(len(x))]
        need(mixed == x, "an action is the mixture of its points")
    elif X["type"] == "box":
        need(all(a <= v <= b for a, v, b in zip(X["lower"], x, X["upper"], strict=True)), "an action in the box")
    elif X["type"] == "simplex":
        need(min(x) >= 0 and sum(x) == X["scale"], "an action in the simplex")
    elif X["type"] == "ball":
        need(sum((v - c) ** 2 for v, c in zip(x, X["center"], strict=True)) <= X["radius"] ** 2, "inside the ball")
    else:
        need(all(dot(a, x) <= b for a, b in zip(X["A"], X["b"], strict=True)), "an action's inequalities")
        need(all(dot(a, x) == b for a, b in zip(X.get("A_eq", []), X.get("b_eq", []), strict=True)), "its equations")

def support(X, g, price):
    """Return a rational that is at least max g.x over the action set; polytopes by multipliers (weak duality)."""
    if X["type"] in ("hull", "simplex"):
        return max(dot(g, p) for p in X["points"]) if X["type"] == "hull" else X["scale"] * max(g)
    if X["type"] == "box":
        return sum(max(v * a, v * b) for v, a, b in zip(g, X["lower"], X["upper"], strict=True))
    if X["type"] == "ball":
        return dot(g, X["center"]) + X["radius"] * root_up(dot(g, g))
    need(all(v >= 0 for v in price[: len(X["A"])]), "multipliers of inequalities are not negative")
    rows = [*X["A"], *X.get("A_eq", [])]
    need(all(dot(price, [r[c] for r in rows]) == v for c, v in enumerate(g)), "multipliers add up to the direction")
    return dot(price, [*X["b"], *X.get("b_eq", [])])

def influencers(game, concept, witness):
    """Nash and dominant actions: loss i is convex in x_i, so that regret i <= max over p of grad_i.(x_i - p)."""
    w, t, X, x = game["weights"], game["targets"], game["action_set"], witness["actions"]
    nash, d = concept == "nash", range(len(game["targets"][0]))
    need(game["loss"] == ("squared" if nash else "inner-product"), "the concept fits the loss")
    for action, share in zip(x, witness.get("shares") or [None] * len(w), strict=True):
        need(len(action) == len(d), "an action's dimension")
        inside(X, action, share)
    hat = [base + dot(w, [a[c] for a in x]) for c, base in enumerate(background(game))]
    gaps = []
    for v, goal, a, price in zip(w, t, x, witness.get("prices") or [[]] * len(w), strict=True):
        down = [2 * v * (goal[c] - hat[c]) if nash else v * goal[c] for c in d]  # minus the gradient
        gaps.append(support(X, down, price) - dot(down, a))
    facts = {"actions": x, "regrets": [(F(0), gap) for gap in gaps]}
    if not nash:
        return facts | {"receiver": hat, "losses": [-dot(hat, goal) for goal in t]}
    away = root_up(sum(gaps))  # |hat - hat*|^2 <= potential - its minimum <= sum of gaps; hat* is every equilibrium's
    potential = dot(hat, hat) - 2 * sum(v * dot(goal, a) for v, goal, a in zip(w, t, x, strict=True))
    facts |= {"receiver": [(at - away, at + away) for at in hat], "potential": (potential - sum(gaps), potential)}
    facts["losses"] = [sum((hat[c] - goal[c]) ** 2 for c in d) for goal in t]
    if X["type"] == "box" and not any(gaps):
        facts["dimension"] = F(sum(free(X["lower"][c], X["upper"][c], w, [a[c] for a in x], t, hat[c], c) for c in d))
        facts["unique"] = facts["dimension"] == 0
    return facts

def free(low, up, w, x, t, hat, c):
    """Return a coordinate's share of the dimension of the equilibrium set on a box."""
    tied = [i for i, v in enumerate(w) if v and low < up and t[i][c] == hat]
    least, most = (sum(end(w[i] * low, w[i] * up) for i in tied) for end in (min, max))
    inner = least < sum(w[i] * x[i] for i in tied) < most
    return sum(1 for v in w if not v and low < up) + (len(tied) - 1 if inner else 0)

def prior(game):
    """Return the prior as exact probabilities."""
    weights = game.get("prior_weights") or game.get("prior") or [F(1)] * len(game["states"])
    need(min(weights) >= 0 and sum(weights) > 0 and len(weights) == len(game["alice"]), "a prior")
    return [F(v) / sum(weights) for v in weights]

def alignment(game, witness):
    """Definition 1: weights and an offset from above; from below a signed measure on outcomes of mass 0 and size 1."""
    tables, w, mass = [b["utility"] for b in game["bobs"]], witness["weights"], witness["measure"]
    cells = [(a, [b[s][k] for b in tables]) for s, row in enumerate(game["alice"]) for k, a in enumerate(row)]
    need(min(w) >= 0 and sum(w) == 1 and sum(mass) == 0 and sum(map(abs, mass)) in (0, 1), "weights and a measure")
    upper = max(abs(dot(w, bobs) + witness["offset"] - a) for a, bobs in cells)
    against = min(dot(mass, [bobs[j] for _, bobs in cells]) for j in range(len(w)))
    return {"epsilon": (max(F(0), against - dot(mass, [a for a, _ in cells])), upper), "weights": w}

def persuasion(game, concept, witness):
    """First best by a maximum a state; a sender's scheme, which Alice obeys, by prices of her obedience."""
    p, u, A = prior(game), game["alice"], range(len(game["actions"]))
    if concept in ("first-best", "alignment"):
        return {"opt": dot(p, map(max, u))} if concept == "first-best" else alignment(game, witness)
    need("alice_signal" not in game, "Alice has no information of her own")
    v = ({b["name"]: b["utility"] for b in game["bobs"]} | {"aligned": u})[witness["bob"]]
    scheme, price = witness["scheme"], {(int(a), int(b)): y for a, b, y in witness["obedience"]}
    need(all(min(r) >= 0 and sum(r) == 1 and len(r) == len(A) for r in scheme) and len(scheme) == len(p), "a scheme")
    need(min(price.values(), default=0) >= 0, "prices of obedience are not negative")
    for a in A:
        worth = [dot([q * r[a] for q, r in zip(p, scheme, strict=True)], [r[b] for r in u]) for b in A]
        need(worth[a] == max(worth), f"Alice obeys recommendation {a}")
    gain = [[q * g for g in row] for q, row in zip(p, v, strict=True)]
    for (a, b), y in price.items():
        for s, q in enumerate(p):
            gain[s][a] += y * q * (u[s][a] - u[s][b])
    value, alice = (sum(q * dot(r, g) for q, r, g in zip(p, scheme, t, strict=True)) for t in (v, u))
    return {"bob": witness["bob"], "scheme": scheme, "value": (value, sum(map(max, gain))), "alice": alice}

def market(game, concept, witness):
    """Stable schemes by going through all of them: no Bob can gain together with Alice; one Bob needs nobody."""
    if concept == "alignment":
        return alignment(game, witness)
    sizes, p = [len(row) for row in game["alice"]], prior(game)
    need(prod(sizes) <= LARGEST, f"at most {LARGEST} schemes to go through")
    schemes, worth, units = list(itertools.product(*map(range, sizes))), [], []
    for table in (game["alice"], *(b["utility"] for b in game["bobs"])):
        cells, unit = whole([[q * g for g in row] for q, row in zip(p, table, strict=True)])
        worth.append([sum(row[a] for row, a in zip(cells, f, strict=True)) for f in schemes])
        units.append(unit)
    order, stable = sorted(range(len(schemes)), key=lambda i: -worth[0][i]), [True] * len(schemes)
    for own in worth[1:]:
        best, at = None, 0  # the most that this Bob gets where Alice gets strictly more
        for i in order:
            while worth[0][order[at]] > worth[0][i]:
                best, at = own[order[at]] if best is None else max(best, own[order[at]]), at + 1
            ahead = max(own) if len(worth) == 2 else best
            stable[i] &= ahead is None or own[i] >= ahead
    kept, opt = [i for i in order if stable[i]], dot(p, map(max, game["alice"]))
    if concept == "stable":
        return {"count": F(len(kept)), "schemes": sorted([F(a) for a in schemes[i]] for i in kept), "opt": opt}
    value, chosen = worth[0][kept[-1 if concept == "worst" else 0]], tuple(map(int, witness["scheme"]))
    need(any(schemes[i] == chosen and worth[0][i] == value for i in kept), "the scheme is stable, with that value")
    return {"alice": F(value, units[0]), "scheme": [F(a) for a in chosen], "opt": opt}

def subsets(game, concept, witness):
    """Equilibria of finite choices by going through them, in integers."""
    again, t, sizes = game.get("repeats", False), game["targets"], [int(k) for k in game["sizes"]]
    need(len(game["items"]) <= LARGEST and max(sizes) <= 100, "a size that can be gone through")
    counts = [comb(len(game["items"]) + (k - 1 if again else 0), k) for k in sizes]
    need(sum(counts) <= LARGEST, f"at most {LARGEST} choices to go through")
    pick = itertools.combinations_with_replacement if again else itertools.combinations
    options, d = [list(pick(range(len(game["items"])), k)) for k in sizes], range(len(t[0]))
    m, n, rows = len(game["items"]), len(t), [[v * a[c] for c in d] for v in game["weights"] for a in game["items"]]
    grid, unit = whole([*rows, *t, background(game)])
    parts = [[[sum(grid[i * m + k][c] for k in o) for c in d] for o in own] for i, own in enumerate(options)]
    goals, base = grid[n * m : n * m + n], grid[-1]
    def receiver(f):
        return [base[c] + sum(parts[i][k][c] for i, k in enumerate(f)) for c in d]
    def potential(f):
        return dot(*[receiver(f)] * 2) - 2 * sum(dot(parts[i][k], goals[i]) for i, k in enumerate(f))
    least = {}  # the smallest loss of a player against what the others and his target leave, computed once
    def quiet(f, hat):
        for i, k in enumerate(f):
            rest = tuple(hat[c] - parts[i][k][c] - goals[i][c] for c in d)
            if (i, rest) not in least:
                least[i, rest] = min(sum((r + own[c]) ** 2 for c, r in enumerate(rest)) for own in parts[i])
            if sum((hat[c] - goals[i][c]) ** 2 for c in d) > least[i, rest]:
                return False
        return True
    profiles = itertools.product(*map(range, counts))
    if concept == "all-nash":
        need(prod(counts) <= LARGEST, f"at most {LARGEST} profiles to go through")
        return {"count": F(sum(quiet(f, receiver(f)) for f in profiles)), "complete": True}
    f = tuple(own.index(tuple(map(int, c))) for own, c in zip(options, witness["choices"], strict=True))
    need(quiet(f, hat := receiver(f)), "nobody can do better alone")
    facts = {"choices": witness["choices"], "receiver": [F(v, unit) for v in hat]}
    facts["losses"] = [sum(F(hat[c] - goal[c], unit) ** 2 for c in d) for goal in goals]
    if prod(counts) <= LARGEST:
        facts["potential"] = (min(map(potential, profiles)) / unit**2, potential(f) / unit**2)
    return facts

RULES = {
    "influencers": (influencers, ("nash", "dominant")),
    "persuasion": (persuasion, ("signaling", "first-best", "alignment")),
    "market": (market, ("worst", "best", "stable", "alignment")),
    "subsets": (subsets, ("nash", "all-nash")),
}

def follows(claim, fact, path):
    """Prove a claim from a derived fact: intervals within intervals, lists entry by entry."""
    if isinstance(claim, list) and isinstance(fact, list):
        need(len(claim) == len(fact), f"{path}: {len(claim)} claimed, {len(fact)} derived")
        for k, (a, b) in enumerate(zip(claim, fact, strict=True)):
            follows(a, b, f"{path}[{k}]")
        return
    low, up = fact if isinstance(fact, tuple) else (fact, fact)
    ends = (claim["lower"], claim["upper"]) if isinstance(claim, dict) else (claim, claim)
    need(all(type(end) is type(low) for end in ends), f"{path}: claimed {claim}, derived [{low}, {up}]")
    holds = ends[0] <= low and up <= ends[1] if isinstance(low, F) else low == ends[0] == ends[1]
    need(holds, f"{path}: claimed [{ends[0]}, {ends[1]}], derived [{low}, {up}]")

def check(instance, proof):
    """Return the names of the claims that were proved, or raise Refuted."""
    if not isinstance(instance, dict) or not isinstance(proof, dict) or proof.get("format") != "bigopt-proof/1":
        raise Bad("expected an instance and a proof of the format bigopt-proof/1")
    rule, concepts = RULES.get(instance.get("kind"), (None, ()))
    if rule is None or proof.get("kind") != instance["kind"] or proof.get("concept") not in concepts:
        raise Bad("no rule for this kind and concept")
    own = canonical({key: value for key, value in instance.items() if key not in REMARKS})
    if proof.get("instance_sha256") != hashlib.sha256(own.encode()).hexdigest():
        raise Bad("the proof is for another instance: the fingerprints differ")
    claims, witness = exact(proof.get("claims")), exact(proof.get("witness"))
    need(isinstance(claims, dict) and claims and isinstance(witness, dict), "a proof holds claims and a witness")
    try:
        facts = rule(instance, proof["concept"], witness)
        for name, claim in claims.items():
            need(name in facts, f"{name}: cannot be derived")
            follows(claim, facts[name], name)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError) as error:
        raise Refuted(f"the witness does not fit ({type(error).__name__}: {error})") from None
    return ", ".join(claims)

def main(words):
    """Check the files that are named."""
    try:
        if len(words) != 2:
            raise Bad("usage: check_proof.py INSTANCE.json PROOF.json")
        print(f"proved: {check(*map(load, words))}")
        return 0
    except Refuted as error:
        print(f"refuted: {' '.join(str(error).split())[:300]}")
        return 1
    except (Bad, MemoryError, RecursionError) as error:
        print(f"check_proof: {' '.join(str(error).split())[:300]}", file=sys.stderr)
        return 2

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
