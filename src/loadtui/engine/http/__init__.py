"""The HTTP fast path: what FastHttpUser and HttpUser send with, several times as quick as stock.

It serves ordinary requests whose answers are ordinary.  Whatever is not - a redirect, an error
status, a cookie, a broken message, a closed connection - is handed to the stock client together
with the bytes that have arrived, so that its own code decides what becomes of it.
"""
