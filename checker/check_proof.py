"""Check a bigopt proof with the standard library alone (python check_proof.py INSTANCE.json PROOF.json).

Every claim is derived here again, from the instance and the proof's witness, as a rational interval; it holds if the
derived interval lies within the claimed one. docs/PROOFS.md states each rule with its reason. Exit codes: 0 proved,
1 refuted (with the first claim that does not follow), 2 the files cannot be read or are not for one another.
"""
import bisect, decimal, functools, hashlib, json, math, re, sys
from fractions import Fraction as F
from itertools import combinations, combinations_with_replacement, product
LARGEST, DIGITS = 200_000, 100_000  # what is gone through one by one; digits of a number
NUMBER, REMARKS = re.compile(r"-?\d+(/[1-9]\d*)?$"), ("format", "name", "source", "notes", "expected", "status")
TINY, LONG, SHORT = F(1, 10**40), decimal.Context(prec=DIGITS), decimal.Context(prec=100)
sys.set_int_max_str_digits(DIGITS)
class Bad(Exception): """The files cannot be read."""
class Refuted(Exception): """Something does not follow."""
def need(truth, what):  # go on only where something is true
    if not truth: raise Refuted(what)
def number(text):  # read a number exactly, "p/q" or a decimal
    power = re.search(r"[eE]([+-]?\d{1,9})$", text)
    if len(text) > DIGITS or (power and abs(int(power[1])) > DIGITS): raise Bad(f"a number of over {DIGITS} digits")
    return F(text)
def load(path):  # read a JSON file with exact numbers
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file, parse_float=number, parse_int=number, parse_constant=number)
    except (OSError, ValueError, RecursionError) as error:
        raise Bad(f"{path}: {error}") from None
def canonical(value):  # the canonical text of JSON data: sorted keys, numbers as reduced fractions
    pairs = (f"{json.dumps(k)}:{canonical(value[k])}" for k in sorted(value)) if isinstance(value, dict) else ()
    if isinstance(value, dict): return "{" + ",".join(pairs) + "}"
    if isinstance(value, list): return "[" + ",".join(map(canonical, value)) + "]"
    return str(value) if isinstance(value, F) else json.dumps(value)
def exact(value):  # the texts "p/q" of a proof as fractions, at any depth
    if isinstance(value, dict): return {k: exact(v) for k, v in value.items()}
    if isinstance(value, list): return [exact(v) for v in value]
    return number(value) if isinstance(value, str) and NUMBER.match(value) else value
def root_up(q): return F(math.isqrt(q.numerator * q.denominator * 10**40) + 1, q.denominator * 10**20) if q else F(0)
def digits(q, name):  # exp or ln, to a relative error of 1e-90: the standard library's decimals are rounded correctly
    return F(getattr(decimal.Decimal(int(q * 10**100)).scaleb(-100, LONG), name)(SHORT))
def dot(a, b): return sum((x * y for x, y in zip(a, b, strict=True)), F(0))
def add(vectors): return [sum(column) for column in zip(*vectors, strict=True)]
def minus(a, b): return [x - y for x, y in zip(a, b, strict=True)]
def sparse(rows): return {tuple(map(int, index)): value for *index, value in rows}  # of [*indices, value]
def whole(table):  # nested lists of fractions as integers over one denominator, in lowest terms
    flat = [F(v) for row in table for v in row]
    q = F(math.lcm(*(v.denominator for v in flat)), math.gcd(*(v.numerator for v in flat)) or 1)
    return [[int(v * q) for v in row] for row in table], q
