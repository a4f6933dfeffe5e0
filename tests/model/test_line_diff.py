"""Two texts are held together line by line, quickly whatever they are."""

import random
import time

import pytest

from watchkeeper.model.line_diff import Block, blocks
from watchkeeper.model.masks import masked, plain


def rebuilt(before: list[str], after: list[str], found: list[Block]) -> None:
    """The blocks cover both texts, and what is called the same is the same."""
    a = c = 0
    for block in found:
        assert (block.a, block.c) == (a, c)
        assert not block.is_same or before[block.a : block.b] == after[block.c : block.d]
        a, c = block.b, block.d
    assert (a, c) == (len(before), len(after))


def same(found: list[Block]) -> int:
    return sum(block.b - block.a for block in found if block.is_same)


def test_one_line_that_came_and_one_that_went() -> None:
    found = blocks(list("abcde"), list("abxcd"))
    assert found == [
        Block(0, 2, 0, 2, True),
        Block(2, 2, 2, 3, False),
        Block(2, 4, 3, 5, True),
        Block(4, 5, 5, 5, False),
    ]


@pytest.mark.parametrize("seed", range(40))
def test_any_two_texts_are_covered_and_as_much_as_can_be_is_the_same(seed: int) -> None:
    dice = random.Random(seed)
    letters = "ab" if seed % 2 else "abcdefghijklmnopqrstuvwxyz"
    before = [dice.choice(letters) for _ in range(dice.randrange(40))]
    after = [line for line in before if dice.random() < 0.8]
    for _ in range(dice.randrange(6)):
        after.insert(dice.randrange(len(after) + 1), dice.choice(letters))
    found = blocks(before, after)
    rebuilt(before, after, found)
    assert same(found) >= sum(1 for line in after if line in before) // 2 - 6


@pytest.mark.parametrize("kind", ["unlike", "alike", "shuffled"])
def test_long_texts_take_no_more_than_a_moment(kind: str) -> None:
    dice = random.Random(1)
    before = [f"{kind}{dice.randrange(3 if kind == 'alike' else 10_000)}" for _ in range(20_000)]
    after = {
        "unlike": [f"other{n}" for n in range(20_000)],
        "alike": [f"alike{dice.randrange(3)}" for _ in range(20_000)],
        "shuffled": dice.sample(before, len(before)),
    }[kind]
    began = time.process_time()
    rebuilt(before, after, blocks(before, after))
    assert time.process_time() - began < 10


def test_whoever_waits_can_give_up() -> None:
    def give_up() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        blocks(["a"], ["b"], give_up)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2026-11-24T08:30:11.120+08:00 start", "<time> start"),
        ("08:34:11.204 cleanup", "<time> cleanup"),
        ("Nov 24 08:30:00 db-02 sshd[4711]: ok", "<time> <time> db-02 sshd<pid>: ok"),
        ("object at 0x7f3a9c0012", "object at <address>"),
        ("run 0192f0c1-5a5b-7c11-8a77-0123456789ab", "run <id>"),
        ("commit 9f2c1e4a77", "commit <id>"),
        ("pid=4711 done in 1m 06s", "<pid> done in <span>"),
        ("took 12 ms, 184210 rows", "took <span>, 184210 rows"),
        ("port 5432 failed, deadbeef", "port 5432 failed, deadbeef"),
        ("exit 3 after 10s/s", "exit 3 after 10s/s"),
    ],
)
def test_what_is_never_the_same_is_masked_and_all_else_stays(line: str, expected: str) -> None:
    assert masked(line) == expected


def test_colours_are_no_words() -> None:
    assert plain("\x1b[31mred\x1b[0m") == "red"
