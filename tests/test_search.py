"""The search finds the page that a learner means, by what learners type."""

from urllib.parse import quote

import pytest

FIRST = {
    "detach": "Why detach()?",
    "zero_grad": "What is .grad?",
    "learning rate": "Training",
    "gradient descent": "Gradient descent",
    "minibatch": "Read the data in minibatches",
    "broadcasting": "Why reshape y to (−1, 1)?",
    "reshape": "Why reshape y to (−1, 1)?",
    "why -1 in reshape": "Why reshape y to (−1, 1)?",
    "closed form": "The best weights in one go",
    "No module named d2l": "No module named ‘d2l’",
    ".backward()": "How does backward find the parameters?",
    "convex": "The loss: one number for how wrong",
    "DataLoader": "Minibatches from a DataLoader",
    "standardise": "Scale the features",
    "neural network": "Linear regression as a neural network",
}
AMONG_THE_FIRST_THREE = {
    "learning rate": "Gradient descent",
    "normal equation": "The best weights in one go",
    "overfitting": "Does it predict?",
    "loss function": "The loss: one number for how wrong",
    "batch size": "Glossary",
    "mean squared error": "Glossary",
    "bias": "The model: a weighted sum",
}


def results(page, site, query):
    """Return the titles that the search page lists, without their numbers."""
    page.goto(f"{site.url}search.html?q={quote(query)}")
    page.wait_for_function("document.querySelector('.search-summary')?.innerText")
    titles = page.locator("ul.search > li > a").evaluate_all("links => links.map(link => link.innerText)")
    return [title.lstrip("0123456789. ").split(" > ")[0].strip() for title in titles]


@pytest.mark.parametrize("query", FIRST)
def test_the_page_that_is_meant_comes_first(page, site, query):
    assert results(page, site, query)[0] == FIRST[query]


@pytest.mark.parametrize("query", AMONG_THE_FIRST_THREE)
def test_the_page_that_is_meant_is_among_the_first(page, site, query):
    found = list(dict.fromkeys(results(page, site, query)))
    assert AMONG_THE_FIRST_THREE[query] in found[:3]


def test_no_page_is_listed_for_a_word_that_no_page_has(page, site):
    assert results(page, site, "xylophone") == []
