"""The version, which `make release` writes."""

__version__ = "0.2.0"
