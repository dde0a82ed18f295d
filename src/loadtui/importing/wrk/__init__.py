"""wrk and wrk2, and the percentile distributions of HdrHistogram that wrk2 prints."""
