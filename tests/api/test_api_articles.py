from __future__ import annotations

import httpx
import pytest
from fake_app import CALL, FakeApp

from assistant.api import shapes


def test_articles_are_listed_in_parts(client: httpx.Client, app: FakeApp) -> None:
    first = client.get("/api/articles", params={"limit": 2}).json()
    rest = client.get("/api/articles", params={"limit": 2, "offset": 2}).json()
    shapes.Articles.model_validate(first)
    assert first["total"] == rest["total"] == 3
    ids = [each["id"] for each in first["articles"] + rest["articles"]]
    assert ids == ["frost002", "evil0003", "call0001"]
    app.tag_all()
    farming = client.get("/api/articles", params={"tag": "farming"}).json()
    assert [each["id"] for each in farming["articles"]] == ["frost002"]


def test_an_article_is_shown_and_removed(client: httpx.Client, app: FakeApp) -> None:
    shown = client.get("/api/articles/call").json()
    shapes.Article.model_validate(shown)
    assert shown == CALL.as_json()
    assert client.delete("/api/articles/call").status_code == 404  # for good: by the whole id
    assert client.delete("/api/articles/call0001").status_code == 204
    gone = client.get("/api/articles/call0001")
    assert gone.status_code == 404 and "call0001" in gone.json()["error"]


def test_a_text_is_added_once(client: httpx.Client, app: FakeApp) -> None:
    new = {"text": "Moss has no roots. It drinks with its leaves.", "title": "Moss"}
    added = client.post("/api/articles", json=new)
    shapes.AddedAll.model_validate(added.json())
    [result] = added.json()["results"]
    assert (result["status"], result["article"]["title"]) == ("added", "Moss")
    [again] = client.post("/api/articles", json=new).json()["results"]
    assert again["status"] == "same"


def test_a_file_is_added_whatever_its_name(client: httpx.Client, app: FakeApp) -> None:
    for name, source in (("moss.txt", "upload:moss.txt"), ("../../etc/..", "upload:file")):
        files = {"file": (name, f"Of {source} grows moss.".encode())}
        [result] = client.post("/api/articles/file", files=files).json()["results"]
        assert (result["status"], result["source"]) == ("added", source)
    refused = client.post("/api/articles/file", files={"file": ("empty.txt", b"")})
    assert refused.status_code == 422
    assert refused.json()["error"] == "empty.txt is empty"  # without the folder that it lay in


@pytest.mark.parametrize("url", ["/etc/passwd", "file:///etc/passwd", "notes.txt", ""])
def test_no_path_of_the_machine_is_read(client: httpx.Client, app: FakeApp, url: str) -> None:
    refused = client.post("/api/articles", json={"url": url})
    assert refused.status_code == 422 and "no web address" in refused.json()["error"]


@pytest.mark.parametrize("new", [{}, {"text": "a", "url": "https://a.example"}, {"path": "/etc"}])
def test_it_is_either_a_text_or_an_address(client: httpx.Client, app: FakeApp, new: dict) -> None:  # type: ignore[type-arg]
    assert client.post("/api/articles", json=new).status_code == 422


def test_too_much_is_refused_whether_it_says_so_or_not(client: httpx.Client, app: FakeApp) -> None:
    piece = b"x" * 1_000_000
    headers = {"content-type": "application/json"}
    said = client.post("/api/articles", content=piece * 41, headers=headers)
    assert said.status_code == 413 and "max_file_mb" in said.json()["error"]
    unsaid = client.post("/api/articles", content=(piece for _ in range(41)), headers=headers)
    assert unsaid.status_code == 413 and "max_file_mb" in unsaid.json()["error"]


def test_the_api_describes_itself(client: httpx.Client) -> None:
    described = client.get("/api/openapi.json").json()
    assert described["servers"] == [{"url": "/api"}]
    assert {"/ask", "/search", "/articles", "/articles/{id}"} <= set(described["paths"])
    assert "Answer" in described["components"]["schemas"]
    assert described["paths"]["/ask"]["post"]["description"].startswith("Answer a question")
    assert client.get("/api/docs").status_code == 404