def optimum(cost, rows, x, y, simplices=(), free=()):
    """Bound the least cost.x over x >= 0 (but for the free ones), of sum 1 on each simplex, under rows."""
    need(min((*y.values(), *(v for k, v in x.items() if k not in free)), default=0) >= 0, "a point and prices >= 0")
    need(all(sum(x.get(k, 0) for k in keys) == 1 for keys in simplices), "shares add up to 1")  # x: the upper end
    rest, low = dict(cost), F(0)  # the lower end by weak duality: what prices leave of the cost, at its least
    for name, row, least in rows:  # the row: coefficients.x >= least
        need(sum(c * x[k] for k, c in row.items() if k in x) >= least, f"the point keeps row {name}")
        low += (price := y.get(name, 0)) * least
        for k, c in row.items() if price else (): rest[k] = rest.get(k, 0) - price * c
    low += sum(min(rest.pop(k, 0) for k in keys) for keys in simplices)
    need(all(v == 0 if k in free else v >= 0 for k, v in rest.items()), "prices cover the cost")
    return low, sum(c * x.get(k, 0) for k, c in cost.items())
def aligned(above, below, w, convex=True):
    """Definition 1: the least e with w.U + c >= u_A - e on the outcomes `above` and <= u_A + e on those `below`."""
    cells = [(F(1), *cell) for cell in above] + [(F(-1), *cell) for cell in below]
    rows = [((i,), dict(enumerate(s * u for u in U)) | {-1: s, -2: F(1)}, s * a) for i, (s, a, U) in enumerate(cells)]
    x = dict(enumerate(w["weights"])) | {-1: w["offset"]}
    x[-2] = max(F(0), max(least - sum(c * x.get(j, 0) for j, c in row.items()) for _, row, least in rows))
    ends = optimum({-2: F(1)}, rows, x, sparse(w["prices"]), [range(len(cells[0][2]))] * convex, {-1})
    return {"epsilon": (max(F(0), ends[0]), ends[1]), "weights": w["weights"], "offset": w["offset"], "sum_one": convex}
def outcomes(game):  # rows of (Alice's utility, the Bobs') of each outcome
    tables = [b["utility"] for b in game["bobs"]]
    return [[(a, [t[s][k] for t in tables]) for k, a in enumerate(row)] for s, row in enumerate(game["alice"])]
def definition_1(game, w): return aligned(*[sum(outcomes(game), [])] * 2, w)
def prior(game):  # exact probabilities
    weights = game.get("prior_weights") or game.get("prior") or [F(1)] * len(game["states"])
    need(min(weights) >= 0 and sum(weights) > 0 and len(weights) == len(game["alice"]), "a prior")
    return [F(v) / sum(weights) for v in weights]
def shortfall(X, g, x, price):  # by how much g.x misses the most over the action set, at most
    d, kind = range(len(g)), X["type"]
    if kind == "ball":
        need(sum(v * v for v in minus(x, X["center"])) <= X["radius"] ** 2, "an action inside the ball")
        return dot(g, X["center"]) + X["radius"] * root_up(dot(g, g)) - dot(g, x)
    if kind == "hull":  # the price is the action's convex weights [point, weight]
        share, cost = {k: v for (k,), v in sparse(price).items()}, {k: -dot(g, p) for k, p in enumerate(X["points"])}
        mixed = add([v * a for a in X["points"][k]] for k, v in share.items())
        need(mixed == x and share.keys() <= cost.keys(), "an action is its points' mixture")
        return -dot((1, -1), optimum(cost, (), share, {}, [list(cost)]))
    one, ones = [[F(c == k) for c in d] for k in d], [[F(1)] * len(d)]
    parts = {"box": lambda: [(1, one, X["lower"]), (-1, one, X["upper"])],  # sign * table.x >= sign * ends
             "simplex": lambda: [(1, one, [0] * len(d)), *((s, ones, [X["scale"]]) for s in (1, -1))],
             "polytope": lambda: [(-1, X["A"], X["b"]), *((s, X.get("A_eq", []), X.get("b_eq", [])) for s in (1, -1))]}
    rows = ((s, a, b) for s, table, ends in parts[kind]() for a, b in zip(table, ends, strict=True))
    named = (((k,), {c: s * v for c, v in enumerate(a) if v}, s * b) for k, (s, a, b) in enumerate(rows))
    return -dot((1, -1), optimum({c: -g[c] for c in d}, named, dict(zip(d, x, strict=True)), sparse(price), (), d))
