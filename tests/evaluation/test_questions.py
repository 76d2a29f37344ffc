from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UsageError
from assistant.evaluation.questions import Question, _question, read


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


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["id", "question", "answers", "article", "kind"]), inner
            )
        ),
    )
)
def test_any_json_is_a_question_or_a_usage_error(value: object) -> None:
    try:
        question = _question(json.dumps(value), 1, "here")
    except UsageError as error:
        assert str(error).startswith("here: ")
    else:
        assert question.question and question.kind and question.id
