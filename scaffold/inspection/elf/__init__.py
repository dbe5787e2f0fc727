"""Reads what decides whether an ELF library loads: segments, sections, needed libraries, C++ symbols."""
