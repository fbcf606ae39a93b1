"""The live demos, one module for each notebook.

    sigmoid_bce    notebook 01: one neuron, one example; a batch in the plane
    relu_network   notebook 03: one weight moved; a training run; an X-ray; pixels

A notebook calls one name, such as `sigmoid_bce.one_example()`, and the demo displays itself.
"""
