"""nbval compares the text of every output, but for pictures and the data of those that play, which differ in their last bits by machine."""

import pytest
from linear_regression.figures import PLAYABLE
from nbval.plugin import IPyNbFile

PICTURES = ("image/svg+xml", PLAYABLE)  # tests/test_playable.py compares the data's figures with torch


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector):
    if isinstance(collector, IPyNbFile) and not set(PICTURES) <= set(collector.skip_compare):
        collector.skip_compare += PICTURES
    yield