def influencers(game, concept, witness):
    """Nash and dominant actions: loss i is convex in x_i, so that regret i <= max over p of grad_i.(x_i - p)."""
    w, t, X, x = game["weights"], game["targets"], game["action_set"], witness["actions"]
    squared, back, d = concept != "dominant", game.get("background"), range(len(game["targets"][0]))
    need(game["loss"] == ("squared" if squared else "inner-product"), "the concept fits the loss")
    hat = [dot(w, [a[c] for a in x]) + (back["weight"] * back["point"][c] if back else 0) for c in d]
    def down(v, goal): return [2 * v * r for r in minus(goal, hat)] if squared else [v * r for r in goal]  # - gradient
    gaps = [shortfall(X, down(v, goal), a, y) for v, goal, a, y in zip(w, t, x, witness["prices"], strict=True)]
    facts = {"actions": x, "regrets": [(F(0), v) for v in gaps], "losses": [dot(*[minus(hat, g)] * 2) for g in t]}
    if not squared: return facts | {"receiver": hat, "losses": [-dot(hat, goal) for goal in t]}
    potential = dot(hat, hat) - 2 * sum(v * dot(goal, a) for v, goal, a in zip(w, t, x, strict=True))
    gap, away = sum(gaps), root_up(sum(gaps))  # |hat - hat*|^2 <= potential - least <= gap; every equilibrium has hat*
    facts |= {"receiver": [(v - away, v + away) for v in hat], "potential": (potential - gap, potential)}
    for c, low, up in zip(d, X["lower"], X["upper"], strict=True) if X["type"] == "box" and not gap else ():
        tied = [i for i, v in enumerate(w) if v and low < up and t[i][c] == hat[c]]  # they can trade what they supply
        least, most = (sum(end(w[i] * low, w[i] * up) for i in tied) for end in (min, max))
        trade = len(tied) - 1 if least < sum(w[i] * x[i][c] for i in tied) < most else 0
        facts["dimension"] = facts.get("dimension", F(0)) + trade + (w.count(0) if low < up else 0)
        facts |= {"unique": facts["dimension"] == 0, "gains": [F(0)] * len(w)}  # of asking for another target
    return facts
def sender(game, v, learns, w):
    """Bound what a Bob gets from what Alice obeys; a recommendation says what to do after each t that she learns."""
    p, u, A, T = prior(game), game["alice"], range(len(game["actions"])), range(len(learns[0]))
    need(len(A) ** len(T) * len(p) <= LARGEST, f"at most {LARGEST} pairs of a state and a recommendation")
    says, states, tie = list(product(A, repeat=len(T))), range(len(p)), game.get("tie_break")
    at = list(dict.fromkeys(says.index(tuple(r)) for r in w.get("recommendations") or [[a] for a in A]))
    x, y = {(s, at[k]): q for s, row in enumerate(w["scheme"]) for k, q in enumerate(row) if q}, sparse(w["obedience"])
    chance = [[q * learn for learn in row] for q, row in zip(p, learns, strict=True)]
    least = tie["margin"] if isinstance(tie, dict) else 0  # by which a recommendation must win
    rows = (((r, t, b), {(s, r): chance[s][t] * (u[s][says[r][t]] - u[s][b] - least) for s in states
                         if (s, r) in x or (r, t, b) in y}, 0)  # the other coefficients count for nothing
            for r in {r for _, r in x} | {r for r, _, _ in y} for t in T for b in A if b != says[r][t])
    cells = [[(s, r) for r in range(len(says))] for s in states]
    def gain(table, s, r): return dot(chance[s], [table[s][a] for a in says[r]])
    low, up = optimum({k: -gain(v, *k) for row in cells for k in row}, rows, x, y, cells)
    return {"scheme": w["scheme"], "value": (-up, -low), "alice": sum(q * gain(u, *k) for k, q in x.items())}
