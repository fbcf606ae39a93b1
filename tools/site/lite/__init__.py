"""The whole course in a browser, with no server and no network: JupyterLite with Python inside.

runtime     Pyodide, the course as a wheel, and what both need, each file with its hash
pin         pins a version of Pyodide, once
page/       what a learner sees of ours around JupyterLite
settings/   JupyterLite's own settings

The site needs a static web server, of any kind and below any path:

lite/notebooks/index.html?path=01_sigmoid_bce.ipynb    one notebook, for learners
lite/lab/index.html?path=01_sigmoid_bce.ipynb          the same in JupyterLab

A fragment names a cell: `#exercise-1.A`, `#demo-2`, or the id of any cell. The page scrolls there
and runs what stands above; a demo is run as well, an exercise gets the cursor. Without a fragment
everything down to the first demo is run, so that its slider lives.
"""
