"""The subcommands of llmconsole, one file each; what they load beyond click they load when called."""
