"""Measure the figures that answer in Chromium: how long the script works for a frame while its controls move.

    python tools/benchmark_figures.py      # every figure of _build/html, every slider and choice; on an idle machine

A frame at 60 a second has 16.7 ms, of which the script may take 4 (see LIMIT). The exit status is 1 where 95 of 100 frames do not
keep to that. What the browser does with the drawing is in the time from frame to frame, which is printed beside it.
"""

import argparse
import sys
from pathlib import Path

from measure_site import DESKTOP, WAKE, launch
from playwright.sync_api import sync_playwright
from site_server import SiteServer

LIMIT = 4.0  # ms of script for a frame
SHARED = {"board", "maths"}
DRAG = """async (figure) => {
    figure.scrollIntoView({block: 'center', behavior: 'instant'})
    const frame = () => new Promise(requestAnimationFrame)
    const draw = figure.draw, script = [], frames = []
    figure.draw = () => {
        const start = performance.now()
        try { return draw() } finally { script.push(performance.now() - start) }
    }
    for (const control of figure.querySelectorAll('input[type=range], select')) {
        let last = await frame()
        for (let k = 0; k <= 120; k++) {
            if (control.options) control.selectedIndex = k % control.options.length
            else control.value = +control.min + (control.max - control.min) * k / 120
            control.dispatchEvent(new Event('input', {bubbles: true}))
            const now = await frame()
            frames.push(now - last)
            last = now
        }
    }
    figure.draw = draw
    return {script, frames}
}"""


def percentile(values, share):
    return sorted(values)[int(share * (len(values) - 1))]


def measure(folder):
    """Print a line for each figure of the built site; return whether all keep to the limit."""
    fine = True
    names = sorted(script.stem for script in (folder / "_static" / "playable").glob("*.js") if script.stem not in SHARED)
    pages = {page: page.read_text(encoding="utf-8") for page in folder.rglob("book/**/*.html")}
    print(f"{'figure':24}{'script, median ms':>20}{'95 %':>8}{'frame, median ms':>20}{'95 %':>8}")
    with sync_playwright() as playwright, SiteServer(folder) as server:
        page = launch(playwright).new_page(viewport=DESKTOP)
        for name in names:
            [holder] = [path for path, text in pages.items() if f"<{name} " in text]
            page.goto(server.url + holder.relative_to(folder).as_posix())
            page.evaluate(WAKE)
            times = page.locator(name).evaluate(DRAG)
            script, frames = ((percentile(times[key], 0.5), percentile(times[key], 0.95)) for key in ("script", "frames"))
            good = script[1] <= LIMIT
            print(f"{name:24}{script[0]:>20.2f}{script[1]:>8.2f}{'' if good else '*'}{frames[0]:>20.1f}{frames[1]:>8.1f}", flush=True)
            fine = fine and good
    return fine


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("_build/html"))
    if not measure(parser.parse_args().folder):
        sys.exit(f"The script of a figure marked with * takes more than {LIMIT} ms in more than one frame in twenty")


if __name__ == "__main__":
    main()