def persuasion(game, concept, w):
    """First best by a maximum a state; the scheme of one sender; of oblivious ones, whom Alice combines."""
    p, u, own = prior(game), game["alice"], game.get("alice_signal") or [[F(1)] for _ in game["states"]]
    bobs, opt = {b["name"]: b["utility"] for b in game["bobs"]}, dot(p, map(max, u))
    if concept == "alignment" or not w: return definition_1(game, w) if w else {"opt": opt}
    if concept != "oblivious": return {"bob": w["bob"]} | sender(game, (bobs | {"aligned": u})[w["bob"]], own, w)
    alone = [sender(game, v, own, part) for v, part in zip(bobs.values(), w["senders"], strict=True)]
    heard = product(*(zip(*scheme, strict=True) for scheme in [own, *(f["scheme"] for f in alone)]))
    joint = ([q * math.prod(cell) for q, *cell in zip(p, *columns, strict=True)] for columns in heard)
    combined = sum(max(dot(h, column) for column in zip(*u, strict=True)) for h in joint)  # messages and her own signal
    said = {f"{key}s": [f[key] for f in alone] for key in ("scheme", "value")}
    return said | {"combined": combined, "first_best": opt, "gap": opt - combined}
def front(alice, own):  # undominated pairs of Alice's and a Bob's utility over all of his schemes, Alice's ascending
    pairs = [(0, 0)]
    for state in zip(alice, own, strict=True):
        made, pairs = sorted({(x + a, y + b) for x, y in pairs for a, b in zip(*state, strict=True)}, reverse=True), []
        for pair in made: pairs += [pair] if not pairs or pair[1] > pairs[-1][1] else []
    return pairs[::-1]
def market(game, concept, w):
    """Stable schemes f: U_j(f) >= psi_j(v), the most that Bob j gets where Alice gets more than her v at f."""
    if concept == "alignment": return definition_1(game, w)
    tables, seen, found = (game["alice"], *(b["utility"] for b in game["bobs"])), 0, []
    units = [whole([[q * g for g in row] for q, row in zip(prior(game), t, strict=True)]) for t in tables]
    U, unit, opt = [u for u, _ in units], units[0][1], sum(map(max, units[0][0]))
    fronts = [front(U[0], own) if len(U) > 2 else [(opt + 1, sum(map(max, own)))] for own in U[1:]]
    def psi(j, v):  # nothing is asked where no scheme is better for Alice
        return next(iter(fronts[j][bisect.bisect_right(fronts[j], (v, math.inf)):]), (0, -math.inf))[1]
    def total(f): return [sum(row[a] for row, a in zip(u, f, strict=True)) for u in U]  # everybody's utility
    def stable(f): return all(u >= psi(j, total(f)[0]) for j, u in enumerate(total(f)[1:]))
    covered = sum(map(min, U[0]))  # all schemes that are worse for Alice have been gone through
    for low, up, rows in sorted(([*map(int, span[:2]), span[2]] for span in w["spans"]), key=lambda span: span[:2]):
        need(low <= covered, f"the spans leave out {covered} to {low}")
        covered, limits = max(covered, up + 1), [([1], low), ([-1], -up)]
        for row in ([*map(int, row)] for row in rows):  # q_0 u_A + sum of q_j U_j >= its least where U_j >= psi_j(v)
            need(min(row[1:]) >= 0 and len(row) == len(U), "rows add up what the Bobs ask for")
            used = [j for j, q in enumerate(row[1:]) if q and psi(j, up) > -math.inf]
            ends = {low, up} | {v - k for j in used for v, _ in fronts[j] for k in (0, 1) if low <= v - k <= up}
            least = min(row[0] * v + sum(row[1 + j] * psi(j, v) for j in used) for v in ends)
            limits += [(row, least)] if len(used) == sum(map(bool, row[1:])) else []
        loss, room = [], [-least for _, least in limits]  # what a choice takes off each row's maximum, and may take
        for s in range(len(U[0])):
            choices = list(zip(*(u[s] for u in U), strict=True))  # everybody's utility of each
            value = [[sum(map(math.prod, zip(row, choice, strict=False))) for row, _ in limits] for choice in choices]
            tops = list(map(max, zip(*value, strict=True)))
            loss, room = [*loss, [minus(tops, choice) for choice in value]], add([room, tops])
        todo = [((), room)]
        while todo:
            (f, room), seen = todo.pop(), seen + 1
            need(seen <= 5 * LARGEST, f"at most {5 * LARGEST} partial schemes to go through")
            if min(room) >= 0:
                found += [f] if len(f) == len(loss) and stable(f) else []
                todo += [((*f, a), minus(room, v)) for a, v in enumerate(loss[len(f)] if len(f) < len(loss) else ())]
    if concept in ("stable", "misalignment"):
        need(covered > opt, "the spans reach Alice's optimum")
        cells, used = outcomes(game), sorted({pair for f in found for pair in enumerate(f)})
        best, kept = [c for row in cells for c in row if c[0] == max(row)[0]], [cells[s][a] for s, a in used]
        facts = {"count": F(len(found))} if concept == "stable" else aligned(best, kept, w, False)
        return facts | {"opt": F(opt, unit), "schemes": [[F(a) for a in f] for f in sorted(found)]}
    scheme, known = tuple(int(a) for a in w["scheme"] if a >= 0), [total(f)[0] for f in found]
    below = concept == "worst" and covered >= total(scheme)[0] <= min(known, default=opt)
    above = concept == "best" and (total(scheme)[0] == opt or (covered > opt and total(scheme)[0] >= max(known)))
    need(stable(scheme) and (below or above), f"the scheme is stable, and the {concept} of all")
    return {"alice": F(total(scheme)[0], unit), "scheme": list(map(F, scheme)), "opt": F(opt, unit)}
