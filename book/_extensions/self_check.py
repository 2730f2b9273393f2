"""The directive {self-check}: a question with a few answers, the reader's choice, and a word on each of them.

    ```{self-check} Predict
    The batch is twice as large. How long is a step?

    - [ ] Twice as long.

      The sum of the gradients is; the mean is not.
    - [x] As long as before, on average.

      A mean does not grow with the number of its terms.
    ```

The list's items are the answers: `[x]` marks the right one, and what follows an answer's first paragraph is said to
the reader who chooses it. The title is "Question" where none is given. Without JavaScript, in print and in the
notebooks the words on all answers stand in a fold; _static/self_check.js makes a form of it. (sphinx-yaq 0.1 adds
750 KB of script and stops every builder but HTML; jupyterquiz and teachbooks-questions load parts from a CDN.)
"""

import re
from string import ascii_uppercase

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

MARK = re.compile(r"\[([ x])\]\s+")
FORM = "it needs a question, then a list of two answers or more, each beginning with [ ] or [x], one of them with [x], each followed by a paragraph on it"


class self_check(nodes.General, nodes.Element):
    """A question: its legend, more of it where there is more, answers, key. Attribute: name, unique in its page."""


class self_check_legend(nodes.TextElement):
    """The question's first paragraph. Attribute: title."""


class self_check_answers(nodes.Element):
    """The answers, as choices."""


class self_check_answer(nodes.TextElement):
    """One answer; its children are those of a paragraph. Attribute: letter."""


class self_check_key(nodes.Element):
    """What is said on the answers, in their order."""


class self_check_feedback(nodes.Element):
    """What is said on one answer. Attributes: letter, right (True for the right one)."""


class SelfCheck(SphinxDirective):
    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self):
        *question, answers = self.parse_content_to_nodes() or [None]
        if not question or not isinstance(question[0], nodes.paragraph) or not well_formed(answers):
            raise self.error(f"{{self-check}}: {FORM}")
        node = self_check(name=f"check-{self.env.new_serialno('check')}")
        self.set_source_info(node)
        asked, *more = question
        title = self.arguments[0] if self.arguments else "Question"
        node += [self_check_legend("", "", *asked.children, title=title), *more, *answers_and_key(answers)]
        return [node]


def mark_of(item):
    """Return the match of [ ] or [x] at the start of a list's item, or None."""
    first = item.next_node(nodes.Text)
    return MARK.match(first.astext()) if first is not None else None


def well_formed(answers):
    """Tell whether it is a list in which each item is a marked answer with something said on it, and one of several is right."""
    if not isinstance(answers, nodes.bullet_list):
        return False
    marks = [mark_of(item) for item in answers if len(item) > 1 and all(isinstance(block, nodes.paragraph) for block in item[:2])]
    return len(marks) == len(answers) > 1 and all(marks) and [mark[1] for mark in marks].count("x") == 1


def answers_and_key(items):
    """Return the nodes of the answers and of their key, made from a list's items."""
    answers, key = self_check_answers(), self_check_key()
    for letter, item in zip(ascii_uppercase, items):
        mark = mark_of(item)
        text = item.next_node(nodes.Text)
        text.parent.replace(text, nodes.Text(text.astext()[mark.end():]))
        answer, *feedback = item.children
        right = mark[1] == "x"
        feedback[0].insert(0, [nodes.strong(text="Right." if right else "No."), nodes.Text(" ")])
        answers += self_check_answer("", "", *answer.children, letter=letter)
        key += self_check_feedback("", *feedback, letter=letter, right=right)
    return answers, key


# HTML: all of it stands in the page; the choices and the button wait, hidden, for the script.


def open_legend(self, node):
    return f'<legend><span class="self-check-title">{self.encode(node["title"])}</span> '


def open_answer(self, node):
    words = [child for child in node if not isinstance(child, nodes.math)]
    label = "" if "".join(child.astext() for child in words).strip() else f' aria-label="{self.attval(node.astext())}"'  # a formula alone is none
    return f'<li><label><input type="radio" name="{node.parent.parent["name"]}"{label} hidden> <span>'


def open_feedback(self, node):
    return f'<li data-right="{str(node["right"]).lower()}">\n'


OPEN_KEY = """\
<button type="submit" class="self-check-button" hidden>Check</button>
<div role="status"></div>
<details class="self-check-key"><summary>Answer</summary>
<ol type="A">
"""
HTML = {
    self_check: ('<form class="self-check"><fieldset>\n', "</fieldset></form>\n"),
    self_check_legend: (open_legend, "</legend>\n"),
    self_check_answers: ('<ol class="self-check-answers" type="A">\n', "</ol>\n"),
    self_check_answer: (open_answer, "</span></label></li>\n"),
    self_check_key: (OPEN_KEY, "</ol></details>\n"),
    self_check_feedback: (open_feedback, "</li>\n"),
}


def visitors(opening, closing):
    """Return the functions that write what stands before and after a node's children."""

    def visit(self, node):
        self.body.append(opening(self, node) if callable(opening) else opening)

    def depart(self, node):
        self.body.append(closing)

    return visit, depart


def add_script(app, pagename, templatename, context, doctree):
    """Load the script on the pages with a question."""
    if doctree is not None and next(doctree.findall(self_check), None) is not None:
        app.add_js_file("self_check.js", loading_method="defer")


def setup(app):
    app.add_directive("self-check", SelfCheck)
    for kind, texts in HTML.items():
        app.add_node(kind, html=visitors(*texts))
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
