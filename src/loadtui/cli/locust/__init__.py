"""`loadtui locust`: what one would type after `locust`, run by our engine."""
