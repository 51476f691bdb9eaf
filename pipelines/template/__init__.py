"""The workbook that a partner fills in, made from contracts and framework: data first, then drawn.

`identity` and `words` are also what recognises it when it comes back.
"""
