"""check_proof.py INSTANCE PROOF: derive the claims again (docs/PROOFS.md); exit 0 proved, 1 refuted, 2 not readable."""
import bisect, decimal, functools, hashlib, json, math, pathlib, re, sys
from fractions import Fraction as F
from itertools import accumulate, combinations as sets, combinations_with_replacement as multisets, count, product
LARGEST, DIGITS, FLAGS = 200_000, 100_000, {"bob", "letters", "nash", "randomized", "obedience"}  # must be claimed
NUMBER = re.compile(r"-?\d+(/[1-9]\d*|(\.\d+)?([eE][+-]?\d{1,5})?)")
REMARKS, FORMAT = ("format", "name", "source", "notes", "expected", "status"), "bigopt-proof/1"
sys.set_int_max_str_digits(DIGITS)
Bad, Refuted = (type(name, (Exception,), {}) for name in ("Bad", "Refuted"))  # no files of a proof; a false claim
def need(truth, what, error=Refuted):  # go on only where something is true
    if not truth: raise error(what)
def number(text):  # read a number exactly, "p/q" or a decimal
    need(len(text) <= DIGITS and NUMBER.fullmatch(text), f"numbers of at most {DIGITS} digits", Bad)
    return F(*map(int, text.split("/"))) if "/" in text else F(text)
def load(path):  # read a JSON file with exact numbers
    try: return json.loads(pathlib.Path(path).read_bytes(), parse_float=number, parse_int=number, parse_constant=number)
    except (OSError, ValueError, RecursionError) as error: raise Bad(f"{path}: {error}") from None
def exact(v):  # the texts "p/q" of a proof as fractions, at any depth; a Bob's name is none
    if isinstance(v, dict): return {key: own if key == "bob" else exact(own) for key, own in v.items()}
    return [*map(exact, v)] if isinstance(v, list) else number(v) if isinstance(v, str) and NUMBER.fullmatch(v) else v
def root_up(q, k): return F(math.isqrt(q.numerator * q.denominator * 100**k - 1) + 1, q.denominator * 10**k) if q else q
def digits(q, of): return F(getattr(decimal.Decimal(f"{int(q * 10**100)}e-100"), of)(decimal.Context(prec=100)))
def dot(a, b): return sum((terms := [x * y for x, y in zip(a, b, strict=True)])[1:], terms[0] if terms else F(0))
def square(v): return dot(v, v)
def add(vectors): return [sum(column) for column in zip(*vectors, strict=True)]
def minus(a, b): return [x - y for x, y in zip(a, b, strict=True)]
def sparse(rows): return {tuple(map(int, index)): value for *index, value in rows}  # of [*indices, value]
def at(row, x): return dot([row[k] for k in row if k in x], [x[k] for k in row if k in x])  # a sparse row at a point
def mix(weights, rows):  # a combination of sparse rows
    total = {}
    for k, v in ((k, w * v) for w, row in zip(weights, rows, strict=True) for k, v in row.items()):
        total[k] = total[k] + v if k in total else v
    return total
def whole(table):  # nested lists of fractions as integers over one denominator, in lowest terms
    q = F(math.lcm(*(v.denominator for r in table for v in r)), math.gcd(*(v.numerator for r in table for v in r)) or 1)
    return [[int(v * q) for v in row] for row in table], q
def optimum(cost, rows, x, y, simplices=(), free=()):  # least cost.x, x >= 0 or free, 1 on simplices, row.x >= least
    need(min([*y.values(), *(v for k, v in (x or {}).items() if k not in free)], default=0) >= 0, "x and prices >= 0")
    need(x is None or all(sum(x.get(k, 0) for k in keys) == 1 for keys in simplices), "shares add up to 1")
    for name, row, least in rows if x is not None else (): need(at(row, x) >= least, f"the point keeps row {name}")
    used = [(y[name], row, least) for name, row, least in rows if name in y]  # what prices leave of the cost, at its
    rest = mix([1, *(-v for v, _, _ in used)], [cost, *(row for _, row, _ in used)])  # least: weak duality
    low = sum(v * least for v, _, least in used) + sum(min(rest.pop(k, 0) for k in keys) for keys in simplices)
    need(all(v == 0 if k in free else v >= 0 for k, v in rest.items()), "prices cover the cost")
    return low, x is not None and at(cost, x)