def subsets(game, concept, w):
    """Equilibria of finite choices by going through them, in integers."""
    items, t, sizes, back = game["items"], game["targets"], [int(k) for k in game["sizes"]], game.get("background")
    again, n, m = bool(game.get("repeats")), range(len(t)), len(items)
    counts = [math.comb(m + (k - 1) * again, k) for k in sizes] if m <= LARGEST and max(sizes) <= 100 else [math.inf]
    need(sum(counts) <= LARGEST, f"at most {LARGEST} choices to go through")
    base = [back["weight"] * v for v in back["point"]] if back else [F(0)] * len(t[0])
    table, unit = whole([base, *t, *([v * a for a in item] for v in game["weights"] for item in items)])
    options = [list((combinations_with_replacement if again else combinations)(range(m), k)) for k in sizes]
    parts = [[add([table[1 + len(t) + i * m + k] for k in o]) for o in own] for i, own in enumerate(options)]
    def receiver(f): return add([table[0], *(parts[i][k] for i, k in enumerate(f))])
    def losses(f): return [sum(v * v for v in minus(receiver(f), table[1 + i])) for i in n]
    def potential(f): return dot(*[receiver(f)] * 2) - 2 * sum(dot(parts[i][k], table[1 + i]) for i, k in enumerate(f))
    @functools.cache
    def least(i, rest): return min(sum((r + v) ** 2 for r, v in zip(rest, own, strict=True)) for own in parts[i])
    def quiet(f):  # against what the others and his own target leave, nobody has a better choice
        rest = [tuple(minus(minus(receiver(f), parts[i][f[i]]), table[1 + i])) for i in n]
        return all(loss <= least(i, rest[i]) for i, loss in enumerate(losses(f)))
    small, profiles = math.prod(counts) <= LARGEST, product(*map(range, counts))
    need(small or concept == "nash", f"at most {LARGEST} profiles to go through")
    totals = [F(sum(losses(f)), unit**2) for f in profiles if quiet(f)] if concept != "nash" else []
    if totals: return {"count": F(len(totals)), "complete": True, "best_total": min(totals), "worst_total": max(totals)}
    f = tuple(own.index(tuple(c)) for own, c in zip(options, w["choices"], strict=True))
    need(quiet(f), "nobody can do better alone")
    facts = {"potential": (F(min(map(potential, profiles)), unit**2), F(potential(f), unit**2))} if small else {}
    return facts | {"choices": w["choices"], "receiver": [F(v, unit) for v in receiver(f)],
                    "losses": [F(loss, unit**2) for loss in losses(f)]}
