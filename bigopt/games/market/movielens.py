"""Appendix D of *Emergent Alignment via Competition*: a market of film recommendations from MovieLens's two tables."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from bigopt.alice.bob import Bob
from bigopt.arithmetic.arrays import Flags, Floats, Ints
from bigopt.arithmetic.columns import Columns, column, numeric
from bigopt.arithmetic.counting import counted
from bigopt.errors import InstanceError
from bigopt.games.market.game import Market

GENRES = "Action,Comedy,Drama,Sci-Fi,Thriller,Romance"
STARS = 5.0  # the largest rating, which becomes utility 1


def movielens(
    ratings: Columns,
    movies: Columns,
    name: str,
    *,
    genres: str = GENRES,
    top: int = 3,
    films: int = 20,
    mean: float = 4.0,
    digits: int = 2,
) -> tuple[Market, list[str]]:
    """Return the market of genres (states), their most-rated films (policies) and their fans (Bobs).

    A fan of a genre has rated at least `films` of its films, on average at least `mean`. Alice's utility of a film is
    its mean rating over everybody, a Bob's that over his fans, Alice's where no fan rated it; both over the largest
    rating and rounded to `digits`, as Table 3 prints them. Of the `top` films of a genre, equally many ratings go by
    the order of the films' table.

    Parameters
    ----------
    ratings : columns
        ``userId``, ``movieId`` and ``rating``, a line a rating.
    movies : columns
        ``movieId``, ``title`` and ``genres``, separated by ``|``.

    Raises
    ------
    InstanceError
        A column that is not there, a rating that is none, a genre with too few films.
    """
    asked = [each.strip() for each in genres.split(",")]
    if top < 1 or digits < 0:
        raise InstanceError(f"top {top}, digits {digits}: expected at least 1 film a genre, and 0 digits")
    user, rating = (_numbers(ratings, key) for key in ("userId", "rating"))
    wrong = np.flatnonzero((rating < 0) | (rating > STARS))
    if len(wrong):
        raise InstanceError(f"column 'rating', row {wrong[0]}: {rating[wrong[0]]:g}, expected from 0 to {STARS:g}")
    film, notes = _films(ratings, movies)
    user, rating = user[film >= 0], rating[film >= 0]
    film = film[film >= 0]
    people, fan_of = np.unique(user, return_inverse=True)
    member = _genres(movies, asked)
    counts = counted(film, least=member.shape[1])
    best = [_most_rated(counts, member[g], top, genre) for g, genre in enumerate(asked)]
    fans = [_fans(fan_of, film, rating, member[g], len(people), films, mean) for g in range(len(asked))]
    notes += [
        f"{genre}: {int(each.sum())} fans of {len(people)} users" for genre, each in zip(asked, fans, strict=True)
    ]
    everybody = _means(film, rating, np.ones(len(film), dtype=bool), member.shape[1])
    titles = column(movies, "title")
    tables = [_rows(everybody, {}, best, digits)]
    tables += [_rows(_means(film, rating, each[fan_of], member.shape[1]), everybody, best, digits) for each in fans]
    game = Market(
        tables[0],
        [Bob(f"{genre} fan", rows) for genre, rows in zip(asked, tables[1:], strict=True)],
        states=tuple(asked),
        policies=tuple(tuple(str(titles[m]) for m in row) for row in best),
        name=name,
    )
    return game, notes


def _numbers(columns: Columns, name: str) -> Floats:
    """Return a column of numbers, none missing."""
    values = numeric(columns, name)
    if np.isnan(values).any():
        raise InstanceError(f"column {name!r}, row {int(np.argmax(np.isnan(values)))}: missing, expected a number")
    return values


def _films(ratings: Columns, movies: Columns) -> tuple[Ints, list[str]]:
    """Return the row of the films' table of each rating, -1 where there is none, and what was left out."""
    known, given = _numbers(movies, "movieId"), _numbers(ratings, "movieId")
    order = np.argsort(known, kind="stable")
    place = np.minimum(np.searchsorted(known[order], given), len(known) - 1)
    film = np.where(known[order][place] == given, order[place], -1)
    lost = int((film < 0).sum())
    return film, [f"{lost} of {len(film)} ratings are left out: their films are not in the table"] if lost else []


def _genres(movies: Columns, asked: list[str]) -> Flags:
    """Return which films [M] are of which genre [G]."""
    texts = [str(each).split("|") for each in column(movies, "genres").tolist()]
    return np.array([[genre in text for text in texts] for genre in asked], dtype=bool)


def _most_rated(counts: Ints, inside: Flags, top: int, genre: str) -> list[int]:
    """Return the films of a genre with the most ratings."""
    films = np.flatnonzero(inside & (counts > 0))
    if len(films) < top:
        raise InstanceError(f"column 'genres': {len(films)} rated films of {genre[:40]!r}, expected at least {top}")
    return [int(m) for m in films[np.argsort(-counts[films], kind="stable")[:top]]]


def _fans(who: Ints, film: Ints, rating: Floats, inside: Flags, people: int, films: int, mean: float) -> Flags:
    """Return who is a fan of a genre, [users]."""
    rated = inside[film]
    count = counted(who[rated], least=people)
    total = counted(who[rated], weights=rating[rated], least=people)
    return np.asarray((count >= films) & (total >= mean * count))


def _means(film: Ints, rating: Floats, kept: Flags, films: int) -> dict[int, Fraction]:
    """Return the mean rating of each film that somebody rated, exactly: ratings are halves."""
    count = counted(film[kept], least=films)
    halves = counted(film[kept], weights=2 * rating[kept], least=films)
    return {int(m): Fraction(halves[m]) / (2 * int(count[m])) for m in np.flatnonzero(count)}


def _rows(
    own: dict[int, Fraction], otherwise: dict[int, Fraction], best: list[list[int]], digits: int
) -> list[list[float]]:
    """Return utilities by genre and film, halves rounded up."""
    unit = Fraction(10) ** digits
    worth = otherwise | own
    return [[float(((worth[m] / int(STARS)) * unit + Fraction(1, 2)).__floor__() / unit) for m in row] for row in best]
