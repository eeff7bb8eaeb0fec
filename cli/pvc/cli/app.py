"""The commands, found by name and imported when called; and what happens when one fails.

Exit codes: 0 done; 1 the talk has errors or a check failed; 2 wrong usage, unreadable input, or a bug in pvc;
3 the surroundings lack something; 130 interrupted.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import click

from pvc.cli.surroundings import Surroundings, find_config, read_config
from pvc.runtime.errors import Cancelled, EngineError, MediaError, PvcError, StoreError

COMMANDS = {
    "new": "Make a talk that builds.",
    "check": "Parse, resolve, type-check and lint talks.",
    "build": "Make the video, its captions and chapters.",
    "watch": "Build a talk at every save.",
    "frame": "Paint one frame of a talk.",
    "graph": "Show the render graph of a talk.",
    "why": "Say why a node or a scene would run again.",
    "test": "Hold talks against what they expect of themselves.",
    "verify": "Check a finished video against its contract.",
    "fmt": "Format .vid files.",
    "convert": "Turn a talk into its YAML spelling, or back.",
    "migrate": "Bring files of an older language to the current one.",
    "lsp": "Serve an editor.",
    "explain": "Explain a diagnostic's code.",
    "docs": "Make a gallery of the standard library.",
    "doctor": "Probe what this machine can do.",
    "cache": "Look after the cache.",
    "completion": "Print a shell's completion script.",
}
"""Every command with its line in the help: listing them imports none of them."""


class Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"pvc.cli.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        add_common_options(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from difflib import get_close_matches

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f"; did you mean '{near[0]}'?" if near else "; `pvc --help` lists them"
            raise click.UsageError(f"there is no command '{args[0]}'{hint}", ctx)
        return super().resolve_command(ctx, args)


def _set(ctx: click.Context, parameter: click.Parameter, value: object) -> None:
    if value not in (None, False, 0):
        name = str(parameter.name).removeprefix("common_")
        setattr(ctx.find_root().ensure_object(Surroundings), name, value)


def _no_progress(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        ctx.find_root().ensure_object(Surroundings).progress = False


def _common_options() -> list[click.Option]:
    def option(*names: str, **rest: object) -> click.Option:
        rest.setdefault("callback", _set)
        return click.Option(names, expose_value=False, **rest)  # type: ignore[arg-type]

    return [
        option("--json", "common_json", is_flag=True, help="One JSON document on stdout, nothing else."),
        option("-q", "--quiet", "common_quiet", is_flag=True, help="Say nothing but errors."),
        option("-v", "--verbose", "common_verbose", count=True, help="Say more."),
        option("--color", "common_color", type=click.Choice(["auto", "always", "never"]), help="When to use colours."),
        option("--no-progress", "common_no_progress", is_flag=True, callback=_no_progress, help="Draw no progress."),
        option(
            "--cache-dir",
            "common_cache_dir",
            type=click.Path(path_type=Path),
            metavar="DIR",
            help="Where results are kept [PVC_CACHE_DIR].",
        ),
        option("--debug", "common_debug", is_flag=True, help="Show tracebacks."),
    ]


def add_common_options(command: click.Command) -> None:
    """Lets the common options stand behind a command's name too (of a group: behind its commands')."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            add_common_options(inner)
        return
    own = {name for parameter in command.params for name in parameter.opts}
    command.params.extend(option for option in _common_options() if not own & set(option.opts))


@click.group(
    cls=Lazy,
    params=_common_options(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Start with `pvc new my-talk`, then `pvc build my-talk/talk.vid`. `pvc COMMAND --help` has examples.",
)
@click.version_option(package_name="paper-video-compiler", prog_name="pvc", message="%(prog)s %(version)s")
def program() -> None:
    """Compile a talk about a paper, written as text, into a narrated video."""


def surroundings(near: Path | None = None) -> Surroundings:
    """The options in force, with the configuration nearest to ``near`` (a talk; else the working folder) read."""
    found = click.get_current_context().find_root().ensure_object(Surroundings)
    start = Path.cwd() if near is None else near.absolute().parent
    path = find_config(start)
    if path is not None:
        found.config = read_config(path)
    return found


def exit_code(error: PvcError) -> int:
    """What a failure means to a script."""
    if isinstance(error, StoreError | EngineError):
        return 3
    if isinstance(error, MediaError):
        return 3 if error.code == "PVC0903" else 1
    return 3 if error.code == "PVC0903" else 2


_SURROUNDINGS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENAMETOOLONG, errno.EIO})
"""What a system says where no program is at fault: a full disk, one that cannot be written, a name too long for it."""


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and gives its exit code. Never lets an exception out."""
    chosen = Surroundings()
    try:
        code = program.main(list(arguments), prog_name="pvc", standalone_mode=False, obj=chosen)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        if chosen.json or _asks_for_json(arguments):  # what is wrong may stand before the option that asks for it
            from pvc.cli.report import show_failure

            chosen.json = True
            show_failure(_misused(error), chosen)
        else:
            error.show()
        return 2
    except (KeyboardInterrupt, Cancelled, click.Abort):
        _say(chosen, "interrupted; what was finished is kept, so the next build goes on from here")
        return 130
    except PvcError as error:
        from pvc.cli.report import show_failure

        show_failure(error, chosen)
        if chosen.debug:
            raise
        return exit_code(error)
    except BrokenPipeError:  # `pvc graph | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if chosen.debug:
            raise
        if isinstance(error, OSError) and error.errno in _SURROUNDINGS:
            from pvc.cli.report import show_failure

            chosen.json = chosen.json and bool(error.filename)  # it is stdout itself that cannot be written
            told = (error.strerror or str(error)).lower()
            where = (
                f"{os.fsdecode(error.filename)} cannot be used" if error.filename else "the output cannot be written"
            )
            show_failure(PvcError("PVC0903", f"{where}: {told}", "choose another place, or make room there"), chosen)
            return 3
        from pvc.cli.bug import show_bug

        show_bug(error, arguments, chosen)
        return 2


def _asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether a command line that could not be read is one of a program that waits for JSON."""
    options = list(arguments)[: arguments.index("--")] if "--" in arguments else list(arguments)
    return "--json" in options or "--format=json" in options or ("--format", "json") in pairwise(options)


def _misused(error: click.ClickException) -> PvcError:
    """A command line that means nothing, as a failure like any other."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    asked = context.command_path if context is not None else "pvc"
    said = (
        error.format_message() if not isinstance(error, click.exceptions.NoArgsIsHelpError) else "a command is missing"
    )
    message = said[:1].upper() + said[1:].rstrip(".")
    return PvcError("PVC0915", message, f"`{asked} --help` shows how it is used")


def _say(chosen: Surroundings, text: str) -> None:
    if not chosen.quiet:
        print(text, file=sys.stderr)
