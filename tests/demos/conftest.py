"""What the tests of the demos share."""

import functools

import pytest


@pytest.fixture(scope="session")
def made():
    """Return a demo made once: `made(make)`. Making it takes longer than most tests of it."""
    return functools.cache(lambda make: make())


@pytest.fixture
def at_rest(made):
    """Return a demo in its first state: `at_rest(make)`.

    That Reset restores every byte of it is tested in test_every_demo.py.
    """

    def first_state(make):
        demo = made(make)
        demo.reset()
        assert demo.error is None
        return demo

    return first_state
