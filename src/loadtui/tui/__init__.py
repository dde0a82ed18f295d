"""The workbench: Textual screens that show runs and know nothing of how they are made."""
