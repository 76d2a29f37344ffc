"""Folders and feeds that are kept up to date: the list of them, and looking at them now."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.adding import is_address
from assistant.errors import AssistantError
from assistant.records import Followed
from assistant.ui import words
from assistant.ui.parts import IN_TURN, QUIET, box, clipped, isolated, listening, part, trouble
from assistant.ui.reasons import reason
from assistant.ui.watcher import Look, Watcher
from assistant.ui.words import Words, label

if TYPE_CHECKING:
    from assistant.app import App


@dataclass(frozen=True)
class Following:
    """The handlers behind “Keep up to date”."""

    app: App
    watcher: Watcher

    def list(self, request: gr.Request) -> str:
        say = self._say(request)
        try:
            return listed(self.app.library.followed(), self.watcher.last, say)
        except AssistantError as error:
            return trouble(say.error(error))

    def follow(self, target: str, request: gr.Request) -> tuple[Any, str]:
        """Returns (what is in the box, what is followed); what was typed stays where it failed."""
        say, target = self._say(request), target.strip()
        if not target:
            return gr.skip(), self.list(request)
        if request.username and not is_address(target):
            # Whoever logs in from elsewhere must not read this machine's files.
            said = say("Folders are followed on the machine itself: assistant follow FOLDER")
            return gr.skip(), trouble(said) + self.list(request)
        try:
            self.app.follow(target)
        except AssistantError as error:
            return gr.skip(), trouble(say.error(error)) + self.list(request)
        return "", self.list(request)

    def unfollow(self, request: gr.Request, event: gr.EventData) -> str:
        try:
            self.app.library.unfollow(str(event.id))
        except AssistantError as error:
            return trouble(self._say(request).error(error)) + self.list(request)
        return self.list(request)

    def _say(self, request: gr.Request) -> Words:
        return words.of(request, self.app.settings.language)


def listed(followed: list[Followed], last: Look | None, say: Words) -> str:
    """What is followed, each with a way to end it, and when it was looked at."""
    if not followed:
        said = say("Nothing is followed yet. What is followed is looked at every few minutes.")
        return f'<p class="hint">{escape(said)}</p>'
    rows = "".join(_row(each, say) for each in followed)
    return f'<ul class="followed">{rows}</ul>{_looked(last, say)}'


def _row(followed: Followed, say: Words) -> str:
    title = clipped(followed.title or followed.place, 120)
    label = escape(say("Follow “{title}” no more", title=isolated(title)))
    return (
        f"<li><span><b><bdi>{escape(title)}</bdi></b>"
        f"<small><bdi>{escape(clipped(followed.place, 200))}</bdi></small></span>"
        f'<button type="button" class="quiet" data-unfollow="{escape(followed.place)}"'
        f' aria-label="{label}">{escape(say("End"))}</button></li>'
    )


def _looked(last: Look | None, say: Words) -> str:
    if last is None:
        return f'<p class="hint">{escape(say("Not looked at since the start."))}</p>'
    when = f"{last.at:%H:%M}"
    parts = [say("Last looked at {when}", when=when)]
    parts.append(say.count(last.found, "{n} new", "{n} new") if last.found else say("nothing new"))
    if last.refused:
        parts.append(say.count(last.refused, "{n} not read", "{n} not read"))
    told = f" {reason('', last.message, say)}" if last.message else ""
    return f'<p class="hint">{escape(": ".join([parts[0], ", ".join(parts[1:])]) + "." + told)}</p>'


@dataclass(frozen=True)
class Place:
    """What stands on the page for it."""

    followed: gr.HTML
    target: gr.Textbox
    follow: gr.Button
    look: gr.Button


def lay_out() -> Place:
    with gr.Accordion(label("Keep up to date"), open=False, elem_id="follow", elem_classes="fold"):
        followed = part("followed", live=True, js=listening("unfollow"))
        look = gr.Button(label("Look now"), elem_id="look-now")
        with gr.Row(elem_id="follow-place", elem_classes="line"):
            target = box("A folder, or the address of a feed", "Folder or feed")
            follow = gr.Button(label("Follow"), elem_id="follow-go")
    return Place(followed, target, follow, look)


def wire(place: Place, does: Following, look_now: Any, said: gr.HTML) -> list[Any]:
    """The events after which the library may hold more; `said` shows what `look_now` does."""
    target, followed = place.target, place.followed
    begun = gr.on(
        [target.submit, place.follow.click], does.follow, target, [target, followed], **QUIET
    )
    followed.unfollow(does.unfollow, None, followed, **IN_TURN)
    looks = [
        begun.success(look_now, None, said, **QUIET),
        place.look.click(look_now, None, said, **QUIET),
    ]
    return [look.then(does.list, None, followed, **QUIET) for look in looks]
