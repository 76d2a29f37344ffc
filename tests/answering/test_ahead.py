"""What is read for half a question stands first in the prompt of the whole one."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.ahead import Ahead, arranged
from assistant.records import ArticleInfo, Evidence, Span

ARTICLES = {name: ArticleInfo(id=name, title=name, source=name) for name in "ab"}


def evidence(*names: str) -> tuple[Evidence, ...]:
    """`a3` is the third sentence of article a; `a3!` points back at the one before it."""
    found = []
    for number, name in enumerate(names, start=1):
        start = int(name[1]) * 100
        text = f"It was sentence {name}." if name.endswith("!") else f"Sentence {name} was long."
        found.append(Evidence(number, ARTICLES[name[0]], Span(start, start + 50), text, 0.5))
    return tuple(found)


def names(found: tuple[Evidence, ...]) -> list[str]:
    return [f"{item.article.id}{item.span.start // 100}" for item in found]


def test_what_was_read_comes_first_and_the_rest_after() -> None:
    found = arranged(evidence("a1", "a2", "b1"), evidence("b1", "a2", "b4", "a1"))
    assert names(found) == ["a1", "a2", "b1", "b4"]
    assert [item.number for item in found] == [1, 2, 3, 4]


def test_little_that_is_not_wanted_may_stand_between() -> None:
    assert names(arranged(evidence("a1", "b5", "a2"), evidence("a2", "a1"))) == ["a1", "b5", "a2"]
    assert names(arranged(evidence("a1", "a2", "b5"), evidence("a2", "a1"))) == ["a1", "a2"]


def test_what_was_read_for_something_else_changes_nothing() -> None:
    wanted = evidence("a1", "a2", "a3")
    assert arranged(evidence("b1", "b2", "b3"), wanted) == wanted
    assert arranged((), wanted) == wanted
    assert arranged(evidence("a1"), ()) == ()


def test_a_sentence_that_points_back_has_the_one_before_it() -> None:
    found = arranged(evidence("a1", "b1"), evidence("a1", "a2!", "b1"))
    assert names(found) == ["a1", "b1", "a1", "a2"]


_SOME = st.lists(
    st.sampled_from([f"{article}{n}" for article in "ab" for n in range(1, 9)]),
    unique=True,
    max_size=9,
)


@given(_SOME, _SOME)
def test_nothing_that_is_wanted_is_left_out(read: list[str], wanted: list[str]) -> None:
    found = names(arranged(evidence(*read), evidence(*wanted)))
    assert set(wanted) <= set(found)
    assert set(found) <= set(wanted) | set(read)


def read(ahead: Ahead, *names: str) -> None:
    """As somebody types on, and so much can be read of what is wanted then."""
    _, stop = ahead.begin(evidence(*names), ahead.ends)
    ahead.has_read(evidence(*names), stop)


def test_asking_ends_what_is_read_and_forgets_it() -> None:
    ahead = Ahead()
    done, stop = ahead.begin(evidence("a1", "a3"), ahead.ends)
    assert done == 0 and not stop.is_set()
    ahead.has_read(evidence("a1"), stop)
    assert names(ahead.taken(evidence("a2", "a1"))) == ["a1", "a2"]
    assert stop.is_set()
    ahead.has_read(evidence("a1", "a3"), stop)  # too late
    assert names(ahead.taken(evidence("a2", "a1"))) == ["a2", "a1"]


def test_what_was_wanted_but_not_read_in_time_does_not_stand_before() -> None:
    ahead = Ahead()
    _, stop = ahead.begin(evidence("a1", "b5", "a2"), 0)
    ahead.has_read(evidence("a1"), stop)
    assert names(ahead.taken(evidence("a2", "a1"))) == ["a1", "a2"]


def test_the_nearest_article_is_read_first() -> None:
    assert names(Ahead().arranged(evidence("b1", "b2", "a1"))) == ["a1", "b1", "b2"]


def test_more_of_the_question_ends_what_is_read_for_less() -> None:
    ahead = Ahead()
    read(ahead, "a1", "b1")
    _, less = ahead.begin(evidence("a1", "b1", "b2"), 0)
    done, more = ahead.begin(evidence("a1", "b2"), 0)
    assert less.is_set() and not more.is_set() and done == 1
    ahead.has_read(evidence("a1", "b1", "b2"), less)  # no longer of interest
    assert names(ahead.taken(evidence("b2", "a1"))) == ["a1", "b2"]


def test_what_is_being_read_is_not_begun_again() -> None:
    ahead = Ahead()
    _, stop = ahead.begin(evidence("a1", "b1"), 0)
    done, _ = ahead.begin(evidence("a1", "b1"), 0)
    assert done == 2 and not stop.is_set()


def test_nothing_is_read_for_a_question_that_was_asked_meanwhile() -> None:
    ahead = Ahead()
    before = ahead.ends
    ahead.taken(())
    done, stop = ahead.begin(evidence("a1"), before)
    assert done == 1 and stop.is_set()


def near(similarities: dict[str, float]) -> tuple[Evidence, ...]:
    """Long sentences, that near to the question."""
    found = zip(evidence(*similarities), similarities.values(), strict=True)
    return tuple(replace(i, text=f"{i.text} " + "word " * 30, similarity=s) for i, s in found)


def test_of_what_is_not_read_yet_the_nearest_is_read_after_enter() -> None:
    ahead = Ahead()
    known = near(dict.fromkeys([f"a{n}" for n in range(1, 9)], 0.5))
    _, stop = ahead.begin(known, 0)
    ahead.has_read(known, stop)
    wanted = near({"b1": 0.1, "b2": 0.2, "b3": 0.9, "a3": 0.5})
    assert names(ahead.taken(wanted)) == ["a1", "a2", "a3", "b3"]
    assert names(ahead.taken(wanted)) == names(wanted), "with nothing read before, all of them"
