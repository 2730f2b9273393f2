"""nbval compares the text of every output; pictures differ in their bytes from machine to machine, so these are left out."""

import pytest
from nbval.plugin import IPyNbFile


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector):
    if isinstance(collector, IPyNbFile) and "image/svg+xml" not in collector.skip_compare:
        collector.skip_compare += ("image/svg+xml",)
    yield
