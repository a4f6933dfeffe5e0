"""Asks for consent before something that concerns many."""

import asyncio
from functools import partial

from watchkeeper.model.text import Text, _
from watchkeeper.ui.console import LayOver
from watchkeeper.ui.widgets.question import Question


async def is_confirmed(lay_over: LayOver, title: Text, text: Text, answer: Text) -> bool:
    """Whether the person wants it; closing the question is a no."""
    loop = asyncio.get_running_loop()
    decided: asyncio.Future[bool] = loop.create_future()

    def decide(is_wanted: bool, _box: bool = False) -> None:
        if not decided.done():
            decided.set_result(is_wanted)

    question = Question(title, text, ((_("Cancel"), partial(decide, False)), (answer, partial(decide, True))))
    # An answer closes the question, too, and comes right after that.
    lay_over(question).closed.connect(partial(loop.call_soon, decide, False))
    return await decided
