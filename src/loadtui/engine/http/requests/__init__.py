"""HttpUser on the fast path: what requests and urllib3 do, prepared once for like requests."""
