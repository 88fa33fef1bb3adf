"""The `llmconsole` command: finds the subcommand, loads only that, and tells troubles in one line."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from console.commands.catalogue import COMMANDS
from console.commands.frame import Options, common_options
from console.trouble import NO, Trouble

INTERRUPTED = 130
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class LazyGroup(click.Group):
    """Subcommands that are loaded when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"console.commands.{name}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"there is no command {args[0]!r}{_nearest(args[0])}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Where on this machine things are, which no page can say beforehand."""
        from console.choices import short_path, user_folder
        from gateway_core import config_file, data_folder

        config = config_file()
        places = {
            "settings": f"{short_path(config)}{'' if config.exists() else ' (there is none yet)'}",
            "data": short_path(data_folder()),
            "keys, themes": f"keys.toml and themes/*.toml in {short_path(user_folder())}",
        }
        with formatter.section("Places"):
            formatter.write_dl(list(places.items()))


@click.group(cls=LazyGroup, invoke_without_command=True)
@click.version_option(package_name="llmconsole", message="%(version)s")
@common_options
@click.pass_context
def cli(ctx: click.Context) -> None:
    """A local gateway for every LLM provider, and the console on it.

    Without a command: opens the console, starting the gateway if none runs for this data folder.
    """
    ctx.ensure_object(Options)
    if ctx.invoked_subcommand is None:
        from console.commands.open import open_console

        ctx.exit(open_console(ctx.obj))


def main() -> None:
    """The entry point of the installed command."""
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Runs a command line; the exit status. Whatever goes wrong is told in one line, never a traceback."""
    try:
        with cli.make_context("llmconsole", list(words)) as ctx:
            cli.invoke(ctx)
        sys.stdout.flush()
        return 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except Trouble as trouble:
        return _tell(trouble.message, trouble.exit_status)
    except click.exceptions.NoArgsIsHelpError as bare:
        click.echo(bare.format_message(), err=True)
        return bare.exit_code
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "llmconsole"
        told = error.format_message().rstrip(".")
        return _tell(f"{told}{' See' if told.endswith('?') else '; see'} {path} --help", error.exit_code)
    except click.ClickException as error:
        return _tell(error.format_message(), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has seen enough.
        _hush()
        return 0
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            _hush()
            return _tell(f"what was asked for cannot be written: {error.strerror}; make room, or use -o", NO)
        if os.environ.get("LLMCONSOLE_DEBUG"):
            raise
        return _tell(f"a fault of its own: {type(error).__name__}; LLMCONSOLE_DEBUG=1 shows where", NO)


def _hush() -> None:
    """Nothing is printed any more: what is still buffered must not fail again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(message: str, status: int) -> int:
    click.echo(f"llmconsole: {' '.join(message.split())}", err=True)
    return status


def _nearest(word: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, COMMANDS, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
