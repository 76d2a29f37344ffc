import threading
import time

import pytest

from assistant.answering.queue import Queue, Ticket
from assistant.errors import BusyError, Stopped


def test_first_come_first_served_and_everybody_knows_the_place() -> None:
    queue, order, places = Queue(), [], []
    first = queue.join()
    second, third = queue.join("b"), queue.join("c")
    never = threading.Event()

    def wait(name: str, ticket: Ticket) -> None:
        for ahead in queue.places(ticket, never):
            places.append((name, ahead))
        order.append(name)
        queue.leave(ticket)

    threads = [
        threading.Thread(target=wait, args=pair) for pair in (("third", third), ("second", second))
    ]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    assert sorted(places) == [("second", 1), ("third", 2)]
    queue.leave(first)
    for thread in threads:
        thread.join(5)
    assert order == ["second", "third"]
    assert ("third", 1) in places or len(places) == 2


def test_a_stop_ends_the_waiting() -> None:
    queue, stop = Queue(), threading.Event()
    queue.join()
    ticket = queue.join()
    stop.set()
    assert list(queue.places(ticket, stop)) == []


def answered(queue: Queue, number: int) -> str:
    """Whose questions come next, as they are answered."""
    readers = ""
    for _ in range(number):
        first = queue._tickets[0]
        readers += first.reader or "-"
        queue.leave(first)
    return readers


def test_readers_take_turns() -> None:
    queue = Queue()
    for reader in "aaabbc":
        queue.join(reader)
    assert answered(queue, 6) == "abcaba"
    assert not queue.busy


def test_whoever_asks_often_lets_others_pass_but_is_not_passed_for_ever() -> None:
    queue = Queue()
    for reader in "aabc":
        queue.join(reader)
    order = ""
    for _ in range(4):  # b and c ask again as soon as they are answered
        reader = answered(queue, 1)
        order += reader
        if reader != "a":
            queue.join(reader)
    assert order == "abca"


def test_whoever_asks_again_after_an_answer_comes_before_those_who_ask_later() -> None:
    queue = Queue()
    for reader in "abc":
        queue.join(reader)
    assert answered(queue, 1) == "a"
    for reader in "ad":
        queue.join(reader)
    assert answered(queue, 4) == "bcad"


def test_the_one_that_is_answered_stays_first() -> None:
    queue, never = Queue(), threading.Event()
    running = queue.join("a")
    queue.leave(running)
    running = queue.join("a")
    queue.join("b")
    assert list(queue.places(running, never)) == []


def test_only_so_many_wait() -> None:
    queue = Queue()
    for reader in "abc":
        queue.join(reader, most=2)
    assert queue.waiting == 2
    with pytest.raises(BusyError, match=r"^2 questions wait already.*max_waiting.*try again"):
        queue.join("d", most=2)
    queue.join(None)  # an evaluation has no bound
    assert queue.waiting == 3
    answered(queue, 2)
    queue.join("d", most=2)


def test_nobody_takes_more_than_half_of_the_places() -> None:
    queue = Queue()
    for _ in range(3):
        queue.join("a", most=4)
    with pytest.raises(BusyError, match=r"^2 questions wait that you asked"):
        queue.join("a", most=4)
    queue.join("b", most=4)
    alone = Queue()
    for _ in range(2):
        alone.join("a", most=1)
    with pytest.raises(BusyError, match=r"^1 question waits already"):
        alone.join("a", most=1)


def test_nobody_waits_for_ever() -> None:
    queue, never = Queue(), threading.Event()
    with queue.ticket(), queue.ticket("b") as ticket:
        with pytest.raises(BusyError, match="max_wait_seconds"):
            list(queue.places(ticket, never, 0.3))
        assert queue.waiting == 1
    assert not queue.busy and queue.waiting == 0


def test_work_aside_lets_a_question_pass_and_goes_on_then() -> None:
    queue, begun, order = Queue(), threading.Event(), []

    def work(wanted: threading.Event) -> None:
        begun.set()
        if "asked" in order:
            order.append("worked")
            return
        end = time.monotonic() + 5
        while not wanted.is_set():
            assert time.monotonic() < end
            time.sleep(0.01)
        raise Stopped

    never = threading.Event()
    worker = threading.Thread(target=queue.aside, args=(never, work))
    worker.start()
    assert begun.wait(5)
    queue.in_turn(never, lambda: order.append("asked"))
    worker.join(5)
    assert order == ["asked", "worked"]


def test_work_aside_ends_with_what_it_is_for() -> None:
    queue, stop = Queue(), threading.Event()

    def work(wanted: threading.Event) -> None:
        assert not wanted.is_set()
        stop.set()
        assert wanted.is_set()
        raise Stopped

    with pytest.raises(Stopped):
        queue.aside(stop, work)
    with pytest.raises(Stopped):
        queue.in_turn(stop, lambda: None)
    assert not queue.busy


def test_work_aside_does_not_give_way_to_other_work_aside() -> None:
    queue, never, done = Queue(), threading.Event(), []

    def work(wanted: threading.Event) -> None:
        for _ in range(20):
            if wanted.is_set():
                raise Stopped
            time.sleep(0.01)
        done.append(1)

    workers = [threading.Thread(target=queue.aside, args=(never, work)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(5)
    assert done == [1, 1]
