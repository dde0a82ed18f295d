"""Reports as JSON documents with a published schema."""
