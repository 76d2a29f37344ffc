import pytest

from assistant.answering.kind import differs

WALL = "Forty kilometres of hedge around Melby were laid in six winters, all by pensioners."
OTTERS = "Badgers have been heard on the Lenne for the first time in thirty-one years."


@pytest.mark.parametrize(
    ("question", "answer", "cited"),
    [
        # a number of something else, or none at all
        ("How many badgers live on the Lenne?", OTTERS, OTTERS),
        ("How many pensioners laid the hedges of Melby?", "Forty pensioners laid them.", WALL),
        ("How many guests came to Melby?", "The guests came to Melby by train.", WALL),
        ("How many members are there?", "The members have met since 1988.", "Members since 1988."),
        # neither a measure nor a time nor a name
        ("How long are the tunnels of Norby?", "There are now five tunnels in Norby.", ""),
        ("How long did Charles close them?", "Charles closed them in December 1675.", ""),
        ("How old is the mill of Norby?", "The mill of Norby stands by the river.", ""),
        ("How much did the harp cost?", "The harp cost 1911.", "They bought a harp from 1911."),
        ("What does the harp cost?", "The harp costs 1911.", "They bought a harp from 1911."),
        ("When was the mill built?", "The mill was built of oak.", ""),
        ("Since when has it been used?", "It has found other uses.", ""),
        ("Who painted the gate of Norby?", "The gate of Norby was painted in 1730.", ""),
        ("Which television cook liked it?", "A television cook liked it on Sunday.", ""),
    ],
)
def test_an_answer_of_another_kind(question: str, answer: str, cited: str) -> None:
    assert differs(question, answer, cited)


@pytest.mark.parametrize(
    ("question", "answer", "cited"),
    [
        ("How many kilometres were laid?", "Forty kilometres of hedge were laid.", WALL),
        ("How many winters did it take?", "It took 6 winters.", WALL),
        # what is counted stands before the number, or under another word
        ("How many copies have survived?", "49 survive.", "Of these copies, 49 survive."),
        ("How many people live there?", "It has 340 inhabitants.", "It has 340 inhabitants."),
        ("How much did it cost?", "It cost 2000 euros.", ""),
        ("How much did it cost?", "It cost $2000.", ""),
        ("How much did it cost?", "In 1911 it cost 31 million.", ""),
        ("How much did it cost?", "The town paid for it.", ""),
        ("What did the town pay for in 1911?", "It paid for the bridge in 1911.", ""),
        ("How many are left?", "Dozens are left.", "Dozens are left."),
        ("How many of them came?", "None of them came.", "None came."),
        ("How many came in all?", "15 million came.", "Some 15 million visitors came in all."),
        ("How many members has it?", "It had 340.", "It had 340 last year, and many members left."),
        ("How many people died?", "12 miners died.", "12 miners died, and people wept."),
        ("How many years did it stand?", "It stood for two decades.", "It stood two decades."),
        ("How many soldiers came?", "1,450 came.", "Of the soldiers 1,450 came."),
        (
            "Who found out how many moons it has?",
            "Ada Falk found it out.",
            "Ada Falk found it out.",
        ),
        ("What decides how fast it flows?", "The slope decides how fast it flows.", ""),
        ("When was it closed and why?", "It was closed because of cracks.", ""),
        ("When is the market?", "The market is held on Saturdays.", ""),
        ("When was the road built?", "The road was built in Roman times.", ""),
        ("How often does it meet?", "It meets regularly.", ""),
        ("How often is it shown?", "It is shown on Mondays.", ""),
        ("How long did he reign?", "He reigned from 1660 to 1685.", ""),
        ("How old is the mill?", "The mill dates to 1180.", ""),
        ("How old was he when he died?", "He was eighteen when he died.", ""),
        ("How high is the share of homes?", "The share is 85% of homes.", ""),
        ("How wide is the long tunnel?", "The long tunnel is 12 inches wide.", ""),
        ("How tall is it?", "It is 5,895 m tall.", ""),
        ("How long was the wall?", "The wall was 155 kilometres long.", ""),
        ("How long was the wall?", "The wall was 155 long.", ""),
        ("How long did it last?", "It lasted until the autumn.", ""),
        ("How far can it be seen?", "It can be seen 21 sea miles away.", ""),
        ("How high is it?", "It is higher than the church.", ""),
        ("When was the mill built?", "It was built after the flood.", ""),
        ("Who found the boat?", "Two fishermen found the boat.", ""),
        ("Which television cook liked it?", "The television cook Ada Falk liked it.", ""),
        ("Which television cook liked it?", "A television cook named Ada Falk liked it.", ""),
        ("Which television cook liked it?", "A television cook named A\u030adil liked it.", ""),
        # each sentence may answer another of two questions
        ("Who built it? When was it built?", "It was built in 1730.", ""),
        ("Wie viele Dachse gibt es?", "Es gibt Dachse.", ""),
        ("Why was it closed?", "It was closed because of cracks.", ""),
    ],
)
def test_an_answer_of_the_kind_that_is_asked_for(question: str, answer: str, cited: str) -> None:
    assert not differs(question, answer, cited)
