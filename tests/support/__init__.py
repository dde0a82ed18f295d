"""What tests share: servers, run folders, terminals, sessions to compare."""
