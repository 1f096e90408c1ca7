"""Fetching components from other machines: the only package that touches the network, for `lock` and `vendor` alone.

Everything that comes in is hostile until its digest says otherwise, and so are the references that lead out.
"""
