"""Runs made by hand, in the shape that `assistant evaluate --out` writes."""

from __future__ import annotations

from typing import Any

HOSTILE = '</script><img src="http://evil.example/x.png" onerror="alert(1)"> & \x1b[31m\u202e'


def answered(number: int, right: bool = True, **changes: Any) -> dict[str, Any]:
    """An answer to an answerable question, cited."""
    quote = {"number": 1, "article_id": "a", "title": "The Call", "source": "http://s.example/a"}
    return {
        "id": f"q{number}", "kind": "answerable", "question": f"Question {number}?", "before": [],
        "golds": ["gold"], "article": "The Call", "cites": None, "gold_evidence": [],
        "right": right, "f1": 0.5 if right else 0.0, "cited_right": right, "kept": True, "rank": 2,
        "found": ["The Call"], "evidence": ["It is gold."], "verbatim": [True], "error": None,
        "asked": f"Question {number}?", "text": "It is gold [1].", "refused": False,
        "sentences": [
            {"text": "It is gold.", "citations": [1], "supported": True, "moved": False}
        ],
        "citations": [{**quote, "published": "2024-05-06", "start": 0, "end": 11,
                       "quote": "It is gold."}],
        "nearest": [], "missing": [], "withdrawn": [], "strength": 1.5, "support": 1.5,
        "seconds": {"search": 0.1, "first_token": 2.0, "total": 4.0}, **changes,
    }  # fmt: skip


def refused(number: int, **changes: Any) -> dict[str, Any]:
    """A refused question without an answer in the articles."""
    none: dict[str, Any] = {
        "kind": "near miss", "golds": [], "article": None, "right": None, "f1": None,
        "cited_right": None, "kept": None, "rank": None, "text": "Not found.", "refused": True,
        "sentences": [], "citations": [], "strength": 0.5, "support": None,
    }  # fmt: skip
    return answered(number, **{**none, **changes})


def wrongly_refused(number: int, **changes: Any) -> dict[str, Any]:
    gone: dict[str, Any] = {
        "text": "Not found.", "refused": True, "sentences": [], "citations": [], "support": None
    }  # fmt: skip
    return answered(number, False, **{**gone, **changes})


def invented(number: int, **changes: Any) -> dict[str, Any]:
    """An answer where there is none in the articles."""
    return refused(number, **{"text": "It is lead [1].", "refused": False, **changes})


def searched(number: int, **changes: Any) -> dict[str, Any]:
    """A question that only the search was run for."""
    without = dict.fromkeys(
        ("right", "f1", "cited_right", "text", "refused", "sentences", "citations", "nearest",
         "missing", "withdrawn", "support")
    )  # fmt: skip
    seconds = {"search": 0.1, "first_token": None, "total": None}
    return answered(number, **{**without, "seconds": seconds, **changes})


def run(*answers: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "version": "1.0", "model": {"name": "fake", "sha256": "12ab"},
        "settings": {"refuse_below": 0.8, "support_below": 1.1, "store": "/here"},
        "library": {"articles": 3, "passages": 5, "sentences": 9}, "file": "questions.jsonl",
        "started": "2026-11-22T14:55:21+00:00", "seconds": 75.0, "complete": True,
        "mode": "answers", "asked": len(answers), "questions": len(answers),
        "metrics": {
            "answered right": {"rate": 0.75, "hits": 3, "n": 4, "low": 0.3, "high": 0.95},
            "wrongly refused": {"rate": None, "hits": 0, "n": 0, "low": None, "high": None},
            "token F1": {"mean": 0.625, "n": 4},
            "seconds: whole answer": {"median": 4.25, "p95": 9.5, "n": 3},
        },
        "answers": list(answers), **changes,
    }  # fmt: skip
