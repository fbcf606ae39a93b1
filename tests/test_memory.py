"""A pass uses again the memory that the pass before it has freed."""

import platform
import subprocess
import sys

import pytest

PASSES = """
import resource
import numpy as np
import nnmath as nn
net = nn.init([784, 128, 64, 10], [nn.relu, nn.relu, nn.softmax], np.random.RandomState(0))
X, Y = np.ones((784, 256)), np.eye(10)[:, np.arange(256) % 10]
for k in range(15):
    if k == 5:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    nn.backward(net, nn.forward(net, X), Y, nn.cross_entropy)
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / 10)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is glibc that gives memory back")
def test_a_pass_does_not_ask_the_system_for_its_memory_anew():
    """Each page that is asked for is a fault; the arrays of this pass are about a thousand."""
    done = subprocess.run(
        [sys.executable, "-c", PASSES], capture_output=True, text=True, check=True
    )
    assert float(done.stdout) < 100
