from __future__ import annotations

import re
import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.when import Period, newest, parse_day, period

TODAY = date(2026, 5, 14)  # a Thursday


def told(span: str) -> Period:
    """`2026-05-04..2026-05-10`, either side may be empty."""
    since, until = (date.fromisoformat(day) if day else None for day in span.split(".."))
    return Period(since, until)


@pytest.mark.parametrize(
    ("question", "span"),
    [
        ("What happened yesterday?", "2026-05-13..2026-05-13"),
        ("What was decided the day before yesterday?", "2026-05-12..2026-05-12"),
        ("What happened last night?", "2026-05-13..2026-05-13"),
        ("What did the minister say this morning?", "2026-05-14..2026-05-14"),
        ("What is new about the reef this week?", "2026-05-11..2026-05-17"),
        ("What has happened this month?", "2026-05-01..2026-05-31"),
        ("What did the bank do this year?", "2026-01-01..2026-12-31"),
        ("What happened last week?", "2026-05-04..2026-05-10"),
        ("last week, what happened?", "2026-05-04..2026-05-10"),
        ("Last week there was a storm. Where?", "2026-05-04..2026-05-10"),
        ("Summarise the articles from last month.", "2026-04-01..2026-04-30"),
        ("Which companies merged last year?", "2025-01-01..2025-12-31"),
        ("What happened in the last week?", "2026-05-07..2026-05-14"),
        ("What happened over the past month?", "2026-04-14..2026-05-14"),
        ("What was said in the last 3 days?", "2026-05-11..2026-05-14"),
        ("What changed in the past two years?", "2024-05-14..2026-05-14"),
        ("Who resigned in the last 48 hours?", "2026-05-12..2026-05-14"),
        ("What happened in the last few weeks?", "2026-04-09..2026-05-14"),
        ("What did they find in the past days?", "2026-05-09..2026-05-14"),
        ("What happened 3 days ago?", "2026-05-11..2026-05-11"),
        ("What happened two weeks ago?", "2026-04-27..2026-05-03"),
        ("Who resigned a month ago?", "2026-04-01..2026-04-30"),
        ("What happened last Monday?", "2026-05-11..2026-05-11"),
        ("What happened last Thursday?", "2026-05-07..2026-05-07"),
        ("What did they agree on last March?", "2026-03-01..2026-03-31"),
        ("What did they agree on last May?", "2025-05-01..2025-05-31"),
        ("What has happened since Monday?", "2026-05-11.."),
        ("What has happened since March?", "2026-03-01.."),
        ("What has happened since June?", "2025-06-01.."),
        ("What has been decided since 20 April?", "2026-04-20.."),
        ("What has happened since yesterday?", "2026-05-13.."),
        ("What has changed since last week?", "2026-05-04.."),
        ("What was known before last week?", "..2026-05-03"),
        ("What was known until yesterday?", "..2026-05-13"),
        ("What came out after last month?", "2026-05-01.."),
    ],
)
def test_told_from_today(question: str, span: str) -> None:
    assert period(question, TODAY) == told(span)