def rank(rows):  # of sparse rows, by elimination
    if not (rows := [row for row in rows if any(row.values())]): return 0
    k = next(k for k, v in rows[0].items() if v)
    return 1 + rank([mix((1, -row[k] / rows[0][k]), (row, rows[0])) if row.get(k) else row for row in rows[1:]])
def aligned(above, below, w, convex=True):  # the least e with w.U + c >= u_A - e above and <= u_A + e on those below
    cells = [(s, *cell) for s, side in ((F(1), above), (F(-1), below)) for cell in side]
    rows = [((i,), dict(enumerate(s * u for u in U)) | {-1: s, -2: F(1)}, s * a) for i, (s, a, U) in enumerate(cells)]
    x = dict(enumerate(w["weights"])) | {-1: w["offset"]}
    x[-2] = max([F(0), *(least - at(row, x) for _, row, least in rows)])
    low, up = optimum({-2: F(1)}, rows, x, sparse(w["prices"]), [range(len(cells[0][2]))] * convex, {-1})
    return {"epsilon": (max(F(0), low), up), "weights": w["weights"], "offset": w["offset"], "sum_one": convex}
def tables(game): return game["alice"], *(b["utility"] for b in game["bobs"])  # Alice's utilities, then the Bobs'
def outcomes(u, *bobs): return [[(v, [t[s][k] for t in bobs]) for k, v in enumerate(row)] for s, row in enumerate(u)]
def prior(g, one=(F(1),)):  # exact probabilities
    return [v / sum(w) for w in [g.get("prior_weights", g.get("prior")) or one * len(g["alice"])] for v in w if v >= 0]
def base(g): return [b["weight"] * v for v in b["point"]] if (b := g.get("background")) else [0] * len(g["targets"][0])
def both(rows, ends): return [(mix([s], [row]), s * end) for s in (1, -1) for row, end in zip(rows, ends, strict=True)]
def facets(X, d):  # the rows of an action set, in shares of points on hulls, else in coordinates; these in those
    one = [{k: F(1)} for k in range(len(X.get("points", d)))]
    def of(table): return [{k: v for k, v in enumerate(row) if v} for row in table]
    if X["type"] == "box": rows = [*zip(one, X["lower"], strict=True), *both(one, X["upper"])[len(one):]]
    elif "A" in X: rows = both(of(X["A"]), X["b"])[len(X["A"]):] + both(of(X.get("A_eq", [])), X.get("b_eq", []))
    else: rows = [(row, 0) for row in one] + both([mix([1] * len(one), one)], [X.get("scale", F(1))])
    return [(k, *row) for k, row in enumerate(rows)], of(zip(*X["points"], strict=True)) if "points" in X else one
