"""What is printed: the book of the order, badge, labels. Data in, octets of a PDF out; knows no Django."""
