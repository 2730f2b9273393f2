"""Where the book's repository and its site are: never written down, so that every fork points at itself."""

import os
import re
import subprocess

GITHUB = re.compile(r"(?:https://github\.com/|git@github\.com:|ssh://git@github\.com/)([\w.-]+)/([\w.-]+?)(?:\.git)?/?$")


def repository_url(root):
    """Return https://github.com/OWNER/NAME, or None where it is not known.

    Looked for in BOOK_REPOSITORY_URL (empty means none), GITHUB_REPOSITORY (owner/name), and the git remote `origin` of the folder `root`.
    """
    if "BOOK_REPOSITORY_URL" in os.environ:
        return on_github(os.environ["BOOK_REPOSITORY_URL"])
    if os.environ.get("GITHUB_REPOSITORY"):
        return on_github("https://github.com/" + os.environ["GITHUB_REPOSITORY"])
    return on_github(git(root, "remote", "get-url", "origin"))


def branch(root):
    """Return the name of the branch (or tag) that the book is built from: BOOK_BRANCH, GitHub's, git's, else main."""
    if os.environ.get("BOOK_BRANCH"):
        return os.environ["BOOK_BRANCH"]
    if os.environ.get("GITHUB_REF", "").startswith(("refs/heads/", "refs/tags/")):  # a pull request has a name that no link leads to
        return os.environ["GITHUB_REF_NAME"]
    return git(root, "branch", "--show-current") or "main"


def git(root, *arguments):
    """Return what git says in the folder `root`, nothing where it fails or is not there."""
    try:
        return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        return ""


def on_github(address):
    """Return the address of a GitHub repository in its plain form, None for any other."""
    match = GITHUB.match(address)
    return f"https://github.com/{match[1]}/{match[2]}" if match else None


def site_url(root):
    """Return the address at which the site is published, with a slash at its end, or None where it is not known.

    It is BOOK_SITE_URL (empty means none), else where GitHub Pages publishes the repository.
    """
    if "BOOK_SITE_URL" in os.environ:
        address = os.environ["BOOK_SITE_URL"].rstrip("/")
        return address + "/" if address else None
    repository = repository_url(root)
    if repository is None:
        return None
    owner, name = repository.split("/")[-2:]
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"
