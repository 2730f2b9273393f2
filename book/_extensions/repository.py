"""Where the book's repository is: never written down, so that every fork points at itself."""

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
    try:
        command = ["git", "-C", str(root), "remote", "get-url", "origin"]
        return on_github(subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip())
    except FileNotFoundError:  # no git
        return None


def on_github(address):
    """Return the address of a GitHub repository in its plain form, None for any other."""
    match = GITHUB.match(address)
    return f"https://github.com/{match[1]}/{match[2]}" if match else None
