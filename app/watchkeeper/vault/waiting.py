"""Asks something that may never answer, like a desktop's bus, without being held up by it."""

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class Patience(Generic[T]):
    """One question at a time, each on a thread of its own which does not keep the program from ending."""

    def __init__(self, seconds: float, late: T) -> None:
        """`late` is the answer when none came in time, and while an earlier question still hangs."""
        self._seconds, self._late = seconds, late
        self._turn = threading.Lock()
        self._asked: threading.Thread | None = None

    def ask(self, question: Callable[[], T]) -> T:
        """Its answer; may be called from any thread."""
        with self._turn:
            if self._asked is not None and self._asked.is_alive():
                return self._late
            answers: SimpleQueue[T] = SimpleQueue()
            self._asked = threading.Thread(target=self._put, args=(question, answers), name="keyring", daemon=True)
            self._asked.start()
            try:
                answer = answers.get(timeout=self._seconds)
            except Empty:
                return self._late
            self._asked.join()
            return answer

    def _put(self, question: Callable[[], T], answers: "SimpleQueue[T]") -> None:
        answer = self._late
        try:
            answer = question()
        finally:
            answers.put(answer)
