from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import UsageError
from assistant.evaluation.questions import Question, choose, load, read


def write(folder: Path, *lines: str) -> Path:
    file = folder / "questions.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    return file


def test_questions_are_read_with_what_is_left_out(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        '{"id": "q7", "question": " Why? ", "answers": ["so"], "article": "T", "kind": "easy"}',
        "",
        '{"question": "Who?", "answers": ["he"]}',
        '{"question": "When?", "answers": [], "article": null}',
        "",
    )
    assert read(file) == [
        Question("q7", "Why?", ("so",), "T", "easy"),
        Question("3", "Who?", ("he",), None, "answerable"),
        Question("4", "When?", (), None, "not answerable"),
    ]


def test_a_byte_order_mark_and_windows_lines_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"question": "Who?", "answers": []}\r\n')
    assert read(file)[0].question == "Who?"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", "not a JSON object"),
        ('{"answers": []}', "“question” is missing"),
        ('{"question": " ", "answers": []}', "“question” is missing"),
        ('{"question": 7, "answers": []}', "“question” must be a text"),
        ('{"question": "Who?"}', "“answers” is missing"),
        ('{"question": "Who?", "answers": "he"}', "“answers” must be a list of texts"),
        ('{"question": "Who?", "answers": [""]}', "“answers” must be a list of texts"),
        ('{"question": "Who?", "answers": [], "article": 3}', "“article” must be a text"),
        ('{"question": "Who?", "answers": [], "before": "he"}', "“before” must be a list of texts"),
        ('{"question": "Who?", "answers": [], "evidence": [7]}', "“evidence” must be a list"),
        ('{"question": "Who?", "answers": [], "cites": 0}', "“cites” must be a whole number"),
        ('{"question": "Who?", "answers": [], "cites": true}', "“cites” must be a whole number"),
        ('{"question": "Who?", "answers": [], "id": "1"}', "a second question with the id “1”"),
    ],
)
def test_what_is_no_question_is_named_with_its_line(tmp_path: Path, line: str, reason: str) -> None:
    file = write(tmp_path, '{"question": "Who?", "answers": []}', line)
    with pytest.raises(UsageError) as error:
        read(file)
    assert f"{file}, line 2: " in str(error.value) and reason in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_without_questions_is_refused(tmp_path: Path) -> None:
    for content, reason in ((b"\n", "holds no question"), (b"\xff\xfe", "not UTF-8")):
        file = tmp_path / "q.jsonl"
        file.write_bytes(content)
        with pytest.raises(UsageError, match=reason):
            read(file)
    with pytest.raises(UsageError, match="cannot read"):
        read(tmp_path)


def test_conversations_overviews_and_evidence_are_read(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        '{"question": "He?", "answers": ["so"], "before": ["Who?", "Why?"], "evidence": ["S."]}',
        '{"question": "Sum it up", "answers": [], "cites": 3}',
        '{"question": "Sum it up again", "cites": 1}',
    )
    follow_up, overview, bare = read(file)
    assert follow_up.before == ("Who?", "Why?") and follow_up.evidence == ("S.",)
    assert overview.cites == 3 and overview.kind == bare.kind == "overview"
    assert overview.answerable and bare.answerable and not bare.answers


def test_a_null_field_is_as_one_left_out(tmp_path: Path) -> None:
    nulls = '"id": null, "article": null, "kind": null, "before": null, "cites": null'
    line = f'{{"question": "Who?", "answers": [], {nulls}}}'
    assert read(write(tmp_path, line)) == [Question("1", "Who?", (), None, "not answerable")]


TABLE = """question,answers,article,kind,id
"How long, then?",over two hours | 2 hours,The long call,easy,q1

"Who ""won""?",,,,
"Where
exactly?",here,,,
"""
OF_TABLE = [
    Question("q1", "How long, then?", ("over two hours", "2 hours"), "The long call", "easy"),
    Question("4", 'Who "won"?', (), None, "not answerable"),
    Question("5", "Where\nexactly?", ("here",), None, "answerable"),
]


