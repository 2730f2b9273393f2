"""{out} accepts what an output bears out, and nothing else."""

import pytest
from quoted_outputs import agrees

PRINTED = "epoch 3, loss 0.0000512\nw: tensor([[ 1.9997], [-3.3996]])\nshape (1000, 2) 5.12e-05 21950.4"


@pytest.mark.parametrize(
    "quoted", ["0.000051", "5.1×10⁻⁵", "5.12e-5", "2.0", "2.00", "−3.4", "-3.400", "1,000", "21,950", "3", "(1000, 2)", "shape"]
)
def test_what_an_output_says(quoted):
    assert agrees(quoted, PRINTED)


@pytest.mark.parametrize("quoted", ["0.000052", "5.2×10⁻⁵", "5.1×10⁻⁶", "3.4", "1.98", "21,951", "7", "(1000, 3)", "sharp"])
def test_what_no_output_says(quoted):
    assert not agrees(quoted, PRINTED)
