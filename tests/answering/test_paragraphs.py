from hits import hit

from assistant.answering.paragraphs import around, paragraphs


def test_a_blank_line_parts_paragraphs() -> None:
    found = paragraphs(hit("One. Two.", "Three."))
    assert [[each.text for each in own] for own in found] == [["One.", "Two."], ["Three."]]


def test_around_a_sentence_stand_two_before_and_after_it_in_its_paragraph() -> None:
    found = hit("A. B. C. D. E. F.", "G.")
    assert around(found) == [
        "A. B. C.",
        "A. B. C. D.",
        "A. B. C. D. E.",
        "B. C. D. E. F.",
        "C. D. E. F.",
        "D. E. F.",
        "G.",
    ]
