"""JMeter: results files (JTL) as CSV and XML, and tables of figures by label."""
