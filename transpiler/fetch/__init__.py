"""Fetching components from other machines: the only package that uses the network, and only for `lock` and `vendor`.

All received content is untrusted until its digest is verified, and so are the references to it.
"""
