"""The admin plane's subjects: one router a file, thin over the gateway's parts."""
