import pytest

from assistant.answering.repeats import says_nothing


@pytest.mark.parametrize(
    ("question", "text", "empty"),
    [
        ("How much of the haze is due to smoke?", "The haze is due to smoke.", True),
        ("How much of the haze is due to smoke?", "Half of the haze is due to smoke.", False),
        ("Is the haze due to smoke?", "The haze is due to smoke.", False),
        ("Is it due to smoke or to dust?", "It is due to dust.", False),
        ("In what year was the bridge closed?", "The bridge was closed in 2019.", False),
        ("Who won the game between Ulm and Rott?", "Ulm won the game between Ulm and Rott.", False),
        ("Who won the game between Ulm and Rott?", "Ulm won the game.", False),
        ("Who won the game between Ulm and Rott?", "Ulm and Rott won the game.", True),
        ("Which of Ulm and the Rott won?", "Ulm won.", False),
        ("Who won, of Saint-Denis and Rott?", "Saint-Denis won.", False),
        (
            "What happened in the war between the king of Ulm and the king of Rott?",
            "There was a war between the king of Ulm and the king of Rott.",
            True,
        ),
        ("In 2019, was the bridge closed?", "The bridge was closed in 2019.", False),
        ("Wasn't the bridge closed?", "The bridge was closed.", False),
        ("What, beside rain, is an event?", "Rain is an event.", True),
    ],
)
def test_a_sentence_that_only_repeats_the_question(question: str, text: str, empty: bool) -> None:
    assert says_nothing(question, text) == empty
