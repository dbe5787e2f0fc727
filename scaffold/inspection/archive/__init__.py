"""Reads APK, AAR, AAB, jar and zip files in place: nothing is extracted, and nothing they claim is trusted."""
