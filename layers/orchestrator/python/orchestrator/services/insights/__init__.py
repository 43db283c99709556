"""Figures: measured, counted or computed from the record."""
