"""The shared code of the course, one module a topic.

reproducible   one seed, one thread: the same numbers on every run
data           the synthetic data set, and minibatches of it
scratch        the model, its loss, its optimiser and the training loop, from tensors and autograd
concise        the same model and training loop, from torch.nn and torch.optim
closed_form    the best weights in one go
houses         321 real houses and their prices
practice       a split into three, standardised features, RMSE and R²
capstone       what the capstone asks of a piece of work, and what of it is still missing
figures        one style for every plot
d2l            the book's own package, imported in a way that works
checks         what the functions that take a reader's data ask of it
"""
