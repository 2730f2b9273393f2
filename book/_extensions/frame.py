"""What stands around a page's text: its part, its description, its address, and the pages that no author writes.

The part is the caption in _toc.yml. The description is the page's opening, unless its front matter has an `html_meta` of its
own. Addresses are known only where the site's is: see repository.py.
"""

import re
from html import escape
from pathlib import Path
from urllib.parse import quote, urlsplit

from docutils import nodes
from repository import site_url
from sphinx import addnodes

DOUBLE = re.compile(r'<meta name="viewport"[^>]*>\s*')  # docutils' own, beside the template's
LONGEST = 160  # characters; search engines show no more of a description


def find_address(app, config):
    """Give Sphinx the site's address, where it is known, for the canonical links."""
    config.html_baseurl = site_url(app.srcdir) or ""


def part(app, pagename):
    """Return the caption of the part that a page belongs to, None for a page of none."""
    for toctree in app.env.tocs[app.config.root_doc].findall(addnodes.toctree):
        if pagename in toctree["includefiles"]:
            return toctree["caption"]
    return None


def opening(doctree):
    """Return the first sentences of a page, as many as a description holds."""
    paragraph = next((one for one in doctree.findall(nodes.paragraph) if isinstance(one.parent, nodes.section)), None)
    text = " ".join(paragraph.astext().split()) if paragraph else ""
    if len(text) <= LONGEST:
        return text
    text = text[:LONGEST]
    sentences = max(text.rfind(end) for end in (". ", "? ", "! "))
    return text[: sentences + 1] if sentences > LONGEST // 3 else text.rpartition(" ")[0] + " …"


def mark_current(navigation):
    """Return the theme's maker of the navigation, made to mark the current page for those who do not see its colour."""

    def marked(*arguments, **options):
        return str(navigation(*arguments, **options)).replace('<a class="current reference', '<a aria-current="page" class="current reference')

    return marked


def describe(app, pagename, templatename, context, doctree):
    """Tell the templates the page's part, its description and the site's address."""
    caption = part(app, pagename)
    context["parents"] = [{"title": caption, "link": None}] if caption else []
    context["metatags"] = DOUBLE.sub("", context.get("metatags", ""))
    if not doctree:
        title = context.get("title", "Index")
        context["description"] = "A course in linear regression in pages that run: " + title + "."
    elif 'name="description"' not in context["metatags"]:
        context["description"] = opening(doctree)
    context["generate_toctree_html"] = mark_current(context["generate_toctree_html"])
    context["site_url"] = app.config.html_baseurl
    context["home"] = urlsplit(app.config.html_baseurl).path or "/"


def extra_pages(app):
    """Yield the page at the site's root, and the one for a wrong address."""
    if app.builder.name == "html":
        icon = quote((Path(app.srcdir) / app.config.html_favicon).read_text(encoding="utf-8"))
        for name, template in (("index", "root.html"), ("404", "404.html")):
            yield name, {"title": app.config.html_title, "favicon": f"data:image/svg+xml,{icon}"}, template


def write_sitemap(app, exception):
    """List the pages for search engines, where their addresses are known."""
    if exception or app.builder.name != "html" or not app.config.html_baseurl:
        return
    pages = (f"<url><loc>{escape(app.config.html_baseurl + app.builder.get_target_uri(page))}</loc></url>" for page in sorted(app.env.found_docs))
    text = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{}\n</urlset>\n'
    (Path(app.outdir) / "sitemap.xml").write_text(text.format("\n".join(pages)), encoding="utf-8")


def setup(app):
    app.connect("config-inited", find_address)
    app.connect("html-page-context", describe, priority=900)
    app.connect("html-collect-pages", extra_pages)
    app.connect("build-finished", write_sitemap)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
