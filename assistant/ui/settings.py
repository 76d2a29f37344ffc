"""The tab with the settings that matter."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant import assets, config
from assistant.errors import AssistantError
from assistant.ui.articles import trouble

if TYPE_CHECKING:
    from assistant.app import App

_INFO = {
    "model": "An installed model, or the path of a .gguf file.",
    "evidence_tokens": "How much of the articles the model reads for a question, in tokens. "
    "More takes longer.",
    "answer_tokens": "The longest answer, in tokens. A token is about three quarters of a word.",
    "refuse_below": "A question whose best passage scores less is refused at once. 0 turns it off.",
}


def model_names(app: App) -> list[str]:
    """The language models on this machine, the one in use first."""
    folder = app.settings.models
    found = [
        name
        for name, asset in assets.assets().items()
        if asset.kind == "llm" and assets.installed(asset, folder)
    ]
    current = app.settings.model
    return [current, *(name for name in found if name != current)]


def save(app: App, model: str, evidence: float, answer: float, refuse_below: float) -> str:
    """Store the settings and let them hold from the next question on; returns what to say."""
    try:
        model = (model or "").strip()
        if model != app.settings.model:
            model = assets.llm_setting(model, app.settings.models)
        changed = config.save(
            app.settings,
            model=model,
            evidence_tokens=int(evidence),
            answer_tokens=int(answer),
            refuse_below=float(refuse_below),
        )
        app.apply(changed)
    except AssistantError as error:
        return trouble(str(error))
    return '<div class="report"><p>Saved. The next question uses it.</p></div>'


def _facts(app: App) -> str:
    rows = [
        ("Articles and index", str(app.settings.store)),
        ("Model files", str(app.settings.models)),
        ("Settings", str(config.settings_file(app.settings.store))),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in rows)
    return (
        f'<section class="facts"><h2>Where your data lies</h2><dl>{listed}</dl></section>'
        '<section class="facts"><h2>What leaves this machine</h2><p>Nothing. The models run here,'
        " the page is reachable from here alone, and it asks no other host for anything.</p>"
        "</section>"
    )


def build(app: App) -> None:
    settings = app.settings
    gr.HTML("<h1>Settings</h1>", apply_default_css=False, js_on_load=None)
    model = gr.Dropdown(
        model_names(app), value=settings.model, label="Language model", info=_INFO["model"],
        allow_custom_value=True, elem_id="set-model",
    )  # fmt: skip
    evidence = gr.Number(
        settings.evidence_tokens, label="Evidence", info=_INFO["evidence_tokens"],
        minimum=50, maximum=8000, precision=0, elem_id="set-evidence",
    )  # fmt: skip
    answer = gr.Number(
        settings.answer_tokens, label="Answer", info=_INFO["answer_tokens"],
        minimum=16, maximum=4000, precision=0, elem_id="set-answer",
    )  # fmt: skip
    refuse = gr.Number(
        settings.refuse_below, label="Refuse below", info=_INFO["refuse_below"],
        minimum=0, maximum=2, step=0.05, elem_id="set-refuse",
    )  # fmt: skip
    button = gr.Button("Save", variant="primary", elem_id="save-settings")
    said = gr.HTML(
        "", html_template='<div aria-live="polite">${value}</div>', elem_id="settings-said",
        apply_default_css=False, js_on_load=None,
    )  # fmt: skip
    gr.HTML(_facts(app), apply_default_css=False, js_on_load=None, elem_id="facts")

    def saved(*values: Any) -> str:
        return save(app, *values)

    button.click(
        saved, [model, evidence, answer, refuse], said,
        show_progress="hidden", api_visibility="private",
    )  # fmt: skip