def influencers(game, concept, w):  # loss i is convex in x_i: regret i is at most the most of grad_i.(x_i - p) over p
    weights, t, X, n = game["weights"], game["targets"], game["action_set"], range(len(game["weights"]))
    need((squared := concept != "dominant") == (game["loss"] == "squared"), "the concept fits the loss")
    x, y = ([{int(k): v for k, v in own} for own in w[key]] for key in ("points", "prices"))
    (own, coordinates), k = facets(X, t[0]), min(int(w.get("digits", 60)), DIGITS // 10)
    play = [[at(row, x[i]) for row in coordinates] for i in n]  # everybody's actions
    hat = add([base(game), *([v * a for a in row] for v, row in zip(weights, play, strict=True))])
    down = [[2 * v * (r - h) for r, h in zip(g, hat)] if squared else [v * r for r in g] for v, g in zip(weights, t)]
    ways = [mix(g, coordinates) for g in down]
    def gap(i):  # by how much the action misses the most over the action set, at most
        if X["type"] != "ball": return dot((-1, 1), optimum(mix([-1], [ways[i]]), own, x[i], y[i], (), ways[i]))
        need(square(minus(play[i], X["center"])) <= X["radius"] ** 2, "an action inside the ball")
        return X["radius"] * root_up(square(down[i]), k) - dot(down[i], minus(play[i], X["center"]))
    gaps, losses = list(map(gap, n)), [square(minus(hat, g)) if squared else -dot(hat, g) for g in t]
    facts, total = {"actions": play, "regrets": [(F(0), v) for v in gaps], "losses": losses}, sum(gaps)
    if not squared: return facts | {"receiver": hat}
    away, potential = root_up(total, k), square(hat) - 2 * sum(v * dot(g, a) for v, g, a in zip(weights, t, play))
    facts |= {"receiver": [(v - away, v + away) for v in hat], "potential": (potential - total, potential)}
    if X["type"] == "box" and not total: facts["gains"] = [F(0) for _ in n]  # of asking for another target
    if total or "inner" not in w: return facts  # |hat - hat*|^2 <= potential - least <= total: at 0 hat is everybody's
    def of(i, row): return {(i, k): v for k, v in row.items()}
    maps, free = [[of(i, row) for row in coordinates] for i in n], {(i, k) for i in n for k in ways[i]}
    rows = [((i, k), of(i, row), least) for i in n for k, row, least in [*own, (-1, ways[i], at(ways[i], x[i]))]]
    rows += [((-1, k), *v) for k, v in enumerate(both([mix(weights, v) for v in zip(*maps)], minus(hat, base(game))))]
    even, inner = sparse(w["equations"]), sparse(w["inner"])
    need(optimum({}, rows, inner, even, (), free) == (0, 0), "these rows are equations at all equilibria")
    need(all(even.get(name) or at(row, inner) > least for name, row, least in rows), "a point inside the others")
    facts["dimension"] = F(rank(sum(maps, tight := [row for name, row, _ in rows if even.get(name)])) - rank(tight))
    def end(row, member, prices): return optimum(row, rows, sparse(w["members"][int(member)]), sparse(prices), (), free)
    def ends(row, least, most): return [end(row, *least), tuple(-v for v in end(mix([-1], [row]), *most)[::-1])]
    if concept == "ne-set": facts["ranges"] = [[*map(ends, *v)] for v in zip(maps, w["least"], w["most"], strict=True)]
    return facts | {"unique": facts["dimension"] == 0}
def learned(schemes):  # what several tell together: a column a message, those of equal meaning are one
    cells = {}
    for column in (list(map(math.prod, zip(*heard))) for heard in product(*(zip(*f, strict=True) for f in schemes))):
        if total := sum(column): cells[key] = cells.get(key := tuple(v / total for v in column), 0) + total
    return [[total * v for v in key] for key, total in cells.items()]
def sender(game, v, learns, w):  # what a Bob gets from what Alice obeys, a recommendation for each t that she learns
    p, u, A, T = prior(game), game["alice"], range(len(game["actions"])), range(len(learns[0]))
    need(len(A) ** len(T) * len(p) <= LARGEST, f"at most {LARGEST} pairs of a state and a recommendation")
    says, states, y = list(product(A, repeat=len(T))), range(len(p)), sparse(w["obedience"])
    to = list(dict.fromkeys(says.index(tuple(r)) for r in w.get("recommendations", [[a] for a in A])))
    x = {(s, to[k]): q for s, row in enumerate(w.get("scheme", ())) for k, q in enumerate(row) if q}
    chance = [[q * learn for learn in row] for q, row in zip(p, learns, strict=True)]
    least = game["tie_break"]["margin"] if isinstance(game.get("tie_break"), dict) else 0  # by which it must win
    rows = [((r, t, b), {(s, r): chance[s][t] * (u[s][says[r][t]] - u[s][b] - least) for s in states
                         if (s, r) in x or (r, t, b) in y}, 0)  # the other coefficients count for nothing
            for r in {r for _, r in x} | {r for r, _, _ in y} for t in T for b in A if b != says[r][t]]
    def gain(table, s, r): return dot(chance[s], [table[s][a] for a in says[r]])
    cells = [[(s, r) for r in range(len(says))] for s in states]
    low, up = optimum({k: -gain(v, *k) for row in cells for k in row}, rows, x or None, y, cells)
    return {"scheme": w.get("scheme"), "value": (-up, -low), "alice": sum(q * gain(u, *k) for k, q in x.items())}
def persuasion(game, concept, w):  # one sender's scheme; several senders', whom Alice combines
    p, u, own = prior(game), game["alice"], game.get("alice_signal") or [[F(1)] for _ in game["states"]]
    bobs, opt = {b["name"]: b["utility"] for b in game["bobs"]}, dot(p, map(max, u))
    if concept == "first-best": return {"opt": opt}
    if concept == "signaling": return {"bob": w["bob"]} | sender(game, (bobs | {"aligned": u})[w["bob"]], own, w)
    f, who = w.get("schemes") or [v["scheme"] for v in w["senders"]], list(zip(bobs.values(), w["senders"]))
    need(len(f) == len(bobs) and all(min(row) >= 0 and sum(row) == 1 for part in f for row in part), "schemes")
    joint = ([q * v for q, v in zip(p, column, strict=True)] for column in learned([own, *f]))
    gets = ([[dot(h, [row[a] for row in t]) for t in (u, *bobs.values())] for a in range(len(u[0]))] for h in joint)
    alice, *each = add(max(rows, key=lambda row: row[:1 if game.get("tie_break") == "first" else 99]) for rows in gets)
    facts = {"schemes": f, "first_best": opt, "combined": alice, "gap": opt - alice, "alice": alice, "bobs": each}
    if concept == "oblivious": return facts | {"values": [sender(game, v, own, part)["value"] for v, part in who]}
    most = [sender(game, v, [*zip(*learned([own, *f[:j], *f[j + 1:]]))], y)["value"][1] for j, (v, y) in enumerate(who)]
    return facts | {"regrets": [(F(0), regret) for regret in minus(most, each)]}
def front(alice, own):  # undominated pairs of Alice's and a Bob's utility, hers ascending; beyond them nothing
    pairs = [(0, 0)]
    for state in zip(alice, own, strict=True):
        made, pairs = sorted({(x + a, y + b) for x, y in pairs for a, b in zip(*state, strict=True)}, reverse=True), []
        for x, y in made: pairs += [(x, y)] if not pairs or y > pairs[-1][1] else []
    return [*pairs[::-1], (math.inf, -math.inf)]
def market(game, concept, w):  # stable f: U_j(f) >= psi_j(v), the most that Bob j gets where Alice gets more than v
    U, unit = zip(*(whole([[q * g for g in row] for q, row in zip(prior(game), t, strict=True)]) for t in tables(game)))
    unit, opt, covered, seen, found = unit[0], sum(map(max, U[0])), sum(map(min, U[0])), count(), []
    facts = {"nash": (nash := w.get("nash") is True), "randomized": w.get("randomized") is True, "opt": F(opt, unit)}
    if facts["randomized"]: return facts | lotteries(game, concept, w, U, unit, nash, covered, opt)
    fronts = [front(U[0], own) if len(U) > 2 else [(opt + 1, sum(map(max, own)))] for own in U[1:]]
    def psi(j, v): return fronts[j][bisect.bisect_right(fronts[j], (v, -math.inf if nash and j == 0 else math.inf))][1]
    def total(f): return [sum(row[a] for row, a in zip(u, f, strict=True)) for u in U]
    def stable(f): return all(u >= psi(j, total(f)[0]) for j, u in enumerate(total(f)[1:]))
    for low, up, rows in sorted([int(low), int(up), rows] for low, up, rows in w["spans"]):
        need(low <= covered, f"the spans leave out {covered} to {low}")  # what is worse for Alice has been gone through
        covered, limits = max(covered, up + 1), [([s] + [0] * len(U[1:]), s * end) for s, end in ((1, low), (-1, up))]
        ends = {low, up} | {v - k for own in fronts for v, _ in own for k in (-1, 0, 1) if low <= v - k <= up}
        for row in ([*map(int, row)] for row in rows):  # q_0 u_A + sum of q_j U_j >= its least where U_j >= psi_j(v)
            need(min(row[1:]) >= 0, "rows add up what the Bobs ask for")
            limits.append((row, min(row[0] * v + sum(q * psi(j, v) for j, q in enumerate(row[1:]) if q) for v in ends)))
        V = [[[dot(row, v) for row, _ in limits] for v in zip(*of, strict=True)] for of in zip(*U, strict=True)] + [[]]
        top = [list(map(max, zip(*choices))) for choices in V[:-1]]
        todo = [((), minus(add(top), [least for _, least in limits]))]  # what choices may take off each row's maximum
        while todo:
            (f, room), _ = todo.pop(), need(next(seen) < 5 * LARGEST, f"at most {5 * LARGEST} partial schemes")
            found += [f] if len(f) == len(top) and stable(f) else []
            todo += [((*f, a), r) for a, v in enumerate(V[len(f)]) if min(r := minus(room, minus(top[len(f)], v))) >= 0]
    if concept in ("stable", "misalignment"):
        need(covered > opt, "the spans reach Alice's optimum")
        cells, used = outcomes(*tables(game)), sorted({pair for f in found for pair in enumerate(f)})
        best, kept = [c for row in cells for c in row if c[0] == max(row)[0]], [cells[s][a] for s, a in used]
        facts |= {"count": F(len(found))} if concept == "stable" else aligned(best, kept, w, False)
        return facts | {"schemes": [[F(a) for a in f] for f in sorted(found)]}
    f, known = [int(a) for a in w["scheme"] if a >= 0], [total(f)[0] for f in found]
    value, least, most = total(f)[0], min(known, default=opt), max(known, default=opt) if covered > opt else opt
    need(stable(f) and (covered >= value <= least if concept == "worst" else value >= most), f"the {concept} of all")
    return facts | {"alice": F(value, unit), "scheme": [F(a) for a in f]}
def lotteries(game, concept, w, U, unit, nash, bottom, opt):  # phi_j(v), the most of Bob j if Alice has v, is concave
    obeyed, covered, pieces = w.get("obedience") is True and len({*map(tuple, game["policies"])}) == 1, [], []
    cells, told = [[(s, a) for a in range(len(row))] for s, row in enumerate(U[0])], range(len(U[0][0]) * obeyed)
    rows = [((a, b), {(s, a): row[a] - row[b] for s, row in enumerate(U[0])}, 0) for a, b in product(told, told)]
    u, several, bobs = [{(s, a): own[s][a] for row in cells for s, a in row} for own in U], len(U) > 2, range(1, len(U))
    def worth(x): return optimum({}, rows, x, {}, cells) and [at(own, x) for own in u]
    def most(row, prices): return -optimum(mix([-1], [row]), rows, None, sparse(prices), cells)[0]
    paths = [sorted(map(worth, accumulate(map(sparse, path), dict.__or__))) for path in w["paths"]]
    def phi(j, v):  # at least: on the line between two lotteries; a lone Bob has what he likes best
        a, c = paths[j - 1][max((k := bisect.bisect_left(paths[j - 1], [v])) - 1, 0)], paths[j - 1][k * several]
        return c[j] + (a[j] - c[j]) * F(c[0] - v) / (c[0] - a[0]) if k * several else max(x[j] for x in paths[j - 1])
    for low, up, (row,), prices in ((a, b, whole([row])[0], y) for a, b, row, y in w["spans"]):  # rows out of reach
        room = [dot(row, [v, *(phi(j, v) for j in bobs)]) - t for t in [most(mix(row, u), prices)] for v in (low, up)]
        need(low <= up and min(row[1:]) >= 0 <= min(room) and max(room) > 0, "spans without stable lotteries")
        covered.append(((low, room[0] == 0), min((up, room[1] > 0), (opt + 1 - several, False))))
    for given, slopes, prices in w["pieces"]:  # where p u_A + U_j <= top nobody gains; mixtures share the p
        ends = sorted(((worth(x), x) for x in map(sparse, given)), key=lambda end: end[0])
        for j, p, y in zip(bobs, slopes, prices, strict=True):  # nothing is asked where Alice's best is
            room = min(p * v[0] + v[j] for v, _ in ends) - most(mix((p, 1), (u[0], u[j])), y)
            need(room >= 0 <= p <= p * several or (several and ends[0][0][0] == opt and j > nash), "stable lotteries")
        pieces.append([(v[0], [[x.get(cell, F(0)) for cell in row] for row in cells]) for v, x in ends])
    value, scheme = max(ends[-1] for ends in pieces) if concept == "best" else min(ends[0] for ends in pieces)
    spans = sorted(covered + [((ends[0][0], False), (ends[-1][0], True)) for ends in pieces])
    to = list(accumulate((end for _, end in spans), max, initial=(value if concept == "best" else bottom, False)))
    need(all(a <= b for (a, _), b in zip(spans, to)) and to[-1] >= (value if concept == "worst" else opt, True), "gaps")
    if concept != "stable": return {"obedience": obeyed, "alice": value / unit, "scheme": scheme}
    values = [[ends[0][0] / unit, ends[-1][0] / unit] for ends in sorted(pieces)]
    return {"obedience": obeyed, "intervals": values, "schemes": [ends[0][1] for ends in sorted(pieces)]}
def subsets(game, concept, w):  # equilibria of finite choices, in integers
    t, sizes, again, m = game["targets"], [int(k) for k in game["sizes"]], bool(game.get("repeats")), len(game["items"])
    table, q = whole([base(game), *t, *([v * a for a in item] for v in game["weights"] for item in game["items"])])
    n, goals, own, seen = range(len(t)), table[1:len(t) + 1], table[len(t) + 1:], count()
    part = functools.cache(lambda i, choice: add(own[i * m + k] for k in choice))
    def receiver(f): return add([table[0], *map(part, n, f)])
    def loss(f): return [square(minus(receiver(f), goal)) for goal in goals]
    def worth(f): return square(receiver(f)) - 2 * sum(map(dot, map(part, n, f), goals))  # falls as a mover's loss
    few = m <= LARGEST and max(sizes) <= 100 and math.prod(math.comb(m + (k - 1) * again, k) for k in sizes) <= LARGEST
    values = {f: worth(f) for f in product(*((multisets if again else sets)(range(m), k) for k in sizes if few)) if few}
    if concept != "nash":
        need(few, f"at most {LARGEST} profiles")
        least = {(i, f[:i], f[i + 1:]): v for f, v in sorted(values.items(), key=lambda pair: -pair[1]) for i in n}
        found = [F(sum(loss(f)), q * q) for f, v in values.items() if all(v == least[i, f[:i], f[i + 1:]] for i in n)]
        return {"count": F(len(found)), "complete": True, "best_total": min(found), "worst_total": max(found)}
    f = tuple(tuple(sorted(map(int, choice))) for _, choice in zip(n, w["choices"], strict=True))
    for i in n:  # from his distance vector r to that of a sum s the square grows by 2 r.(s - own sum) + |s - own sum|^2
        need(len(f[i]) == sizes[i] == len(f[i] if again else {*f[i]}) and 0 <= f[i][0] <= f[i][-1] < m, "choices")
        r = minus(receiver(f), goals[i])
        order, most = sorted((dot(r, item), item) for item in own[i * m:][:m]), dot(r, part(i, f[i]))
        todo = [(0, sizes[i], 0, minus(r, part(i, f[i])))]
        while todo:  # so a better choice has less of r.s: items are added while that can be
            start, left, score, at = todo.pop()
            need((left or square(at) >= square(r)) and next(seen) < 5 * LARGEST, "a short search finds nothing better")
            for k in range(start, (m if again else m + 1 - left) if left else 0):
                if score + (left * order[k][0] if again else sum(v for v, _ in order[k:k + left])) >= most: break
                todo.append((k + 1 - again, left - 1, score + order[k][0], add([at, order[k][1]])))
    own = {"choices": w["choices"], "receiver": [F(v, q) for v in receiver(f)], "losses": [F(v, q**2) for v in loss(f)]}
    return own | ({"potential": (F(min(values.values()), q * q), F(values[f], q * q))} if few else {})
def conversation(game, concept, w):  # what talk is worth to Alice, by rectangles of features
    P, letters = game.get("prior_weights") or game["prior"], int(w.get("letters", 2))
    cell = {(a, b): [dot(v, row) for row in game["alice"]] for a, line in enumerate(P) for b, v in enumerate(line)}
    A, B, mass = tuple(range(len(P))), tuple(range(len(P[0]))), sum(map(sum, sum(P, [])))
    @functools.cache
    def say(turns, mine, yours, left):  # the speaker's features first; he has so many letters to tell them apart
        if not turns: return sum(max(add(cell[a, b] for b in yours)) for a in mine)
        rests = [r for k in range(1, len(mine) * (left > 1)) for r in sets(mine[1:], k)]
        here = [say(turns - 1, yours, tuple(sorted({*mine} - {*r})), letters) for r in [(), *rests]]
        return max(map(sum, zip(here, [0, *(say(turns, r, yours, left - 1) for r in rests)], strict=True)))
    facts = {"opt": sum(map(max, cell.values())) / mass, "alone": say(0, A, B, letters) / mass}
    if concept == "first-best": return facts
    need(3 ** len(A + B) <= LARGEST, "few features")  # more turns than twice the features split nothing
    return facts | {"letters": F(letters), "value": say(2 * min(int(game["rounds"]), len(A + B)), A, B, letters) / mass}
def mechanism(game, concept, w):  # the policy for a summed reward R and its worth G(R), closed forms; affine payments
    rule, z = game["rule"], [[g["size"] * r for r in g["reward"]] for g in game["groups"]]
    lam, kl, q = rule["strength"], rule["regularizer"] == "kl", [v / sum(game["initial"]) for v in game["initial"]]
    need(rule["objective"] == "social-welfare" and game.get("policy", {}).get("type") != "mixture", "all policies")
    def trained(R):  # q exp(R / lambda), or the projection of q + R / 2 lambda on the simplex
        raw = [v * digits((r - max(R)) / lam, "exp") if kl else v + r / (2 * lam) for v, r in zip(q, R, strict=True)]
        if kl: return [v / sum(raw) for v in raw], max(R) + lam * digits(sum(raw), "ln")
        p = [max(F(0), v - max((sum(sorted(raw)[-k:]) - 1) / k for k in range(1, len(q) + 1))) for v in raw]
        return p, dot(R, p) - lam * square(minus(p, q))
    R, ((p, G), *without) = add(z), map(trained, [add(z), *(minus(add(z), own) for own in z)])
    gets, error = [dot(own, p) for own in z], (1 + lam + sum(R)) / F(10**40) if kl else F(0)
    facts = {"policy": p, "payments": [g - G + v for (_, g), v in zip(without, gets, strict=True)], "welfare": G,
             "utilities": [G - g for _, g in without], "social_welfare": sum(gets)}
    def near(v): return list(map(near, v)) if isinstance(v, list) else (v - error, v + error)
    none = dict.fromkeys(("dsic_gap", "ir_gap", "epsilon_star"), F(0))  # Theorem 4.2
    return {key: near(value) for key, value in facts.items()} | none | {"implementable": True}
def hull(game, concept, w):  # the combination of Bobs nearest to an Alice: in the worst row, or in the mean square
    rows = [(a if type(a) is F else a[int(w["alice"])], U) for a, U in zip(game["alice"], game["bobs"], strict=True)]
    x, one, groups = w["weights"], w["sum_one"] is True, game.get("groups") or list(range(len(rows)))
    if concept == "audit": return {"alice": w["alice"]} | aligned(rows, rows, w, one)
    off, miss = zip(*(((v := a - dot(x, U)) / len(rows) / groups.count(groups[i]), v) for i, (a, U) in enumerate(rows)))
    cost, mse = {j: -2 * dot(off, bob) for j, bob in enumerate(zip(*game["bobs"], strict=True))}, dot(off, miss)
    low, up = optimum(cost, (), dict(enumerate(x)), {}, [range(len(x))] * one)
    return {"alice": w["alice"], "weights": x, "sum_one": one, "mse": (mse + low - up, mse)}
RULES = {"market": "worst best stable misalignment", "subsets": "nash all-nash extremes", "hull": "audit combination",
         "persuasion": "signaling first-best oblivious joint", "influencers": "nash ne-set dominant truthful",
         "mechanism": "train payments audit cycles", "conversation": "first-best aligned-leader"}
def derived(game, concept, w):  # what follows from a witness, by the function of the kind; Definition 1 is all kinds'
    if concept != "alignment": return globals()[game["kind"]](game, concept, w)
    return aligned(cells := sum(outcomes(*tables(game)), []), cells, w)
def follows(claim, fact, path):  # prove a claim from a derived fact: intervals within intervals, lists entry by entry
    if isinstance(fact, list): return [follows(*v, f"{path}[{k}]") for k, v in enumerate(zip(claim, fact, strict=True))]
    low, up = fact if isinstance(fact, tuple) else (fact, fact)
    first, last = (claim["lower"], claim["upper"]) if isinstance(claim, dict) else (claim, claim)
    need(type(first) is type(last) is type(low) and first <= low and up <= last, f"{path}: derived [{low}, {up}]")
def check(instance, proof):  # the names of the claims that were proved, or Refuted
    need(isinstance(instance, dict) and isinstance(proof, dict) and proof.get("format") == FORMAT, f"no {FORMAT}", Bad)
    concepts = f"{RULES.get(str(instance.get('kind')), '')} alignment".split()  # Definition 1, of any kind
    own = json.dumps({k: v for k, v in instance.items() if k not in REMARKS}, sort_keys=True, default=str).encode()
    need(proof.get("kind") == instance.get("kind") and proof.get("concept") in concepts, "no rule", Bad)
    need(proof.get("instance_sha256") == hashlib.sha256(own).hexdigest(), "the proof is for another instance", Bad)
    claims, w = exact(proof.get("claims")), exact(proof.get("witness"))
    need(isinstance(claims, dict) and claims and isinstance(w, dict), "expected claims and a witness", Bad)
    try:
        need(claims.keys() >= (facts := derived(instance, proof["concept"], w)).keys() & FLAGS, "claim what was asked")
        return ", ".join(name for name, claim in claims.items() if follows(claim, facts[name], name) or True)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError) as error:
        raise Refuted(f"the witness does not fit ({type(error).__name__}: {error})") from None
def main(words):  # check the files that are named
    if len(words) != 2: return print(__doc__, file=sys.stderr) or 2
    try: said, code = f"proved: {check(*map(load, words))}", 0
    except Refuted as error: said, code = f"refuted: {error}", 1
    except (Bad, MemoryError, RecursionError) as error: said, code = f"check_proof: {error}", 2
    return print(" ".join(said.split())[:320], file=sys.stderr if code == 2 else sys.stdout) or code
if __name__ == "__main__": sys.exit(main(sys.argv[1:]))
