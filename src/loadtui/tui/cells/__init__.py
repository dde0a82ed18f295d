"""Text in terminal cells: lines, styles and widths."""
