"""A traceback keeps the reader's lines and the error, and tells nothing of the machine."""

from tracebacks import shorten

BEFORE = """\
ValueError                                Traceback (most recent call last)
Cell In[3], line 1
----> 1 torch.ones(2).backward()

\x1b[36mFile \x1b[39m\x1b[32m/home/someone/.venv/lib/python3.11/site-packages/torch/_tensor.py:623\x1b[39m, in Tensor.backward(self)
    613 if has_torch_function_unary(self):
--> 623 torch.autograd.backward(

File /usr/lib/python3.11/json/decoder.py:355, in JSONDecoder.raw_decode(self, s, idx)
    353 try:
--> 355     raise

RuntimeError: grad can be implicitly created only for scalar outputs"""

AFTER = """\
ValueError                                Traceback (most recent call last)
Cell In[3], line 1
----> 1 torch.ones(2).backward()

\x1b[36mFile \x1b[39m\x1b[32m…/torch/_tensor.py:623\x1b[39m, in Tensor.backward(self)

File …/json/decoder.py:355, in JSONDecoder.raw_decode(self, s, idx)

RuntimeError: grad can be implicitly created only for scalar outputs"""


def test_the_frames_of_libraries_are_their_first_lines():
    assert shorten(BEFORE) == AFTER


def test_a_frame_may_stand_alone():
    frame = BEFORE.split("\n\n")[1]
    assert shorten(frame) == AFTER.split("\n\n")[1] + "\n"


def test_the_courses_own_code_is_a_library_too():
    frame = "File /home/someone/course/code/linear_regression/checks.py:41, in examples(features, labels)\n     39 floats(\n"
    assert shorten(frame) == "File …/linear_regression/checks.py:41, in examples(features, labels)\n"


def test_a_frame_of_a_module_gets_the_name_that_python_gives_it():
    frame = "\x1b[36mFile \x1b[39m\x1b[32m/x/lib/python3.11/site-packages/d2l/torch.py:6\x1b[39m\n      5 import torch\n"
    assert shorten(frame) == "\x1b[36mFile \x1b[39m\x1b[32m…/d2l/torch.py:6\x1b[39m, in <module>\n"


def test_the_kernels_own_file_is_a_cell():
    assert shorten("/tmp/ipykernel_812/304.py:3: UserWarning: no") == "…/cell.py:3: UserWarning: no"
