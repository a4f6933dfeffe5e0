"""A field in which a list is asked for by words and `key:value` chips; what can be asked is told by a grammar."""

from watchkeeper.ui.widgets.query_bar.bar import QueryBar
from watchkeeper.ui.widgets.query_bar.grammar import Grammar, Offer, Offers

__all__ = ["Grammar", "Offer", "Offers", "QueryBar"]
