"""Everyone can read and use every page: axe-core finds nothing, on a phone and a desktop, light and dark; the keyboard suffices."""

from itertools import product

import pytest
from book import HTML_PAGES, ROOT
from measure_site import DESKTOP, PHONE
from third_party import fetch

WIDTHS = {"desktop": DESKTOP, "phone": PHONE}

OPEN_FOLDS = "document.querySelectorAll('details').forEach(fold => fold.open = true)"
END_TRANSITIONS = """() => new Promise(resolve => requestAnimationFrame(() => {
    document.getAnimations().filter(each => each.timeline === document.timeline).forEach(each => { try { each.finish() } catch { each.cancel() } })
    requestAnimationFrame(resolve)
}))"""
RUN_AXE = """async () => {
    const {violations, incomplete} = await axe.run(document, {resultTypes: ['violations', 'incomplete']})
    const faults = violations.flatMap(({id, help, nodes}) => nodes.map(({target}) => `${id}: ${target.join(' ')}: ${help}`))
    const unsettled = incomplete.flatMap(({id, nodes}) => nodes.map(({target}) => [id, target]))
    return [faults, unsettled]
}"""

# What axe leaves open about contrast, mostly text that a scrolling box cuts off, is computed here: the text's colour over all
# that the browser paints below its middle. A gradient or picture below it stays a fault.
CONTRAST = """target => {
    const parse = colour => {
        const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true})
        canvas.fillStyle = colour
        canvas.fillRect(0, 0, 1, 1)
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data
        return {rgb: [r, g, b], a: a / 255}
    }
    const over = (top, below) => top.rgb.map((each, i) => each * top.a + below[i] * (1 - top.a))
    const luminance = rgb => {
        const [r, g, b] = rgb.map(each => each / 255).map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const element = target.length === 1 && document.querySelector(target[0])
    if (!element) return `not found: ${target}`
    element.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'})
    const words = document.createRange()
    words.selectNodeContents([...element.childNodes].find(node => node.nodeType === 3 && node.data.trim()) || element)
    const {x, y, width, height} = words.getClientRects()[0]
    const stack = document.elementsFromPoint(Math.min(x + width / 2, innerWidth - 1), y + height / 2)
    const place = stack.findIndex(each => each === element || element.contains(each))
    if (place < 0) return `never in sight: ${target}`
    if (stack.slice(0, place).some(each => parse(getComputedStyle(each).backgroundColor).a > 0)) return `covered: ${target}`
    document.body.insertAdjacentHTML('beforeend', '<i style="background: Canvas"></i>')
    let ground = parse(getComputedStyle(document.body.lastChild).backgroundColor).rgb
    document.body.lastChild.remove()
    for (const each of stack.slice(place).reverse()) {
        const style = getComputedStyle(each)
        if (style.backgroundImage !== 'none') return `a picture or gradient lies below: ${target}`
        if (style.opacity !== '1') return `not opaque: ${target}`
        ground = over(parse(style.backgroundColor), ground)
    }
    const style = getComputedStyle(element), size = parseFloat(style.fontSize)
    const [low, high] = [luminance(over(parse(style.color), ground)), luminance(ground)].sort((a, b) => a - b)
    const ratio = (high + 0.05) / (low + 0.05), least = size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5
    return ratio >= least ? '' : `contrast ${ratio.toFixed(2)}, not ${least}: ${target}`
}"""
# Everything that scrolls sideways is reached by Tab, in itself or through something in it.
UNREACHABLE = """() => [...document.querySelectorAll('body *')].filter(box => {
    const scrolls = ['auto', 'scroll'].includes(getComputedStyle(box).overflowX) && box.scrollWidth > box.clientWidth + 1
    const inside = [box, ...box.querySelectorAll('*')]
    return scrolls && box.checkVisibility() && !inside.some(each => each.tabIndex >= 0)
}).map(box => box.outerHTML.slice(0, 120))"""


def show(page, size, mode):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=mode)
    page.wait_for_function("mode => [mode, undefined].includes(document.documentElement.dataset.theme)", arg=mode)
    page.evaluate(END_TRANSITIONS)


@pytest.fixture(scope="module")
def axe():
    return (fetch(ROOT, development=True) / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", HTML_PAGES)
def test_axe_finds_nothing(page, site, axe, name):
    # the root's page sends its visitor on at once: without its refresh it stays to be looked at
    still = (site.folder / "index.html").read_text(encoding="utf-8").replace('http-equiv="refresh"', "")
    page.route(site.url + "index.html", lambda route: route.fulfill(body=still, content_type="text/html"))
    page.goto(site.url + name)
    page.evaluate(axe)
    page.evaluate(OPEN_FOLDS)
    faults = []
    for (width, size), mode in product(WIDTHS.items(), ("light", "dark")):
        show(page, size, mode)
        violations, unsettled = page.evaluate(RUN_AXE)
        faults += [f"{width}, {mode}: {each}" for each in violations]
        faults += [f"{width}, {mode}: unsettled: {each}" for each in unsettled if each[0] != "color-contrast"]
        contrasts = (page.evaluate(CONTRAST, target) for rule, target in unsettled if rule == "color-contrast")
        faults += [f"{width}, {mode}: {each}" for each in contrasts if each]
        faults += [f"{width}, {mode}: scrolls, but not by keyboard: {each}" for each in page.evaluate(UNREACHABLE)]
    assert not faults, "\n".join(faults)