@pytest.mark.parametrize(
    ("question", "span"),
    [
        ("Was ist gestern passiert?", "2026-05-13..2026-05-13"),
        ("Was wurde vorgestern beschlossen?", "2026-05-12..2026-05-12"),
        ("Was ist heute passiert?", "2026-05-14..2026-05-14"),
        ("Was wurde heute gemeldet?", "2026-05-14..2026-05-14"),
        ("Was gibt es heute Neues?", "2026-05-14..2026-05-14"),
        ("Was ist am Montag passiert?", "2026-05-11..2026-05-11"),
        ("Was geschah letzte Woche?", "2026-05-04..2026-05-10"),
        ("Was geschah in der letzten Woche?", "2026-05-04..2026-05-10"),
        ("Was geschah vergangenen Monat?", "2026-04-01..2026-04-30"),
        ("Was änderte sich im letzten Jahr?", "2025-01-01..2025-12-31"),
        ("Was änderte sich in diesem Jahr?", "2026-01-01..2026-12-31"),
        ("Was geschah diese Woche?", "2026-05-11..2026-05-17"),
        ("Was geschah in den letzten drei Tagen?", "2026-05-11..2026-05-14"),
        ("Was geschah in den letzten Tagen?", "2026-05-09..2026-05-14"),
        ("Was geschah vor zwei Wochen?", "2026-04-27..2026-05-03"),
        ("Was hat sich seit drei Tagen getan?", "2026-05-11..2026-05-14"),
        ("Was ist seit Mai geschehen?", "2026-05-01.."),
        ("Was ist seit letzter Woche geschehen?", "2026-05-04.."),
        ("Was ist seit Montag geschehen?", "2026-05-11.."),
        ("Was wurde 2021 berichtet?", "2021-01-01..2021-12-31"),
        ("Was wurde im Jahr 2021 über Island berichtet?", "2021-01-01..2021-12-31"),
        ("Welche Artikel wurden im Mai 2023 veröffentlicht?", "2023-05-01..2023-05-31"),
        ("Gibt es Berichte aus dem Jahr 2021?", "2021-01-01..2021-12-31"),
        ("Welche Artikel vor 2020 gibt es?", "..2019-12-31"),
        ("Nenne Nachrichten vom 5. Mai 2023.", "2023-05-05..2023-05-05"),
        ("Nenne Meldungen vom 05.05.2023.", "2023-05-05..2023-05-05"),
        ("Gibt es Artikel zwischen 2019 und 2021?", "2019-01-01..2021-12-31"),
        ("Was sagen die Artikel von März bis Mai 2023?", "2023-03-01..2023-05-31"),
    ],
)
def test_german(question: str, span: str) -> None:
    assert period(question, TODAY) == told(span)


@pytest.mark.parametrize(
    ("question", "span"),
    [
        ("What do articles from May 2023 say about coffee?", "2023-05-01..2023-05-31"),
        ("Summarise the articles from 2021.", "2021-01-01..2021-12-31"),
        ("What do the articles from 2021 say?", "2021-01-01..2021-12-31"),
        ("Is there news from 5 May 2023?", "2023-05-05..2023-05-05"),
        ("Is there news from May 5th, 2023?", "2023-05-05..2023-05-05"),
        ("Is there any news from Monday?", "2026-05-11..2026-05-11"),
        ("Summarise the coverage from May 2023 of the strike.", "2023-05-01..2023-05-31"),
        ("Is there any coverage before 2020?", "..2019-12-31"),
        ("What do reports from before last week say?", "..2026-05-03"),
        ("Which reports published after 2020 mention ice?", "2021-01-01.."),
        ("Which articles were published since March?", "2026-03-01.."),
        ("Which articles were published since 2024-05-01?", "2024-05-01.."),
        ("Which articles were published on 1 May 2024?", "2024-05-01..2024-05-01"),
        ("Which articles were written in 2024-05?", "2024-05-01..2024-05-31"),
        ("Articles published between 2019 and 2021?", "2019-01-01..2021-12-31"),
        ("Articles published from March 2019 to May 2021?", "2019-03-01..2021-05-31"),
        ("Articles from 2020 onwards?", "2020-01-01.."),
        ("Articles from the 1990s?", "1990-01-01..1999-12-31"),
        ("Articles up to 2020?", "..2020-12-31"),
        ("What was reported in 2021?", "2021-01-01..2021-12-31"),
        ("What was reported in 2021 about the vault?", "2021-01-01..2021-12-31"),
        ("Has anything been published since March?", "2026-03-01.."),
        ("What did the news report in June?", "2025-06-01..2025-06-30"),
        ("What do the 2021 articles say?", "2021-01-01..2021-12-31"),
        ("In 2021, what was reported about Suez?", "2021-01-01..2021-12-31"),
        ("In May 2023, which articles dealt with bees?", "2023-05-01..2023-05-31"),
        ("What are today's headlines?", "2026-05-14..2026-05-14"),
        ("What is in last week's articles?", "2026-05-04..2026-05-10"),
        ("Which articles were published today?", "2026-05-14..2026-05-14"),
        ("What happened today?", "2026-05-14..2026-05-14"),
        ("What happened on Monday?", "2026-05-11..2026-05-11"),
    ],
)
def test_said_of_articles(question: str, span: str) -> None:
    assert period(question, TODAY) == told(span)


