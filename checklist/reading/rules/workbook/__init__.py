"""The rules workbook (Excel) folded back into rule files."""
