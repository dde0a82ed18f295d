"""JMeter: results files (JTL) as CSV and XML."""
