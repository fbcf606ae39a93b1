"""The live demos, one module for each notebook.

    sigmoid_bce   notebook 01: one neuron, one example; a batch in the plane

A notebook calls one name, such as `sigmoid_bce.one_example()`, and the demo displays itself.
"""
