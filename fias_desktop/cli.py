"""The command line: `fias analyse`, `fias doctor`, `fias bench`. Nothing here needs a window or Qt."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fias_desktop import settings as stored
from fias_desktop.domain.errors import FiasError
from fias_desktop.resources import data_dir

if TYPE_CHECKING:
    from rich.progress import TaskID

    from fias_desktop.store.schema import Analysis, Json

COMMANDS = ("analyse", "analyze", "doctor", "bench")
INTERRUPTED = 130


def main_with(arguments: Sequence[str]) -> int:
    """Run one command; the exit code: 0, 1 after an error, 2 for a wrong call, 130 after Ctrl+C."""
    options = parser().parse_args(arguments)
    threading.excepthook = _thread_failed
    return guarded(lambda: int(options.run(options)))


def guarded(run: Callable[[], int]) -> int:
    """Run something for a person: every error is a message with a next step, never a traceback."""
    try:
        return run()
    except FiasError as error:
        complain(error)
        return 1
    except KeyboardInterrupt:
        print("fias: stopped", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        return 1
    except Exception as error:  # noqa: BLE001  the last stop before a person sees a traceback; nothing is hidden: it is logged
        unexpected(error)
        return 1


def _thread_failed(failure: threading.ExceptHookArgs) -> None:
    """An unexpected error in a thread of the engine: logged like any other, never printed as a traceback."""
    unexpected(failure.exc_value or failure.exc_type())


def unexpected(error: BaseException) -> None:
    """A mistake of the program: a short message, and the details in a log file."""
    complain(FiasError(f"Something unexpected went wrong: {type(error).__name__}: {error}.", _logged(error)))


def complain(error: FiasError, about: str = "") -> None:
    """Print a message with its hint on the error output."""
    print(f"fias: {about}{error.user_message}", file=sys.stderr)
    if error.hint:
        print(f"      {error.hint}", file=sys.stderr)


def _logged(error: BaseException) -> str:
    """Keep the details of an exception in a file; where that file is, in words."""
    try:
        folder = data_dir() / "logs"
        folder.mkdir(exist_ok=True)
        path = folder / f"error-{datetime.now(UTC):%Y%m%d-%H%M%S}.log"
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except (OSError, FiasError):
        return "The details could not be written to a log file either."
    return f"The details are in {path}; please send this file with your report."


def parser() -> argparse.ArgumentParser:
    """The whole command line, so that the documentation and tests can look at it."""
    top = argparse.ArgumentParser(prog="fias", description="FIAS Desktop: a coach that sees, counts and explains.")
    commands = top.add_subparsers(dest="command", required=True, metavar="{analyse,doctor,bench}")
    analyse = commands.add_parser("analyse", aliases=["analyze"], help="analyse videos and write JSON")
    analyse.add_argument("videos", nargs="+", metavar="VIDEO", help="video files or folders of images")
    analyse.add_argument("--json", metavar="FILE", help="where the JSON goes: a file, a folder, or -")
    analyse.add_argument("--annotated", metavar="OUT.mp4", help="also write the video with skeleton, heat and counter")
    analyse.add_argument("--model", metavar="ID", help="recogniser to use (default: the one in the settings)")
    analyse.add_argument("--no-coach", action="store_true", help="no advice after sets")
    analyse.add_argument("--quiet", action="store_true", help="no progress bar and no summary")
    analyse.set_defaults(run=_analyse)
    doctor = commands.add_parser("doctor", help="check cameras, packages, models and speed on this machine")
    doctor.add_argument("--json", metavar="FILE", help="also write the findings as JSON; - is stdout")
    doctor.add_argument("--seconds", type=float, default=6.0, help="how long the live measurement runs")
    doctor.set_defaults(run=_doctor)
    bench = commands.add_parser("bench", help="measure every stage on this machine")
    bench.add_argument("--json", metavar="FILE", help="also write the figures as JSON; - is stdout")
    bench.add_argument("--seconds", type=float, default=10.0, help="how long the live measurement runs")
    bench.set_defaults(run=_bench)
    return top


def _analyse(options: argparse.Namespace) -> int:
    from fias_desktop.engine.batch import analyse

    targets = Targets.of(options.videos, options.json, options.annotated)
    settings = stored.load()
    if options.model:
        settings = settings.model_copy(update={"model_id": options.model})
    done: list[Analysis] = []
    failed = False
    with Bar(options.quiet) as bar:
        for number, video in enumerate(options.videos):
            bar.begin(Path(video).name)
            try:
                analysis = analyse(
                    video,
                    settings=settings,
                    annotated=targets.annotated[number],
                    coach=not options.no_coach,
                    on_progress=bar.advance,
                )
            except FiasError as error:
                failed = True
                bar.complain(error, video)
                continue
            bar.summarise(analysis)
            for problem in analysis.problems:
                failed = True
                bar.complain(problem, video)
            done.append(analysis)
            targets.write_one(number, analysis)
    targets.write_all(done)
    return int(failed)


@dataclass(frozen=True)
class Targets:
    """Where the results of several videos go: `json` and `annotated` hold one path (or None) for each video, `together`
    the one file for all of them, `-` being the standard output."""

    json: tuple[Path | None, ...]
    annotated: tuple[Path | None, ...]
    together: str | None
    as_list: bool

    @classmethod
    def of(cls, videos: Sequence[str], json_text: str | None, annotated_text: str | None) -> Targets:
        """One video: the files named. Several: one JSON list, or one file a video where a folder is named; annotated
        videos of several need a folder. FiasError before any work when a folder is missing."""
        nothing: tuple[Path | None, ...] = (None,) * len(videos)
        names = _unique_names(videos)
        jsons, together = nothing, json_text
        if json_text is not None and json_text != "-" and _is_folder(json_text):
            jsons, together = tuple(_folder(json_text) / f"{name}.json" for name in names), None
        elif json_text is not None and json_text != "-":
            _folder(str(Path(json_text).parent))
        drawn = nothing
        if annotated_text is not None and _is_folder(annotated_text):
            drawn = tuple(_folder(annotated_text) / f"{name}.annotated.mp4" for name in names)
        elif annotated_text is not None and len(videos) > 1:
            raise FiasError("Several videos cannot be drawn into one file.", "Name an existing folder for --annotated.")
        elif annotated_text is not None:
            drawn = (_folder(str(Path(annotated_text).parent)) / Path(annotated_text).name,)
        _refuse_overwriting(videos, (*jsons, *drawn, Path(together) if together else None))
        return cls(jsons, drawn, together, as_list=len(videos) > 1)

    def write_one(self, number: int, analysis: Analysis) -> None:
        """Write the file of one video, where each has its own."""
        from fias_desktop.store.schema import write_json

        path = self.json[number]
        if path is not None:
            write_json(path, [analysis], as_list=False)

    def write_all(self, analyses: Sequence[Analysis]) -> None:
        """Write the one file for all videos; nothing when none could be analysed."""
        from fias_desktop.store.schema import json_text, write_json

        if self.together == "-" and analyses:
            print(json_text(analyses, self.as_list))
        elif self.together is not None and analyses:
            write_json(Path(self.together), analyses, self.as_list)


def _is_folder(text: str) -> bool:
    return Path(text).is_dir() or text.endswith(("/", os.sep))


def _folder(text: str) -> Path:
    folder = Path(text)
    if not folder.is_dir():
        raise FiasError(f"The folder {folder} does not exist.", "Make it first or name another one.")
    return folder


def _unique_names(videos: Sequence[str]) -> list[str]:
    """A file name for each video: its stem, with a number where two would collide."""
    names: list[str] = []
    for video in videos:
        stem, number = Path(video).stem or "analysis", 2
        name = stem
        while name in names:
            name, number = f"{stem}-{number}", number + 1
        names.append(name)
    return names


def _refuse_overwriting(videos: Sequence[str], targets: Sequence[Path | None]) -> None:
    inputs = {Path(video).absolute() for video in videos}
    for target in targets:
        if target is not None and target.absolute() in inputs:
            raise FiasError(f"{target} is one of the videos and would be overwritten.", "Choose another name.")


class Bar:
    """A progress bar on the error output, drawn only on a terminal; messages appear above it."""

    def __init__(self, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._quiet = quiet
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=self._console, disable=quiet or not self._console.is_terminal)
        self._task: TaskID | None = None

    def begin(self, name: str) -> None:
        """The next video."""
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(name, total=None)

    def advance(self, done: int, total: int | None) -> None:
        """So many frames of so many are done."""
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=total)

    def summarise(self, analysis: Analysis) -> None:
        """One line about a finished video."""
        if not self._quiet:
            self._console.print(summary(analysis), markup=False)

    def complain(self, error: FiasError, video: str) -> None:
        """A problem with one video, with the bar out of the way."""
        self._progress.stop()
        named = Path(video).name in error.user_message
        complain(error, "" if named else f"{Path(video).name}: ")
        self._progress.start()

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def summary(analysis: Analysis) -> str:
    """One line: what was counted, how it was done, and how fast the analysis went."""
    counts = Counter(rep.exercise for rep in analysis.counted)
    forms = Counter(rep.form for rep in analysis.counted)
    counted = ", ".join(f"{n} x {name.replace('_', '-')}" for name, n in counts.most_common()) or "no repetition"
    form = ", ".join(f"{n} {name}" for name, n in forms.most_common())
    rejected = len(analysis.repetitions) - len(analysis.counted)
    speed = f"{analysis.performance.fps:.0f} fps, {analysis.performance.ratio_to_pose:.2f} x the time of pose"
    name = Path(analysis.source.path).name
    return f"{name}: {counted}" + (f" ({form})" if form else "") + f"; {rejected} not counted; {speed}"


def _doctor(options: argparse.Namespace) -> int:
    from fias_desktop.engine.doctor import examine
    from fias_desktop.engine.offline import NetworkWatch

    with NetworkWatch() as watch:
        findings = examine(stored.load(), watch, options.seconds)
    _show(findings.rows(), findings.to_json(), options.json, "FIAS doctor")
    return int(not findings.healthy)


def _bench(options: argparse.Namespace) -> int:
    from fias_desktop.engine.bench import measure

    figures = measure(stored.load(), options.seconds)
    _show(figures.rows(), figures.to_json(), options.json, "FIAS bench")
    return 0


def _show(rows: Sequence[tuple[str, str, str]], content: Json, target: str | None, title: str) -> None:
    """A table on the terminal, and the same as JSON where asked; only the JSON when it goes to the standard output."""
    from rich.console import Console
    from rich.table import Table

    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    if target == "-":
        print(text)
        return
    table = Table("", "", "", title=title, show_header=False, title_justify="left")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False).print(table)
    if target is not None:
        stored.write_atomically(Path(target), (text + "\n").encode())
