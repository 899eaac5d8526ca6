"""What a program that watches over this one asks: is it up, is it ready, and its figures."""