@pytest.mark.parametrize("name", ["q.csv", "q.tsv", "q.txt"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_is_read(tmp_path: Path, name: str, encoding: str, end: str) -> None:
    file = tmp_path / name
    file.write_text(TABLE, encoding, newline=end)
    read_ = [*read(file)]
    assert [replace(q, question=q.question.replace("\r", "")) for q in read_] == OF_TABLE


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    file = tmp_path / "q.csv"
    cells = [["Answers", " id", "QUESTION", "note"], ["a|b", "7", "Why?", "x"]]
    file.write_text("\n".join(delimiter.join(row) for row in cells))
    assert read(file) == [Question("7", "Why?", ("a", "b"), None, "answerable")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Why?,because\n", "line 1: no table of questions"),
        ("question,article\nWhy?,T\n", "line 1: no table of questions"),
        ("question,answers\nWhy?,so\nWhy, then?,so,or so\n", "line 3: 4 cells under 2 columns"),
        ('question,answers\nWhy?,so\n"Who?,he\n', "line 3: not a row of a table"),
        ("question,answers\nWhy?,so\n,he\n", "line 3: “question” is missing"),
        ("question,answers\n", "holds no question"),
    ],
)
def test_what_is_no_table_is_named_with_its_line(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "q.csv"
    file.write_text(text)
    with pytest.raises(UsageError) as error:
        read(file)
    assert str(file) in str(error.value) and reason in str(error.value)


def squad(*qas: object, **article: object) -> dict[str, object]:
    paragraphs = [
        {"context": "It lasted two hours. ", "qas": list(qas)},
        {"context": "B", "qas": []},
    ]
    return {
        "version": "v2.0",
        "data": [{"title": "Caf%C3%A9_au_lait", "paragraphs": paragraphs} | article],
    }


LONG = {
    "id": "56be",
    "question": " How long?",
    "answers": [{"text": "two hours", "answer_start": 10}] * 2 + [{"text": "hours"}],
}
IMPOSSIBLE = {
    "id": "57ce",
    "question": "Who won?",
    "is_impossible": True,
    "answers": [],
    "plausible_answers": [{"text": "It", "answer_start": 0}],
}


@pytest.mark.parametrize("name", ["dev-v2.0.json", "squad"])
@pytest.mark.parametrize("indent", [None, 1])
def test_squad_is_read_with_its_articles(tmp_path: Path, name: str, indent: int | None) -> None:
    file = tmp_path / name
    file.write_text(json.dumps(squad(LONG, IMPOSSIBLE), indent=indent))
    content = load(file)
    assert content.questions == [
        Question("56be", "How long?", ("two hours", "hours"), "Café au lait", "answerable"),
        Question("57ce", "Who won?", (), None, "not answerable"),
    ]
    (article,) = content.articles
    assert (article.title, article.text) == ("Café au lait", "It lasted two hours.\n\nB")


def test_other_files_carry_no_articles(tmp_path: Path) -> None:
    assert load(write(tmp_path, '{"question": "Who?", "answers": []}')).articles == ()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"data": {}}, "data: not a list"),
        ({"data": [7]}, "data[0]: not a JSON object"),
        (squad(title=7), "data[0]: “title” is missing"),
        (squad(paragraphs=None), "data[0].paragraphs: not a list"),
        (squad(paragraphs=[{"qas": []}]), "data[0].paragraphs[0]: “context” is missing"),
        (squad(LONG, {"answers": []}), "data[0].paragraphs[0].qas[1]: “question” is missing"),
        (squad({"question": "Why?"}), "data[0].paragraphs[0].qas[0].answers: not a list"),
        (squad(LONG, LONG), "qas[1]: a second question with the id “56be”"),
        ({"data": []}, "holds no question"),
    ],
)
def test_what_is_not_squad_is_named_with_its_place(tmp_path: Path, data, reason: str) -> None:
    file = tmp_path / "dev.json"
    file.write_text(json.dumps(data))
    with pytest.raises(UsageError) as error:
        load(file)
    assert str(file) in str(error.value) and reason in str(error.value)


def test_json_lines_may_be_called_json(tmp_path: Path) -> None:
    file = tmp_path / "q.json"
    file.write_text('{"question": "Who?", "answers": []}\n{"question": "Why?", "answers": []}\n')
    assert [question.question for question in read(file)] == ["Who?", "Why?"]
    file.write_text('{\n "data": [\n  }')
    with pytest.raises(UsageError, match="line 3: not valid JSON"):
        read(file)


MANY = [Question(str(n), f"Q{n}?", (), None, "even" if n % 2 == 0 else "odd") for n in range(100)]


def test_the_first_the_last_and_those_of_a_kind_are_chosen() -> None:
    assert choose(MANY) == MANY
    assert choose(MANY, limit=3) == MANY[:3]
    assert choose(MANY, last=10) == MANY[90:]
    assert choose(MANY, last=10, kinds=["odd"], limit=2) == [MANY[91], MANY[93]]
    assert choose(MANY, last=1000, kinds=["odd", "even"]) == MANY
    with pytest.raises(UsageError, match="there are: even, odd"):
        choose(MANY, kinds=["strange"])


def test_a_seed_gives_one_sample() -> None:
    sample = choose(MANY, seed=7, limit=20)
    assert sample == choose(MANY, seed=7)[:20] and sample != MANY[:20]
    assert sample != choose(MANY, seed=8, limit=20)
    assert len({q.id for q in sample}) == 20
    assert [int(q.id) for q in MANY] == list(range(100))


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(
                re.findall(
                    r"\w+",
                    """id question answers article kind before cites evidence data title paragraphs
                    context qas text""",
                )
            ),
            inner,
        )
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_json.map(json.dumps) | st.text(), st.sampled_from([".jsonl", ".json", ".csv", ""]))
def test_any_file_is_a_question_set_or_a_usage_error(tmp_path: Path, text: str, end: str) -> None:
    file = tmp_path / f"q{end}"
    file.write_text(text, "utf-8", "surrogatepass")
    try:
        questions = read(file)
    except UsageError as error:
        assert str(file) in str(error)
    else:
        assert all(q.question and q.kind and q.id for q in questions)
