"""What is read for half a question stands first in the prompt of the whole one."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.ahead import Ahead, arranged
from assistant.records import ArticleInfo, Evidence, Span

FILLING = "word " * 30
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
    """As somebody types on, and all is read that is wanted then."""
    for _ in ahead.parts(long(*names), ahead.ends):
        pass


def long(*names: str) -> tuple[Evidence, ...]:
    """Sentences each of which is enough to be read at once."""
    return tuple(replace(item, text=f"{item.text} {FILLING}") for item in evidence(*names))


def test_asking_ends_what_is_read_and_forgets_it() -> None:
    ahead = Ahead()
    parts = ahead.parts(long("a1", "a3"), ahead.ends)
    part, _ = next(parts)
    assert names(part) == ["a1"]
    assert names(next(parts)[0]) == ["a1", "a3"], "and so a1 is read"
    assert names(ahead.taken(long("a2", "a1"))) == ["a1", "a2"]
    assert not list(parts)
    assert names(ahead.taken(long("a2", "a1"))) == ["a2", "a1"]


def test_what_is_being_read_is_finished_only_for_a_question_that_wants_it() -> None:
    for wanted, finished in ({"a2", "a1"}, True), ({"a2"}, False):
        ahead = Ahead()
        parts = ahead.parts(long("a1", "a3"), ahead.ends)
        _, abandon = next(parts)
        shown = names(ahead.taken(long(*sorted(wanted, reverse=True))))
        assert abandon.is_set() is not finished
        assert shown == (["a1", "a2"] if finished else ["a2"])
        assert not list(parts)


def test_what_was_wanted_but_not_read_in_time_does_not_stand_before() -> None:
    ahead = Ahead()
    parts = ahead.parts(long("a1", "b5", "a2"), 0)
    assert [names(next(parts)[0]) for _ in range(2)] == [["a1"], ["a1", "b5"]]
    assert names(ahead.taken(long("a2", "a1"))) == ["a1", "a2"]


def test_short_sentences_are_read_together() -> None:
    short = evidence("a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8")
    ends = [len(part) for part, _ in Ahead().parts(short, 0)]
    assert ends[-1] == len(short)
    assert 1 < len(ends) < len(short)


def test_the_nearest_article_is_read_first() -> None:
    assert names(Ahead().arranged(evidence("b1", "b2", "a1"))) == ["a1", "b1", "b2"]


def test_more_of_the_question_ends_what_is_read_for_less() -> None:
    ahead = Ahead()
    read(ahead, "a1", "b1")
    less = ahead.parts(long("a1", "b1", "b2", "b3"), 0)
    assert names(next(less)[0]) == ["a1", "b1", "b2"]
    more = ahead.parts(long("a1", "b3"), 0)
    part, abandon = next(more)
    assert names(part) == ["a1", "b3"]
    assert not list(less), "b3 is not read for it any more"
    assert not abandon.is_set()
    assert names(ahead.taken(long("b3", "a1"))) == ["a1", "b3"]


def test_what_is_being_read_for_less_of_the_question_is_finished() -> None:
    ahead = Ahead()
    less = ahead.parts(long("a1", "b1", "b2"), 0)
    _, abandon = next(less)
    more = ahead.parts(ahead.arranged(long("b3", "a1")), 0)
    assert names(next(more)[0]) == ["a1", "b3"]
    assert not abandon.is_set()
    assert not list(less)
    assert not list(more)
    assert names(ahead.taken(long("b3", "a1"))) == ["a1", "b3"]


def test_what_is_being_read_is_not_begun_again() -> None:
    ahead = Ahead()
    parts = ahead.parts(long("a1", "b1"), 0)
    next(parts)
    assert not list(ahead.parts(long("a1", "b1"), 0))
    assert names(next(parts)[0]) == ["a1", "b1"]


def test_nothing_is_read_for_a_question_that_was_asked_meanwhile() -> None:
    ahead = Ahead()
    before = ahead.ends
    ahead.taken(())
    assert not list(ahead.parts(long("a1"), before))


def test_whoever_is_to_have_the_model_does_not_wait_for_what_is_being_read() -> None:
    ahead = Ahead()
    parts = ahead.parts(long("a1", "a2"), 0)
    next(parts)
    _, abandon = next(parts)
    ahead.end()
    assert abandon.is_set()
    assert names(ahead.taken(long("a2", "a1"))) == ["a1", "a2"], "a1 was read, a2 was not"


def near(similarities: dict[str, float]) -> tuple[Evidence, ...]:
    """Long sentences, that near to the question."""
    found = zip(evidence(*similarities), similarities.values(), strict=True)
    return tuple(replace(i, text=f"{i.text} {FILLING}", similarity=s) for i, s in found)


def test_of_what_is_not_read_yet_the_nearest_is_read_after_enter() -> None:
    ahead = Ahead()
    known = near(dict.fromkeys([f"a{n}" for n in range(1, 9)], 0.5))
    for _ in ahead.parts(known, 0):
        pass
    wanted = near({"b1": 0.1, "b2": 0.2, "b3": 0.9, "a3": 0.5})
    assert names(ahead.taken(wanted)) == ["a1", "a2", "a3", "b3"]
    assert names(ahead.taken(wanted)) == names(wanted), "with nothing read before, all of them"


def test_where_the_nearest_is_read_already_no_long_one_is_read_after_enter() -> None:
    ahead = Ahead()
    for _ in ahead.parts(near(dict.fromkeys([f"a{n}" for n in range(1, 9)], 0.5)), 0):
        pass
    wanted = near({"b1": 0.1, "b2": 0.2, "a3": 0.9})
    assert names(ahead.taken(wanted)) == ["a1", "a2", "a3"]
