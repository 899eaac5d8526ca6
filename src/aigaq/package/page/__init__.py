"""The page of a package: one HTML file that shows, plays and checks it, opened from the disc it lies on."""

from aigaq.package.page.page import page

__all__ = ["page"]
