"""Questions and answers on top of a screen."""