def conversation(game, concept, w):  # what talk is worth to Alice, by sums over rectangles of features
    P, u, letters = game.get("prior_weights") or game["prior"], game["alice"], int(w.get("letters", 2))
    sides, mass = (tuple(range(len(P))), tuple(range(len(P[0])))), sum(sum(map(sum, row)) for row in P)
    cell = {(a, b): [dot(v, row) for row in u] for a, line in enumerate(P) for b, v in enumerate(line)}
    def worth(A, B): return sum(max(add(cell[a, b] for b in B)) for a in A) / mass
    @functools.cache
    def talk(turns, A, B, left):  # what Alice gets after these turns, the speaker with some letters left; a Bob is last
        (first, *others), best = (B if turns % 2 else A), talk(turns - 1, A, B, letters) if turns else worth(A, B)
        for rest in (v for k in range(len(others) * (turns > 0 and left > 1)) for v in combinations(others, k + 1)):
            here = (first, *(v for v in others if v not in rest))
            (a, b), (c, d) = ((A, here), (A, rest)) if turns % 2 else ((here, B), (rest, B))
            best = max(best, talk(turns - 1, a, b, letters) + talk(turns, c, d, left - 1))
        return best
    size, facts = sum(map(len, sides)), {"opt": sum(map(max, cell.values())) / mass, "alone": worth(*sides)}
    if concept == "aligned-leader":  # more turns than twice the features split nothing
        need(3**size <= 10 * LARGEST, f"at most {10 * LARGEST} splits of rectangles")
        facts |= {"letters": F(letters), "value": talk(min(2 * int(game["rounds"]), 2 * size), *sides, letters)}
    return definition_1(game, w) if concept == "alignment" else facts
def mechanism(game, concept, w):
    """Social welfare: the policy for a summed reward R and its worth G(R) in closed form; affine payments."""
    rule, z = game["rule"], [[g["size"] * r for r in g["reward"]] for g in game["groups"]]
    lam, kl, q = rule["strength"], rule["regularizer"] == "kl", [v / sum(game["initial"]) for v in game["initial"]]
    need(rule["objective"] == "social-welfare" and game.get("policy", {}).get("type") != "mixture", "all policies")
    def trained(R):  # q exp(R / lambda), or the projection of q + R / 2 lambda on the simplex
        raw = [v * digits((r - max(R)) / lam, "exp") if kl else v + r / (2 * lam) for v, r in zip(q, R, strict=True)]
        if kl: return [v / sum(raw) for v in raw], max(R) + lam * digits(sum(raw), "ln")
        p = [max(F(0), v - max((sum(sorted(raw)[-k:]) - 1) / k for k in range(1, len(q) + 1))) for v in raw]
        return p, dot(R, p) - lam * sum(v * v for v in minus(p, q))
    R, ((p, G), *without) = add(z), map(trained, [add(z), *(minus(add(z), own) for own in z)])
    gets, error = [dot(own, p) for own in z], TINY * (1 + lam + sum(R)) if kl else F(0)
    facts = {"policy": p, "payments": [g - G + v for (_, g), v in zip(without, gets, strict=True)], "welfare": G,
             "utilities": [G - g for _, g in without], "social_welfare": sum(gets)}
    def near(v): return list(map(near, v)) if isinstance(v, list) else (v - error, v + error)
    known = {"dsic_gap": F(0), "ir_gap": F(0), "epsilon_star": F(0), "implementable": True}  # Theorem 4.2
    return known | {key: near(value) for key, value in facts.items()}