@pytest.mark.parametrize(
    ("question", "span"),
    [
        ("What damage did last week's storm do?", "2026-05-04.."),
        ("Who won last year's final?", "2025-01-01.."),
        ("Who fled before last week's storm?", "..2026-05-10"),
    ],
)
def test_event_is_told_of_later_too(question: str, span: str) -> None:
    assert period(question, TODAY) == told(span)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "What happened in 1912?",
        "Who won the 2018 final?",
        "What happened on 9 November 1989?",
        "What happened since 1945?",
        "How has Berlin changed since 1990?",
        "How has it changed since March 2011?",
        "What was the city called before 2020?",
        "Who ruled between 1939 and 1945?",
        "What happened in May?",
        "What book did Darwin publish in 1859?",
        "Which novel was published in 1859?",
        "How many cases were reported in 2021?",
        "What article was published in 1937?",
        "Which article of the treaty was added in 1949?",
        "What do the articles say about what happened in 2018?",
        "What do the articles say about 1912?",
        "Which articles are about the war in 2014?",
        "Which articles discuss 2018?",
        "What do articles on the 2018 final say?",
        "Is there news from the 2018 final?",
        "Which articles may be wrong?",
        "What do the IPCC reports from 2007 say?",
        "What has ABC News since 1978 been called?",
        "What was reported about the sinking in 1912?",
        "What is the latest on the telescope?",
        "What are the most recent findings?",
        "What do recent articles say?",
        "What has happened recently?",
        "What is coffee used for today?",
        "Is the bridge still standing today?",
        "How large is New York today?",
        "According to the articles, how is it made today?",
        "Which of today's methods is the best?",
        "What does USA Today report?",
        "Is the museum open on Monday?",
        "What happened on Monday, 24 October 1929?",
        "What happened in the last week of the war?",
        "What happened in the last days of Pompeii?",
        "What did he do the last year before his death?",
        "What did she write in her last year?",
        "What were Napoleon's last two years like?",
        "Where did he live the last three years that he was king?",
        "How has the climate changed in the last 100 years?",
        "How has the climate changed in the last decade?",
        "Who were the last 5 presidents?",
        "Which dinosaurs lived 66 million years ago?",
        "What happened two years ago?",
        "Who was born 100 years ago?",
        "What happened 3 days after the sinking?",
        "Who hosts Last Week Tonight?",
        "Who wrote the song Yesterday?",
        'Who wrote "Yesterday"?',
        "How long does a week last?",
        "When was the paper last published?",
        "What happened this week in 1969?",
        "How long is a day on Mars?",
        "Who was Pope last?",
        "Was geschah 1989?",
        "Wer war im Jahr 1912 König?",
        "Wie hat sich Berlin seit 1990 verändert?",
        "Was geschah in der letzten Woche des Krieges?",
        "Was tat er in seinem letzten Jahr?",
        "Wofür wird es heute benutzt?",
        "Welche Brücke steht noch heute?",
        "Was geschah vor 100 Jahren?",
        "Was war vor 2020 anders?",
        "Was ist das Neueste über Island?",
        "Was regelt Artikel 5 von 1949?",
        "Articles from 2021 to 2019?",
        "Articles from 31.02.2021?",
        "What happened 9999 months ago?",
        "in 2018",
        "And in 2018?",
    ],
)
def test_no_time_of_publication(question: str) -> None:
    assert period(question, TODAY) is None


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest on the telescope?",
        "What are the most recent findings?",
        "What has been found recently?",
        "What is the newest model?",
        "Who is the current president?",
        "Who is currently president?",
        "How many are there these days?",
        "Was ist das Neueste über Island?",
        "Was sagt der neueste Bericht?",
        "Was wurde zuletzt gefunden?",
        "Wie ist der aktuelle Stand?",
        "Wer ist aktuell Präsident?",
    ],
)
def test_newest(question: str) -> None:
    assert newest(question)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Who won the 2018 final?",
        "When must they be gone at the latest?",
        "What is the latest possible date?",
        "Which is more recent, the vault or the tunnel?",
        "How strong is the current in the canal?",
        "What is alternating current used for?",
        "Who won the war of the currents?",
        "What is a current?",
        "What is the most recent common ancestor of both?",
        "What did they last publish?",
        "Which valves do recent engines use?",
        "What happened last week?",
    ],
)
def test_not_newest(question: str) -> None:
    assert not newest(question)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-01-31", "2026-01-31", "2026-01-31"),
        (" 2024-02 ", "2024-02-01", "2024-02-29"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("31.01.2026", "2026-01-31", "2026-01-31"),
        ("May 2023", "2023-05-01", "2023-05-31"),
        ("5 May 2023", "2023-05-05", "2023-05-05"),
        ("may 5, 2023", "2023-05-05", "2023-05-05"),
        ("May", "2026-05-01", "2026-05-31"),
        ("June", "2025-06-01", "2025-06-30"),
        ("today", "2026-05-14", "2026-05-14"),
        ("Yesterday", "2026-05-13", "2026-05-13"),
        ("monday", "2026-05-11", "2026-05-11"),
        ("thursday", "2026-05-07", "2026-05-07"),
        ("last monday", "2026-05-11", "2026-05-11"),
        ("this month", "2026-05-01", "2026-05-31"),
        ("last week", "2026-05-04", "2026-05-10"),
        ("last  month", "2026-04-01", "2026-04-30"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("past week", "2026-05-07", "2026-05-14"),
        ("last 3 days", "2026-05-11", "2026-05-14"),
        ("last 10 years", "2016-05-14", "2026-05-14"),
        ("3 days ago", "2026-05-11", "2026-05-11"),
        ("2 weeks ago", "2026-04-30", "2026-04-30"),
        ("a month ago", "2026-04-14", "2026-04-14"),
        ("2 years ago", "2024-05-14", "2024-05-14"),
        ("gestern", "2026-05-13", "2026-05-13"),
        ("letzte Woche", "2026-05-04", "2026-05-10"),
        ("vor 3 Tagen", "2026-05-11", "2026-05-11"),
    ],
)
def test_day_of_an_option(text: str, first: str, last: str) -> None:
    assert parse_day(text, TODAY) == date.fromisoformat(first)
    assert parse_day(text, TODAY, last=True) == date.fromisoformat(last)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "soon", "2026-13", "2026-02-30", "0000", "20260131", "99", "31", "3 days"),
        *("9999 years", "99999 weeks ago", "last", "03/04/2025", "since March", "recently"),
        "what happened today",
    ],
)
def test_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r"names no day; write 2026-01-31.*3 days ago"):
        parse_day(text, TODAY)


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        (date(2026, 3, 31), "1 month ago", date(2026, 2, 28)),
        (date(2024, 2, 29), "1 year ago", date(2023, 2, 28)),
        (date(2026, 1, 15), "last month", date(2025, 12, 1)),
        (date(2026, 1, 1), "last week", date(2025, 12, 22)),
        (date(2026, 1, 15), "14 months ago", date(2024, 11, 15)),
    ],
)
def test_turns_of_month_and_year(today: date, text: str, day: date) -> None:
    assert parse_day(text, today) == day


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)))
def test_every_day_in_iso_form(day: date) -> None:
    assert parse_day(day.isoformat(), TODAY) == day


