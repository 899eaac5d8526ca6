"""Judging stored files: what they are, whether they play, how long, and one still picture.

Parsers of audio and video are where a hostile card would break in, so nothing in this process parses
a recording: a child that can open no file and no socket does, fed octet by octet (see `judge`).
"""
