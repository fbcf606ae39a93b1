"""The live demos, by notebook.

    start_here             notebook 00: a shape ledger; two paths; the V of two errors
    sigmoid_bce            notebook 01: one neuron, one example; a batch in the plane
    softmax_cross_entropy  notebook 02: four classes and their Jacobian; a race of two losses
    relu_network           notebook 03: one weight moved; a training run; an X-ray; pixels
    general_induction      notebook 04: a fading gradient; the recursion; the proof as a ladder
    tanh_network           notebook 05: a training run in the plane; a race; anatomy of one point
    bugs                   notebook 06: fifteen wrong backward passes, trained and checked
    misprints              notebook 06: printed formulas, the evidence, and a verdict
    where_next             notebook 07: shares passed back; a stretched array

A notebook calls one name, such as `sigmoid_bce.one_example()`, and the demo displays itself.
"""
