"""The course as static pages: no kernel, no network, and the demos still move.

maths     a formula as MathML
frames    what a demo shows at each position of its controls
parts     the parts of its picture that stand below each other on a phone
lesson    one notebook as one page
theme/    the template of a page, its style, its script and its font
"""
