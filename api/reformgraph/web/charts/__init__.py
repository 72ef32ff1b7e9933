"""Charts over HTTP."""
