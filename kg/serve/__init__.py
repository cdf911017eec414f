"""The same pages over everything that a graph holds: `kg serve`, for the reader at this machine."""

from kg.serve.pages import Pages
from kg.serve.server import PictureServer

__all__ = ["Pages", "PictureServer"]
