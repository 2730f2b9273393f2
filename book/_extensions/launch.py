"""Where a page can be run, downloaded and mended: the addresses that page.html shows, in any fork and on any branch.

A link is there only where it leads somewhere. Without a repository, the download is the only one. Binder and Colab open the
page's twin in notebooks/ as it is in the repository: they want one, and Colab one that fetches the code from here.
"""

from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from repository import branch, repository_url
from sphinx.util import logging
from twins import notebook_name

logger = logging.getLogger(__name__)


def look_around(app, config):
    """Note repository, branch and twins; when any of them changes, every page is written again."""
    url = repository_url(app.srcdir)
    if url:
        config.course_repository, config.course_branch = url, branch(app.srcdir)
        twins = {path: path.read_text(encoding="utf-8") for path in Path(app.srcdir, "notebooks").rglob("*.ipynb")}
        config.course_twins = {path.relative_to(app.srcdir).as_posix(): f"git+{url}#" in text for path, text in twins.items()}
        if any('"cell_type": "code"' in text and f"git+{url}#" not in text for text in twins.values()):
            logger.info("some notebooks do not fetch the code from %s, so Colab is not offered: `make notebooks`, and commit", url)


def addresses(repository, name, page):
    """Return the addresses of what the branch `name` of the repository holds on a page such as book/scratch/dataset."""
    path, notebook = repository.removeprefix("https://github.com/"), quote(notebook_name(page))
    within = quote(name)  # its slashes stay, as in the addresses that GitHub and Binder make themselves
    return {
        "binder": f"https://mybinder.org/v2/gh/{path}/{within}?urlpath=lab/tree/{notebook}",
        "colab": f"https://colab.research.google.com/github/{path}/blob/{within}/{notebook}",
        "edit": f"{repository}/edit/{within}/{quote(page)}.md",
        "issue": f"{repository}/issues/new?title={quote(page.removeprefix('book/') + ': ', safe='')}",
    }


def has_cells(doctree):
    """Tell whether there is any code on a page that runs."""
    return any(node.get("nb_element") == "cell_code" for node in doctree.findall(nodes.container))


def offer(app, pagename, templatename, context, doctree):
    """Tell page.html the addresses of a page that was written in book/."""
    if doctree is None:
        return
    repository, twin = app.config.course_repository, notebook_name(pagename)
    links = addresses(repository, app.config.course_branch, pagename) if repository else {}
    runs = has_cells(doctree)
    if not runs or twin not in app.config.course_twins:
        links.pop("binder", None)
    if not runs or not app.config.course_twins.get(twin):
        links.pop("colab", None)
    context["launch"] = {"download": twin, **links}


def setup(app):
    app.setup_extension("downloads")
    app.add_config_value("course_repository", "", "html", str)
    app.add_config_value("course_branch", "", "html", str)
    app.add_config_value("course_twins", {}, "html", dict)  # {path: whether its first cell fetches from this repository}
    app.connect("config-inited", look_around)
    app.connect("html-page-context", offer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
