"""What holds for tests/ and notebooks/ alike: nbval's comparison, and the order, which keeps all workers busy.

nbval compares the text of every output, but for pictures and the data of those that play, which differ in their last bits by machine.
"""

from collections import Counter

import pytest
from linear_regression.figures import PLAYABLE
from nbval.plugin import IPyNbFile

PICTURES = ("image/svg+xml", PLAYABLE)  # tests/test_playable.py compares the data's figures with torch


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector):
    if isinstance(collector, IPyNbFile) and not set(PICTURES) <= set(collector.skip_compare):
        collector.skip_compare += PICTURES
    yield


def pytest_collection_modifyitems(items):
    """Let one file ask for the site first, which takes minutes to build, those that don't need it follow, and then the rest, the long ones first."""
    on_site = Counter(item.path for item in items if "built_site" in getattr(item, "fixturenames", ()))
    waiting = sorted(on_site, key=on_site.get)
    place = {path: i for i, path in enumerate(waiting[:1] + [None] + waiting[:0:-1])}
    items.sort(key=lambda item: place.get(item.path, place[None]))
