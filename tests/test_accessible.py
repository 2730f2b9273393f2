"""Everyone can read every page: axe-core finds nothing on a desktop in the light and a phone in the dark; all text has contrast.

Axe runs every rule at each width and in each mode once. The contrast of all text is computed here as well, at each width in each
mode, formulas included: for their ten thousand pieces of type axe takes minutes, so of a formula it gets the MathML, as a
screen reader does. test_keyboard.py holds what is done without a mouse.
"""

import pytest
from book import HTML_PAGES, ROOT
from measure_site import DESKTOP, PHONE, WAKE
from third_party import fetch

MEASURED = 400  # ms; after a change of size the theme waits that long until it finds the boxes that scroll
SCREENS = {"desktop": (DESKTOP, ("dark", "light")), "phone": (PHONE, ("light", "dark"))}  # axe takes the last mode

OPEN_FOLDS = "document.querySelectorAll('details').forEach(fold => fold.open = true)"
END_TRANSITIONS = """() => new Promise(resolve => setTimeout(resolve, 5000) && requestAnimationFrame(() => { // on a busy machine no frame may come
    document.getAnimations().filter(each => each.timeline === document.timeline).forEach(each => { try { each.finish() } catch { each.cancel() } })
    requestAnimationFrame(resolve)
}))"""
# The text's colour over the grounds of all that it stands in. A gradient or picture below text is a fault.
CONTRAST = """() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true}), known = {}
    const parse = (colour, filter = 'none') => {
        const key = colour + filter
        if (!(key in known)) {
            canvas.clearRect(0, 0, 1, 1)
            Object.assign(canvas, {filter, fillStyle: colour})
            canvas.fillRect(0, 0, 1, 1)
            known[key] = [...canvas.getImageData(0, 0, 1, 1).data].map(each => each / 255)
        }
        return known[key]
    }
    const over = (top, below) => below.map((each, i) => top[i] * top[3] + each * (1 - top[3]))
    const luminance = rgb => {
        const [r, g, b] = rgb.map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    document.body.insertAdjacentHTML('beforeend', '<i style="background: Canvas"></i>')
    const paper = parse(getComputedStyle(document.body.lastChild).backgroundColor).slice(0, 3)
    document.body.lastChild.remove()
    let grounds
    window.forget = () => grounds = new Map()
    forget()
    const ground = element => {
        if (!element) return paper
        if (!grounds.has(element)) {
            const style = getComputedStyle(element), below = ground(element.parentElement)
            const unclear = !below || style.backgroundImage !== 'none' || style.opacity !== '1'
            grounds.set(element, unclear ? null : over(parse(style.backgroundColor), below))
        }
        return grounds.get(element)
    }
    const ink = element => {
        const style = getComputedStyle(element), drawing = element.closest('svg') // a figure, which a filter turns light on a dark page
        return drawing ? parse(style.fill, getComputedStyle(drawing).filter) : parse(style.color)
    }
    window.contrast = element => {
        const style = getComputedStyle(element), size = parseFloat(style.fontSize), below = ground(element)
        if (!below) return 'something see-through, a gradient or a picture, lies in between'
        const [low, high] = [luminance(over(ink(element), below)), luminance(below)].sort((a, b) => a - b)
        const ratio = (high + 0.05) / (low + 0.05), least = size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5
        return ratio >= least ? '' : `contrast ${ratio.toFixed(2)}, not ${least}`
    }
    // whether something opaque lies over the middle of its first words
    window.covered = element => {
        element.scrollIntoView({block: 'center', behavior: 'instant'})
        const words = document.createRange()
        words.selectNodeContents([...element.childNodes].find(each => each.nodeType === 3 && each.data.trim()) ?? element)
        scrollBy({top: words.getClientRects()[0].y - innerHeight / 2, behavior: 'instant'}) // of a box higher than the window
        const {x, y, width, height} = words.getClientRects()[0]
        const stack = document.elementsFromPoint(x + width / 2, y + height / 2)
        const place = stack.findIndex(each => each === element || element.contains(each))
        return place < 0 || stack.slice(0, place).some(each => parse(getComputedStyle(each).backgroundColor)[3] > 0)
    }
}"""
ALL_TEXT = """() => {
    forget() // the grounds of another mode or state of the page
    const seen = {opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true}
    const texts = [...document.querySelectorAll('body *')].filter(each => each.checkVisibility(seen) && !each.closest('.katex-mathml, option')
        && [...each.childNodes].some(child => child.nodeType === 3 && child.data.trim()))
    return [...new Set(texts.map(each => [contrast(each), each.outerHTML.slice(0, 80)]).filter(([why]) => why).map(([why, tag]) => `${tag}: ${why}`))]
}"""
# What axe leaves open: text that a scrolling box cuts off, a single letter, text in a drawing, text with something above it in the drawing order.
RUN_AXE = """async () => {
    forget()
    const found = await axe.run({resultTypes: ['violations', 'incomplete']})
    const faults = found.violations.flatMap(({id, help, nodes}) => nodes.map(({target}) => `${id}: ${target.join(' ')}: ${help}`))
    for (const {id, nodes} of found.incomplete)
        for (const {target, any, all, none} of nodes) {
            const element = document.querySelector(target[0]), key = any[0]?.data?.messageKey
            let why = [...any, ...all, ...none][0].message
            if (['elmPartiallyObscured', 'elmPartiallyObscuring', 'shortTextContent', 'nonBmp', 'imgNode'].includes(key)) why = contrast(element)
            if (key === 'bgOverlap') why = covered(element) ? 'covered' : contrast(element)
            if (why) faults.push(`${id}: ${target.join(' ')}: ${why}`)
        }
    return faults
}"""
# Everything that scrolls sideways is reached by Tab, in itself or through something in it.
UNREACHABLE = """() => [...document.querySelectorAll('body *')].filter(box => {
    const scrolls = ['auto', 'scroll'].includes(getComputedStyle(box).overflowX) && box.scrollWidth > box.clientWidth + 1
    const inside = [box, ...box.querySelectorAll('*')]
    return scrolls && box.checkVisibility() && !inside.some(each => each.tabIndex >= 0)
}).map(box => box.outerHTML.slice(0, 120))"""

# What scrolls sideways fades where there is more.
WITHOUT_CUE = """() => [...document.querySelectorAll('.bd-article, .bd-article *')].filter(box =>
    ['auto', 'scroll'].includes(getComputedStyle(box).overflowX) && box.scrollWidth > box.clientWidth + 1 && box.checkVisibility()
    && getComputedStyle(box).maskImage === 'none').map(box => box.outerHTML.slice(0, 120))"""


def show(page, mode):
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
    faults = []
    for width, (size, modes) in SCREENS.items():
        page.set_viewport_size(size)
        page.goto(site.url + name)
        page.evaluate(OPEN_FOLDS)
        page.evaluate(WAKE)
        page.wait_for_timeout(MEASURED)
        faults += [f"{width}: scrolls, but not by keyboard: {each}" for each in page.evaluate(UNREACHABLE)]
        faults += [f"{width}: scrolls, and does not show it: {each}" for each in page.evaluate(WITHOUT_CUE)]
        page.evaluate(CONTRAST)
        for mode in modes:
            show(page, mode)
            faults += [f"{width}, {mode}: {each}" for each in page.evaluate(ALL_TEXT)]
        page.evaluate("document.querySelectorAll('.katex-html').forEach(each => each.remove())")
        page.evaluate(axe)
        faults += [f"{width}, {mode}: {each}" for each in page.evaluate(RUN_AXE)]
    assert not faults, "\n".join(faults)
