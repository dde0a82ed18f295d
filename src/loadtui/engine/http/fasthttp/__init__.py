"""FastHttpUser on the fast path: geventhttpclient's work with a parser in C and less around it."""
