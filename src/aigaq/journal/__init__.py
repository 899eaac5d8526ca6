"""The book of order No. 236: issue, return, unloading, remarks, signatures."""
