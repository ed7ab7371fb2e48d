"""The page: what a person sees of a simulation at work, and how it is taken in hand.

In: the control API and its stream of changes, nothing else. Out: files for a browser, and the operations that only a
page needs. It stands on the faces below and is put beside them by `serve`.
"""
