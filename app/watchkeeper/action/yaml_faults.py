"""What the YAML reader says of a text that is none, in words of ours with what to do."""

import re

from watchkeeper.model.text import Text, _

#: The reader's words, and ours; the groups are the values.
_SENTENCES = {
    r"mapping values are not allowed here": _(
        "a colon stands where no key can be: put the value in quotes, or mend the indentation"
    ),
    r"sequence entries are not allowed here": _("a list begins where none can be: put it on a line of its own"),
    r"found character '\\t' that cannot start any token": _("a tab stands at the beginning: indent with blanks"),
    r"found character '(?P<mark>.+)' that cannot start any token": _("{mark} can't begin a word: put it in quotes"),
    r"expected ',' or '(?P<mark>[]}])', but got .+": _("a {mark} or a comma is missing"),
    r"expected the node content, but found '?(?P<mark>.+?)'?": _("a value is missing before {mark}"),
    r"expected <block end>, but found .+": _("the indentation does not fit the lines above"),
    r"found unexpected end of stream": _("a quotation mark is missing"),
    r"found unknown escape character '(?P<mark>.+)'": _("\\{mark} means nothing in double quotes: use single ones"),
    r"could not find expected ':'": _("this line has no colon: a key needs one, a longer text needs indentation"),
    r"unacceptable character .+": _("it holds a character that can't be shown: take it out"),
}


def said(problem: str) -> Text | str:
    """What is wrong; as the reader says it where we have no words of our own."""
    for pattern, sentence in _SENTENCES.items():
        if found := re.fullmatch(pattern, problem, re.DOTALL):
            return Text(sentence.message, found.groupdict())
    return problem[:200]
