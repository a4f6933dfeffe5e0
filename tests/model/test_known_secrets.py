"""What this process has had to do with, it does not say in crash reports either."""

from watchkeeper.model.known_secrets import hidden, masker_of


def test_the_same_values_have_one_masker_whatever_their_order() -> None:
    assert masker_of(["known-one", "known-two"]) is masker_of(("known-two", "known-one", "known-one"))
    assert masker_of([]) is None


def test_a_value_that_is_too_short_does_not_keep_the_others_from_being_masked() -> None:
    masker = masker_of(["ab", "known-three"])
    assert masker is not None
    assert masker.masked("ab known-three") == "ab ***"


def test_what_any_masker_knows_is_hidden_until_many_others_were_wanted() -> None:
    masker_of(["known-four"])
    masker_of(["known-five"])
    assert hidden({"text": "known-four known-five", "n": 1}) == {"text": "*** ***", "n": 1}
    for number in range(32):
        masker_of([f"later-{number:04}"])
    assert hidden("known-four later-0000") == "known-four ***"
