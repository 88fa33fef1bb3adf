"""The doors to the libraries of the clouds, loaded only where a provider lives in one."""