@given(st.dates(), st.sampled_from(["last week", "this month", "the last 3 days", "yesterday"]))
def test_told_from_any_day(today: date, words: str) -> None:
    found = period(f"What happened {words}?", today)
    if found is None:
        assert today < date.min + timedelta(days=40)
    else:
        assert found.since and found.until and found.since <= found.until
        assert found.since <= today


PIECES = st.sampled_from(
    re.findall(
        r"\S+",
        """since last past the 3 three days week ago articles news from May 2023 before between and
        in on Monday today yesterday 's of 31 2021 9999 0000 seit letzten Tagen vor Woche was wurde
        berichtet what reported published , ? . March 5th 1990s 2024-05-31 2024-99 current""",
    )
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map(" ".join)), st.dates())
def test_any_question(question: str, today: date) -> None:
    found = period(question, today)
    assert found is None or found.since or found.until
    newest(question)
    try:
        parse_day(question, today)
    except ValueError as error:
        assert "names no day" in str(error)


def test_hostile_questions_take_no_time() -> None:
    start = time.process_time()
    for words in ("that was ", "the ", "articles ", " ", "was wurde 2021 über ", "from 2021 to "):
        period(words * 1_000, TODAY)
        period("articles " + words * 1_000, TODAY)
    assert time.process_time() - start < 3
