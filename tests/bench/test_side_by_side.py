"""Both systems side by side: fair turns, going on after a break, and the figures."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pair
import pytest
import score
import side_by_side
from answering.fake_chat import FakeChat
from click.testing import CliRunner
from evaluation.evaluation_fakes import ARTICLE, HOW_LONG, WHERE, WHO_WON, answer, refusal
from langchain_core.documents import Document
from partial import Partial
from score import OURS, RECIPE
from usual_recipe import Reply

from assistant import app, config
from assistant.errors import EngineError, StoreError, UsageError
from assistant.evaluation import compare, page, shape
from assistant.evaluation.questions import Question
from assistant.evaluation.result import Result
from assistant.records import Seconds

ASKED = [HOW_LONG, WHO_WON, WHERE]
CHUNK = Document("It lasted 2,300 seconds.", metadata={"title": ARTICLE.title})
OTHER = Document("It lasted 2,300 seconds.", metadata={"title": "Another Call"})
TEXTS = ["It lasted 2300 seconds.", "The text does not mention a winner.", "In Paris."]
ABOUT: dict[str, Any] = {
    "version": "1",
    "model": {"name": "fake", "sha256": "0"},
    "settings": {"answer_tokens": 9, "context_tokens": 99, "threads": 0, "model": "fake"},
    "library": {"articles": 1, "passages": 1, "sentences": 2},
    "file": "q.jsonl",
    "mode": "answers",
    "recipe": {"chunks": 4},
}


def reply(text: str, *chunks: Document, total: float = 6.0) -> Reply:
    return Reply(text, chunks, 0.1, 4.0 if text else None, total)


class FakePair:
    """Ours is right about the first question and refuses the others at once."""

    def __init__(self, breaks_at: int | None = None) -> None:
        self.asked: list[tuple[str, str]] = []
        self.warmed = 0
        self.breaks_at = breaks_at

    def warm(self) -> None:
        self.warmed += 1

    def ask(self, system: str, question: Question) -> Result:
        if len(self.asked) == self.breaks_at:
            raise KeyboardInterrupt
        self.asked.append((system, question.id))
        place = ASKED.index(question)
        if system == RECIPE:
            return score.recipe_result(question, reply(TEXTS[place], CHUNK))
        quick = Seconds(0.1, 0.0, 0.2)
        given = refusal() if place else answer("It lasted 2300 seconds.")
        seconds = {"seconds": quick} if place else {}
        changed = answer("", **seconds, refused=True, sentences=(), citations=())
        return Result(question, changed if place else given, kept=None if place else True)


def ask(both: FakePair, partial: Partial, stop: threading.Event | None = None) -> list[int]:
    seen: list[int] = []
    stop = stop or threading.Event()
    side_by_side.ask_all(both, ASKED, partial, lambda done, _: seen.append(done), stop)  # type: ignore[arg-type]
    return seen


@pytest.fixture
def result(tmp_path: Path) -> dict[str, Any]:
    partial = Partial(tmp_path / "p.jsonl", ABOUT)
    ask(FakePair(), partial)
    return side_by_side.result(ABOUT, ASKED, partial.records)


def test_the_systems_take_turns_in_going_first(tmp_path: Path) -> None:
    both = FakePair()
    partial = Partial(tmp_path / "p.jsonl", ABOUT)
    assert ask(both, partial) == [0, 1, 2, 3] and both.warmed == 1
    assert both.asked == [
        (OURS, "1"), (RECIPE, "1"), (RECIPE, "2"), (OURS, "2"), (OURS, "3"), (RECIPE, "3"),
    ]  # fmt: skip
    assert [record["first"] for record in partial.records] == [OURS, RECIPE, OURS]


def test_a_broken_run_goes_on_and_a_whole_one_asks_nothing(tmp_path: Path) -> None:
    file = tmp_path / "p.jsonl"
    with pytest.raises(KeyboardInterrupt):
        ask(FakePair(breaks_at=3), Partial(file, ABOUT))
    with file.open("ab") as torn:
        torn.write(b'{"at": "20')  # the power went here
    again = FakePair()
    assert ask(again, Partial(file, ABOUT)) == [1, 2, 3] and again.warmed == 1
    assert [id for _, id in again.asked] == ["2", "2", "3", "3"]
    whole = FakePair()
    partial = Partial(file, ABOUT)
    ask(whole, partial)
    assert not whole.asked and not whole.warmed
    assert [record[OURS]["id"] for record in partial.records] == ["1", "2", "3"]


def test_another_run_or_a_damaged_file_is_not_gone_on_with(tmp_path: Path) -> None:
    file = tmp_path / "p.jsonl"
    ask(FakePair(), Partial(file, ABOUT))
    before = file.read_bytes()
    with pytest.raises(UsageError, match="begun with other model, version; delete it"):
        Partial(file, {**ABOUT, "version": "2", "model": {}})
    assert file.read_bytes() == before
    file.write_bytes(b"{\n")
    with pytest.raises(UsageError, match="damaged"):
        Partial(file, ABOUT)
    with pytest.raises(UsageError, match="cannot read or write"):
        Partial(tmp_path / "none" / "p.jsonl", ABOUT)


def test_after_a_stop_no_further_question_is_begun(tmp_path: Path) -> None:
    stop = threading.Event()
    both = FakePair()
    plain, both.warm = both.warm, lambda: (plain(), stop.set())  # type: ignore[method-assign]
    partial = Partial(tmp_path / "p.jsonl", ABOUT)
    ask(both, partial, stop)
    assert both.warmed and not both.asked
    assert side_by_side.result(ABOUT, ASKED, partial.records)[OURS]["complete"] is False


def test_both_are_scored_alike(result: dict[str, Any]) -> None:
    ours, recipe = result[OURS]["metrics"], result[RECIPE]["metrics"]
    for name, mine, theirs in (
        ("answered right", 1, 1),
        ("wrongly refused", 0, 0),
        ("rightly refused: near miss", 1, 1),
        ("rightly refused: absent article", 1, 0),
    ):
        assert (ours[name]["hits"], recipe[name]["hits"]) == (mine, theirs), name
    (kept,) = (name for name in ours if name.startswith("evidence"))
    assert ours[kept]["hits"] == recipe[kept]["hits"] == 1
    assert result["questions"][2] == {
        "id": "3", "question": "Where?", "kind": "absent article", "first": OURS,
        OURS: {"right": None, "refused": True, "kept": None, "error": None,
               "seconds": {"search": 0.1, "first_token": 0.0, "total": 0.2, "check": 0.0}},
        RECIPE: {"right": None, "refused": False, "kept": None, "error": None,
                 "seconds": {"search": 0.1, "first_token": 4.0, "total": 6.0, "check": 0.0}},
    }  # fmt: skip


def test_a_refusal_that_writes_nothing_counts_with_its_whole_time(result: dict[str, Any]) -> None:
    ours, recipe = result[OURS]["metrics"], result[RECIPE]["metrics"]
    first = "seconds: first word or refusal"
    assert (ours[first]["median"], ours[first]["n"]) == (0.2, 3)
    assert (ours[f"{first}, answerable"]["median"], ours[f"{first}, answerable"]["n"]) == (1.0, 1)
    assert score.ratio(ours[first], recipe[first]) == "20.00"
    silent = score.recipe_result(WHERE, reply("", total=7.0)).answer
    assert silent is not None and silent.refused and silent.seconds.first_token == 7.0


def test_the_runs_can_be_compared_and_reported(result: dict[str, Any], tmp_path: Path) -> None:
    for system in (OURS, RECIPE):
        run = shape.parse(json.loads(json.dumps(result[system])))
        assert run.complete and run.settings["system"] == system
    found = {d.name: d for d in compare.compare(result[RECIPE], result[OURS]).differences}
    assert found["rightly refused"].a == 0.5 and found["rightly refused"].b == 1.0
    assert not any("citation" in name for name in found), "the recipe cites nothing"
    page.write_comparison(result[RECIPE], result[OURS], tmp_path / "page.html")
    assert "In Paris." in (tmp_path / "page.html").read_text("utf-8")


def test_the_table_shows_what_both_have(result: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console(width=140)
    with console.capture() as capture:
        console.print(score.table(result[OURS], result[RECIPE]))
    text = capture.get()
    assert "3 of 3 questions" in text and "20.00" in text
    assert "1 of 1" in text and "median 0.20, p95" in text
    assert "citation" not in text and "quotes" not in text


def test_a_chunk_of_another_article_does_not_hold_the_answer() -> None:
    assert score.recipe_result(HOW_LONG, reply("Long.", OTHER)).kept is False
    found = score.recipe_result(HOW_LONG, reply("Long.", OTHER, CHUNK))
    assert found.kept is True and found.rank == 2
    assert score.recipe_result(WHERE, reply("There.", CHUNK)).kept is None


def test_refusals_are_judged_anew_when_scored(tmp_path: Path, monkeypatch) -> None:
    partial = Partial(tmp_path / "p.jsonl", ABOUT)
    ask(FakePair(), partial)
    monkeypatch.setattr(score, "refuses", lambda text: "Paris" in text)
    recipe = side_by_side.result(ABOUT, ASKED, partial.records)[RECIPE]
    assert [each["refused"] for each in recipe["answers"]] == [False, False, True]


def test_an_error_of_the_recipe_is_kept_but_a_broken_store_ends_the_run() -> None:
    def raising(error: Exception) -> Any:
        def fail(_: str) -> Any:
            raise error

        return pair.Pair(None, SimpleNamespace(ask=fail), [])  # type: ignore[arg-type]

    failed = raising(EngineError("too long")).ask(RECIPE, HOW_LONG)
    assert failed.error == "too long" and failed.answer is None
    with pytest.raises(StoreError):
        raising(StoreError("gone")).ask(RECIPE, HOW_LONG)


def test_conversations_and_overviews_are_left_out() -> None:
    follow_up = Question("4", "And then?", ("so",), None, "follow-up", before=("What?",))
    overview = Question("5", "What of calls?", (), None, "overview", cites=2)
    every = [follow_up, *ASKED, overview]
    assert side_by_side.chosen(every) == ASKED
    assert side_by_side.chosen(every, last=2) == ASKED[-2:]
    shuffled = side_by_side.chosen(every, seed=1)
    assert sorted(q.id for q in shuffled) == ["1", "2", "3"]
    assert side_by_side.chosen(every, seed=1, limit=2) == shuffled[:2]
    with pytest.raises(UsageError, match="another file"):
        side_by_side.chosen([follow_up, overview])


@pytest.fixture
def settings(models: Path, tmp_path: Path) -> config.Settings:
    return config.load({
        "ASSISTANT_STORE": str(tmp_path / "mine"),
        "ASSISTANT_MODELS": str(models),
        "ASSISTANT_MODEL": "smollm2-135m",
    })  # fmt: skip


def test_both_have_the_same_articles_and_the_own_library_is_left_alone(
    settings: config.Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "kelm.txt").write_text("Kelm tower\n\nThe Kelm tower is 90 metres tall.")
    (folder / "empty.txt").write_text("")
    with pair.both(settings, [folder], ()) as both:
        assert [a.title for a in both.articles] == ["Kelm tower"]
        assert both.app.library.counts().articles == both.recipe.chunks == 1
        what = side_by_side.about(both, Path("some/q.jsonl"), ASKED)
        other = side_by_side.about(both, Path("some/q.jsonl"), ASKED[:2])
    assert "empty.txt" in capsys.readouterr().err
    assert not settings.store.exists()
    assert what["file"] == "q.jsonl" and what["questions"] != other["questions"]
    assert str(tmp_path) not in json.dumps(what)
    with pytest.raises(UsageError, match="--articles"), pair.both(settings, [], ()):
        pass


class OneReply(FakeChat):
    """Stands where the local model would; says the same of everything, and never doubts."""

    reading_speed: float = 0.0

    def _stream(self, *args: Any, **kwargs: Any) -> Any:
        self.replies.append("The Kelm tower is 90 metres tall. [1]")
        yield from super()._stream(*args, **kwargs)

    def read(self, *_: Any, **__: Any) -> None: ...

    def calibrate(self, *_: Any) -> None: ...

    def preference(self, *_: Any, **__: Any) -> float:
        return 9.0

    def close(self) -> None: ...


def test_the_command_from_question_to_report(
    settings: config.Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chats: list[OneReply] = []
    for module in (app, pair):
        monkeypatch.setattr(module, "LocalChat", lambda **_: chats.append(OneReply()) or chats[-1])
    monkeypatch.setattr(config, "load", lambda: settings)
    (tmp_path / "kelm.txt").write_text("Kelm tower\n\nThe Kelm tower is 90 metres tall.")
    questions = tmp_path / "q.jsonl"
    questions.write_text(
        '{"question": "How tall is the Kelm tower?", "answers": ["90 metres"]}\n'
        '{"question": "Who won the tennis match in Madrid?", "answers": []}\n'
    )
    out, html = tmp_path / "r.json", tmp_path / "r.html"
    args = [str(questions), "--articles", str(tmp_path / "kelm.txt"), "--out", str(out)]
    done = CliRunner().invoke(side_by_side.main, [*args, "--report", str(html)])
    assert done.exit_code == 0, done.output
    data = json.loads(out.read_text("utf-8"))
    assert [q[OURS]["right"] for q in data["questions"]] == [True, None]
    assert [q[OURS]["refused"] for q in data["questions"]] == [False, True]
    assert [q[RECIPE]["refused"] for q in data["questions"]] == [False, False]
    assert data[OURS]["answers"][0]["cited_right"] is True
    assert len(chats) == 2, "each system has a model object of its own"
    assert sorted(len(chat.prompts) for chat in chats) == [1, 3], "ours refused without the model"
    assert "90 metres" in html.read_text("utf-8")
    assert len((tmp_path / "r.json.partial.jsonl").read_text("utf-8").splitlines()) == 3


def test_what_cannot_be_asked_is_told_on_one_line(tmp_path: Path) -> None:
    args = [str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "r.json")]
    done = CliRunner().invoke(side_by_side.main, args)
    assert done.exit_code == 1 and "cannot read" in done.output
    assert not list(tmp_path.iterdir())
