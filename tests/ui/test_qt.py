"""The Qt that we stand on does not eat Python's own objects (PySide6 6.12 does, on Python 3.11)."""

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLabel


class Sender(QObject):
    told = Signal(object)


def test_none_and_true_keep_their_references(qapp: QApplication) -> None:
    sender, label = Sender(), QLabel()
    sender.told.connect(label.setObjectName)
    before = sys.getrefcount(None), sys.getrefcount(True)
    for number in range(200):
        sender.told.emit(str(number))
        label.setText(str(number))
        label.setEnabled(True)
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert after[0] > before[0] - 100
    assert after[1] > before[1] - 100
    assert label.text() == label.objectName() == "199"
