from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from run_fakes import HOSTILE, answered, invented, refused, run, searched, wrongly_refused

from assistant.errors import UsageError
from assistant.evaluation import page, page_comparison


def parsed(text: str) -> etree._Element:
    """As XML, which forgives nothing."""
    return etree.fromstring(text.removeprefix("<!DOCTYPE html>\n").encode())


def said(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def made(*answers: dict[str, Any], **changes: Any) -> etree._Element:
    return parsed(page.report(run(*answers, **changes)))


def question(root: etree._Element, number: int = 0) -> etree._Element:
    return root.findall(".//div[@class='questions']/details")[number]


def hostile(value: Any) -> Any:
    """The same JSON with every text replaced, apart from what a reader goes by."""
    if isinstance(value, dict):
        kept = {"mode", "id", "started"}
        return {key: each if key in kept else hostile(each) for key, each in value.items()}
    if isinstance(value, list):
        return [hostile(each) for each in value]
    return HOSTILE if isinstance(value, str) else value


def test_the_page_says_what_was_run() -> None:
    head = said(made(answered(1)).find(".//header"))
    for fact in (
        "questions.jsonl", "fake", "3 articles, 5 passages, 9 sentences", "1 question",
        "22 November 2026, 14:55", "took 1 min 15 s", "version 1.0",
    ):  # fmt: skip
        assert fact in head


def test_the_page_speaks_another_language() -> None:
    class German:
        language = "de"

        def __call__(self, english: str, **values: object) -> str:
            text = {"answered right": "richtig beantwortet"}.get(english, english)
            return text.format(**values) if values else text

        def count(self, number: int, one: str, many: str) -> str:
            return self(one if number == 1 else many, n=number)

    text = page.report(run(answered(1)), German())
    assert '<html lang="de">' in text and "<title>questions.jsonl" in text
    key = [said(item) for item in parsed(text).findall(".//ul[@class='key']/li")]
    assert key == ["richtig beantwortet0,753 of 495%: 0,30–0,95"]


def test_the_figures_stand_large_with_their_intervals() -> None:
    root = made(answered(1))
    key = [said(item) for item in root.findall(".//ul[@class='key']/li")]
    assert key == ["answered right0.753 of 495%: 0.30–0.95"]  # nothing where nothing was counted
    rows = [said(row) for row in root.iter("tr")]
    assert "token F10.62mean of 4" in rows and "whole answer4.259.503" in rows


def test_a_right_answer_shows_its_citation() -> None:
    asked = question(made(answered(1, before=["Earlier?"], asked="Standing alone?")))
    assert asked.get("data-outcome") == "right" and asked.get("data-kind") == "answerable"
    link = asked.find(".//sup/a")
    quote = asked.find(f".//li[@id='{link.get('href')[1:]}']")
    assert link.text == "1" and "“It is gold.”The Call · 2024-05-06" in said(quote)
    text = said(asked)
    assert "Asked beforeEarlier?" in text and "Searched forStanding alone?" in text
    assert "Acceptedgold" in text and "1 sentence, which hold an accepted answer" in text
    assert "It is gold. [1]" not in text and "4.0 s" in text


def test_outcomes_are_told_apart_and_counted() -> None:
    root = made(
        answered(1), answered(2, False), wrongly_refused(3), refused(4), invented(5),
        refused(6, error="the model failed", text=None, refused=None, seconds=None),
        answered(7, golds=[], cites=3),
    )  # fmt: skip
    outcomes = [q.get("data-outcome") for q in root.findall(".//div[@class='questions']/details")]
    assert outcomes == [
        "right", "wrong", "wrongly refused", "rightly refused", "answered, should refuse",
        "failed", "right",
    ]  # fmt: skip
    buttons = [said(button) for button in root.iter("button")]
    assert buttons[:2] == ["all 7", "right 2"] and "wrong 1" in buttons
    assert "the model failed" in said(question(root, 5))
    assert "cites at least 3 sentences" in said(question(root, 6))
    table = [said(row) for row in root.iter("tr")]
    assert "answerable201100" in table and "near miss010011" in table


def test_a_refusal_shows_what_was_missing_withdrawn_and_nearest() -> None:
    near = {"number": 1, "title": "The Call", "quote": "Not quite.", "published": None}
    asked = question(made(refused(1, missing=["Kili"], withdrawn=["High [2]."], nearest=[near])))
    text = said(asked)
    assert "Not found." in text and "Not spoken ofKili" in text and "WithdrawnHigh." in text
    assert "Nearest passages“Not quite.”The Call" in text


def test_a_sentence_without_support_is_marked() -> None:
    sentences = [{"text": "Who knows.", "citations": [], "supported": False, "moved": False}]
    asked = question(made(answered(1, sentences=sentences)))
    assert asked.find(".//span[@class='unsupported']").text == "Who knows."
    assert "(not supported)" in said(asked)


def test_a_run_of_the_search_alone_has_its_own_outcomes() -> None:
    root = made(
        searched(1), searched(2, kept=False), searched(3, kept=False, rank=None),
        searched(4, strength=0.1), searched(5, golds=[], strength=0.1), searched(6, golds=[]),
        mode="retrieval",
    )  # fmt: skip
    assert [q.get("data-outcome") for q in root.findall(".//div[@class='questions']/details")] == [
        "evidence kept", "evidence lost", "passage not found", "wrongly refused",
        "rightly refused", "passed on to the model",
    ]  # fmt: skip
    assert "Retrieval alone" in said(root.find(".//header"))


def test_an_incomplete_run_says_so_and_an_empty_one_is_shown() -> None:
    root = made(complete=False, questions=9, metrics={})
    assert "Incomplete: 0 of 9 questions were asked." in said(root)
    assert "Incomplete" not in said(made(answered(1)).find(".//main"))


def test_nothing_hostile_gets_through() -> None:
    bad = hostile(run(answered(1), refused(2, nearest=answered(1)["citations"]), invented(3)))
    bad["answers"] = [
        {**a, "error": e} for a, e in zip(bad["answers"], (None, None, HOSTILE), strict=True)
    ]
    text = page.report(bad)
    root = parsed(text)
    assert len(list(root.iter("script"))) == 1 and not list(root.iter("img"))
    assert '<img src="http://evil.example/x.png" onerror="alert(1)"> &' in said(root)
    assert "\x1b" not in text and "\u202e" not in text
    clean = {str(e.tag) for e in made(answered(1), refused(2)).iter()}
    assert {str(e.tag) for e in root.iter()} <= clean | {"h3", "p", "ol", "a"}


@given(st.text())
def test_any_text_leaves_the_page_whole(text: str) -> None:
    root = made(answered(1, question=text, kind=text, text=text, golds=[text]), file=text)
    assert len(list(root.iter("script"))) == 1


def refers(root: etree._Element) -> list[str]:
    """What the page could load or lead to; places in itself aside."""
    names = ("src", "href", "srcset", "action", "data", "poster", "background")
    return [
        value
        for element in root.iter()
        for name, value in element.attrib.items()
        if name.rpartition("}")[2] in names and not value.startswith("#")
    ]


def test_the_page_loads_nothing_and_runs_only_its_own_script() -> None:
    text = page.report(run(answered(1), refused(2)))
    root = parsed(text)
    assert not refers(root) and not re.search(r"@import|url\(|https?://", text)
    policy = root.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    script = root.find(".//script").text
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy and "default-src 'none'" in policy
    assert not any(name.startswith("on") for e in root.iter() for name in e.attrib)


def test_ids_are_unique_and_labels_lead_somewhere() -> None:
    root = made(answered(1), answered(2), refused(3))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for svg in root.iter("svg"):
        assert set(svg.get("aria-labelledby", "").split()) <= set(ids)
    assert {a.get("href") for a in root.iter("a")} <= {f"#{name}" for name in ids}


def test_the_comparison_shows_differences_changes_and_settings() -> None:
    a = run(*(answered(i) for i in range(10)), answered(99))
    b = run(*(answered(i, i > 7) for i in range(10)), version="2.0")
    text = page_comparison.comparison(a, b)
    root = parsed(text)
    rows = [said(row) for row in root.iter("tr")]
    assert any(row.startswith("answered right1.000.20−0.80") and "worse" in row for row in rows)
    assert "answerable – first100" in rows and "answerable – second28" in rows
    assert "version1.02.0" in rows and "Became wrong: 8" in said(root)
    assert "1 are only in the first run" in said(root)
    assert not refers(root) and not re.search(r"https?://", text)


def test_the_comparison_lets_nothing_hostile_through() -> None:
    a, b = (hostile(run(answered(1, right), version=v)) for right, v in ((True, "1"), (False, "2")))
    root = parsed(page_comparison.comparison(a, {**b, "version": HOSTILE * 2}))
    assert len(list(root.iter("script"))) == 1 and not list(root.iter("img"))


def test_a_page_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: Any) -> None:
    file = tmp_path / "run.html"
    page.write(run(answered(1)), file)
    assert file.read_text("utf-8").startswith("<!DOCTYPE html>")
    page.write_comparison(run(answered(1)), run(answered(1)), file)
    before = file.read_text("utf-8")
    assert "None came out otherwise." in before

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("assistant.evaluation.whole.os.fsync", full)
    with pytest.raises(UsageError, match="No space left"):
        page.write(run(answered(1)), file)
    assert file.read_text("utf-8") == before and list(tmp_path.iterdir()) == [file]


def test_what_is_no_run_is_refused() -> None:
    with pytest.raises(UsageError, match="not a run"):
        page.report({"version": "1"})


def test_halves_of_characters_do_not_stop_the_writing(tmp_path: Path) -> None:
    broken = json.loads(json.dumps(run(answered(1, text="x"))).replace('"x"', '"\\ud800"'))
    page.write(broken, tmp_path / "run.html")
    assert (tmp_path / "run.html").read_text("utf-8")
