"""What is said of a run or a comparison, as data; the formats beside it only lay it out."""
