"""The console's own drawing: inked lines, bars, columns, tables and forms."""
