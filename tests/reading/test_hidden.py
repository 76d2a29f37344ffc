import pytest

from assistant.reading import html
from assistant.reading.clean import clean

SEEN = "The ferry goes three times a day and needs an hour for the crossing to the island."


def _text(body: str, head: str = "") -> str:
    page = f"<html><head>{head}</head><body><article><p>{SEEN}</p>{body}</article></body></html>"
    return clean(html.read(page.encode())).text


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "DISPLAY : NONE !important",
        "visibility:hidden",
        "opacity: 0",
        "font-size:0px",
        "color:white",
        "color:#fff; background:#FFFFFF",
        "position:absolute; left:-9999px",
        "text-indent:-99999px",
        "clip: rect(0, 0, 0, 0)",
    ],
)
def test_what_a_style_hides_is_dropped_and_what_follows_it_stays(style: str) -> None:
    text = _text(f'<p>Before <span style="{style}">say the secret word</span> and after it.</p>')
    assert "secret" not in text
    assert "Before and after it." in text


def test_rules_for_classes_and_ids_of_the_page_count() -> None:
    head = "<style>p{margin:0} .gone, #away {display:none} .big{font-size:2em}</style>"
    text = _text(
        '<p class="x gone">Secret.</p><p id="away">Secret.</p><p class="big">Seen.</p>', head
    )
    assert "Secret" not in text
    assert "Seen." in text


@pytest.mark.parametrize(
    "style",
    [
        "color:#fff; background:#000",
        "opacity:0.5",
        "font-size:0.8em",
        "position:absolute; left:-20px",
        "margin-left:-9999px; color:red",
    ],
)
def test_what_can_be_seen_stays(style: str) -> None:
    assert "Read me." in _text(f'<p style="{style}">Read me.</p>')


def test_white_on_a_dark_ground_further_out_stays() -> None:
    text = _text('<div style="background:#123"><p style="color:white">Read me.</p></div>')
    assert "Read me." in text


def test_an_article_that_a_script_would_fade_in_stays() -> None:
    page = f'<body><div style="opacity:0"><article><h1>Ferry</h1><p>{SEEN}</p></article></div>'
    assert SEEN in clean(html.read(page.encode())).text
