import threading
import time

from assistant.answering.queue import Queue


def test_first_come_first_served_and_everybody_knows_the_place() -> None:
    queue, order, places = Queue(), [], []
    first = queue.join()
    second, third = queue.join(), queue.join()
    never = threading.Event()

    def wait(name: str, ticket: object) -> None:
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
