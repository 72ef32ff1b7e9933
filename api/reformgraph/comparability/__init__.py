"""What stands between two figures: intervals, scales, reasons and verdicts."""
