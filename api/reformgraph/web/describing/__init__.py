"""What the service and the data set say of themselves."""