def hull(game, concept, w):  # the combination of Bobs nearest to an Alice: in the worst row, or in the mean square
    alice = [row[int(w["alice"])] if isinstance(row, list) else row for row in game["alice"]]
    x, one, groups = w["weights"], w["sum_one"] is True, game.get("groups") or list(range(len(alice)))
    rows = list(zip(alice, game["bobs"], strict=True))
    if concept == "audit": return {"alice": w["alice"]} | aligned(rows, rows, w, one)
    share = [F(1, len(alice) * groups.count(g)) for g in groups]
    off = [s * (a - dot(x, row)) for s, (a, row) in zip(share, rows, strict=True)]
    pull = [dot(off, column) for column in zip(*game["bobs"], strict=True)]
    mse, best = sum(v * v / s for v, s in zip(off, share, strict=True)), max(pull) if one else F(0)
    need(min(x) >= 0 and (sum(x) == 1 or not one) and max(pull) <= best, "weights; without a sum, no Bob pulls")
    return {"alice": w["alice"], "weights": x, "sum_one": one, "mse": (mse - 2 * (best - dot(x, pull)), mse)}
RULES = {"influencers": (influencers, "nash dominant truthful"), "subsets": (subsets, "nash all-nash extremes"),
         "persuasion": (persuasion, "signaling first-best alignment oblivious"), "hull": (hull, "audit combination"),
         "market": (market, "worst best stable alignment misalignment"),
         "mechanism": (mechanism, "train payments audit cycles"),
         "conversation": (conversation, "first-best aligned-leader alignment")}
def follows(claim, fact, path):  # prove a claim from a derived fact: intervals within intervals, lists entry by entry
    if isinstance(fact, list):
        need(isinstance(claim, list) and len(claim) == len(fact), f"{path}: {len(fact)} entries derived")
        return [follows(a, b, f"{path}[{k}]") for k, (a, b) in enumerate(zip(claim, fact, strict=True))]
    low, up = fact if isinstance(fact, tuple) else (fact, fact)
    first, last = (claim["lower"], claim["upper"]) if isinstance(claim, dict) else (claim, claim)
    holds = type(first) is type(last) is type(low) and first <= low and up <= last
    need(holds, f"{path}: claimed [{first}, {last}], derived [{low}, {up}]")
def check(instance, proof):  # the names of the claims that were proved, or Refuted
    if not isinstance(instance, dict) or not isinstance(proof, dict) or proof.get("format") != "bigopt-proof/1":
        raise Bad("expected an instance and a proof of the format bigopt-proof/1")
    rule, concepts = RULES.get(str(instance.get("kind")), (None, ""))
    own = canonical({key: value for key, value in instance.items() if key not in REMARKS}).encode()
    if proof.get("kind") != instance.get("kind") or proof.get("concept") not in concepts.split(): raise Bad("no rule")
    if proof.get("instance_sha256") != hashlib.sha256(own).hexdigest(): raise Bad("the proof is for another instance")
    claims, w = exact(proof.get("claims")), exact(proof.get("witness"))
    if not (isinstance(claims, dict) and claims and isinstance(w, dict)): raise Bad("expected claims and a witness")
    try:
        facts = rule(instance, proof["concept"], w)
        return ", ".join(name for name, claim in claims.items() if follows(claim, facts[name], name) or True)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError) as error:
        raise Refuted(f"the witness does not fit ({type(error).__name__}: {error})") from None
def main(words):  # check the files that are named
    try:
        if len(words) != 2: raise Bad("usage: check_proof.py INSTANCE.json PROOF.json")
        said, code = f"proved: {check(*map(load, words))}", 0
    except Refuted as error: said, code = f"refuted: {error}", 1
    except (Bad, MemoryError, RecursionError) as error: said, code = f"check_proof: {error}", 2
    print(" ".join(said.split())[:320], file=sys.stderr if code == 2 else sys.stdout)
    return code
if __name__ == "__main__": sys.exit(main(sys.argv[1:]))
