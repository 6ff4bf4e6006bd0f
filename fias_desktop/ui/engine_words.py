"""What the engine says to people, in the language of the window: banners, reasons of the ledger, device words.

The engine speaks English and knows no window; its sentences are translated where they are shown. A place such as `{0}`
stands for a name or a number. A sentence that is not listed here is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QCoreApplication

from fias_desktop.ui import names
from fias_desktop.ui.translation import QT_TRANSLATE_NOOP

_SOURCES = (
    QT_TRANSLATE_NOOP("engine", "No camera was found."),
    QT_TRANSLATE_NOOP("engine", "Plug a camera in and try again, or open a video file, a stream or the demo."),
    QT_TRANSLATE_NOOP("engine", "Plug a camera in, or open a video file or the demo."),
    QT_TRANSLATE_NOOP("engine", "There is no camera called {0}."),
    QT_TRANSLATE_NOOP("engine", "{0} cameras are called {1}."),
    QT_TRANSLATE_NOOP("engine", "Known cameras: {0}."),
    QT_TRANSLATE_NOOP("engine", "Choose one by its number."),
    QT_TRANSLATE_NOOP("engine", "The camera {0} was lost."),
    QT_TRANSLATE_NOOP("engine", "Check its cable."),
    QT_TRANSLATE_NOOP("engine", "The camera {0} delivers no picture."),
    QT_TRANSLATE_NOOP("engine", "Close other programs that use it, open its shutter, or plug it in again."),
    QT_TRANSLATE_NOOP("engine", "The camera {0} may not be used by this account."),
    QT_TRANSLATE_NOOP("engine", "Add the account to the group `video` and log in again."),
    QT_TRANSLATE_NOOP("engine", "The camera {0} could not be opened."),
    QT_TRANSLATE_NOOP(
        "engine",
        "Check that it is plugged in, that no other program uses it and that this program may use cameras;"
        " or open a video file or the demo.",
    ),
    QT_TRANSLATE_NOOP("engine", "{0} is back."),
    QT_TRANSLATE_NOOP("engine", "The pictures are back."),
    QT_TRANSLATE_NOOP("engine", "{0} stopped sending pictures."),
    QT_TRANSLATE_NOOP("engine", "Check the cable or the address."),
    QT_TRANSLATE_NOOP("engine", "It is tried again every {0} seconds."),
    QT_TRANSLATE_NOOP("engine", "The stream {0} was lost."),
    QT_TRANSLATE_NOOP("engine", "Check the address, the network and that the camera is switched on."),
    QT_TRANSLATE_NOOP("engine", "{0} sends no video."),
    QT_TRANSLATE_NOOP("engine", "{0} answers, but not with a video."),
    QT_TRANSLATE_NOOP("engine", "{0} answers, but there is no stream at this path."),
    QT_TRANSLATE_NOOP("engine", "{0} did not answer within {1} seconds."),
    QT_TRANSLATE_NOOP("engine", "{0} asks for a user name and a password (http://user:password@...)."),
    QT_TRANSLATE_NOOP("engine", "{0} does not answer with a video."),
    QT_TRANSLATE_NOOP("engine", "{0} does not answer."),
    QT_TRANSLATE_NOOP("engine", "This is a rendered athlete, not a person."),
)
_FILES = (
    QT_TRANSLATE_NOOP("engine", "{0} does not exist."),
    QT_TRANSLATE_NOOP("engine", "{0} is empty (0 bytes)."),
    QT_TRANSLATE_NOOP("engine", "{0} is not a video this program can read, or it is cut off."),
    QT_TRANSLATE_NOOP("engine", "{0} holds no picture that can be read."),
    QT_TRANSLATE_NOOP("engine", "{0} is so damaged that reading it failed; it was not opened."),
    QT_TRANSLATE_NOOP("engine", "{0} may not be read."),
    QT_TRANSLATE_NOOP("engine", "{0} could not be opened."),
    QT_TRANSLATE_NOOP("engine", "{0} could not be opened within {1} seconds."),
    QT_TRANSLATE_NOOP("engine", "{0} could not be checked."),
    QT_TRANSLATE_NOOP("engine", "{0} could not be checked: {1}."),
    QT_TRANSLATE_NOOP("engine", "{0} could not be read: {1}."),
    QT_TRANSLATE_NOOP("engine", "The folder {0} holds no pictures that can be read."),
    QT_TRANSLATE_NOOP("engine", "{0} images could not be read and were left out."),
    QT_TRANSLATE_NOOP("engine", "The file is cut off: about {0} of {1} seconds are there."),
    QT_TRANSLATE_NOOP("engine", "The file is damaged: only {0} of {1} pictures could be read."),
    QT_TRANSLATE_NOOP("engine", "What could be read was shown."),
    QT_TRANSLATE_NOOP("engine", "Choose another file."),
    QT_TRANSLATE_NOOP("engine", "Choose another folder."),
    QT_TRANSLATE_NOOP("engine", "Choose a folder with JPEG or PNG files."),
    QT_TRANSLATE_NOOP("engine", "Record or copy it again, or choose another file."),
    QT_TRANSLATE_NOOP("engine", "Change the file's permissions or copy it to a folder of yours."),
    QT_TRANSLATE_NOOP("engine", "Check the path, or choose the file with the file dialog."),
    QT_TRANSLATE_NOOP("engine", "Start the program again; if that does not help, install it again."),
    QT_TRANSLATE_NOOP("engine", "Close other programs."),
    QT_TRANSLATE_NOOP("engine", "{0} could not be written: {1}."),
    QT_TRANSLATE_NOOP("engine", "The folder {0} cannot be made: {1}."),
    QT_TRANSLATE_NOOP("engine", "Free some space and try again."),
    QT_TRANSLATE_NOOP("engine", "Free some space or choose another folder."),
    QT_TRANSLATE_NOOP("engine", "Free some space or set FIAS_HOME."),
    QT_TRANSLATE_NOOP("engine", "Free some space or set FIAS_HOME to another folder."),
    QT_TRANSLATE_NOOP("engine", "Check the disk and try again."),
    QT_TRANSLATE_NOOP("engine", "{0} is no name for captions."),
    QT_TRANSLATE_NOOP("engine", "Choose a name that ends with .srt or .vtt."),
)
_PROGRAM = (
    QT_TRANSLATE_NOOP("engine", "There is no set to speak about yet."),
    QT_TRANSLATE_NOOP("engine", "Do a few repetitions first."),
    QT_TRANSLATE_NOOP("engine", "The engine could not be started."),
    QT_TRANSLATE_NOOP("engine", "Look at the first message, then start FIAS again."),
    QT_TRANSLATE_NOOP("engine", "The program's own files are missing."),
    QT_TRANSLATE_NOOP("engine", "Install FIAS Desktop again."),
    QT_TRANSLATE_NOOP("engine", "{0} is missing in {1}."),
    QT_TRANSLATE_NOOP("engine", "{0} is damaged: {1}."),
    QT_TRANSLATE_NOOP("engine", "The recogniser ran out of memory."),
    QT_TRANSLATE_NOOP("engine", "Close other programs and start again."),
    QT_TRANSLATE_NOOP("engine", "The model {0} is not there."),
    QT_TRANSLATE_NOOP("engine", "Known models: {0}."),
    QT_TRANSLATE_NOOP("engine", "Choose one in the settings."),
    QT_TRANSLATE_NOOP("engine", "The model card in {0} is not complete: {1}."),
    QT_TRANSLATE_NOOP("engine", "The card of the model {0} does not fit: {1}."),
    QT_TRANSLATE_NOOP("engine", "{0} of the model {1} cannot be read: {2}."),
    QT_TRANSLATE_NOOP("engine", "{0} of the model {1} is empty."),
    QT_TRANSLATE_NOOP("engine", "{0} of the model {1} is damaged or not the file its card names."),
    QT_TRANSLATE_NOOP("engine", "{0} of the model {1} holds values that are not numbers."),
    QT_TRANSLATE_NOOP("engine", "The weights of the model {0} do not fit its card: {1}."),
    QT_TRANSLATE_NOOP("engine", "Import the model again."),
    QT_TRANSLATE_NOOP("engine", "Import the model again, or install FIAS Desktop again if it came with the program."),
    QT_TRANSLATE_NOOP("engine", "This model needs the picture of the person as well as the joints."),
    QT_TRANSLATE_NOOP("engine", "Use it with a camera or a video, or choose a model that needs joints only."),
    QT_TRANSLATE_NOOP("engine", "The pose estimator (mediapipe) is not installed."),
    QT_TRANSLATE_NOOP("engine", "The pose estimator cannot start: {0}."),
    QT_TRANSLATE_NOOP("engine", "The pose estimator failed: {0}."),
    QT_TRANSLATE_NOOP("engine", "The pose model {0} cannot be read: {1}."),
    QT_TRANSLATE_NOOP("engine", "{0} is not a pose model, or it is damaged."),
    QT_TRANSLATE_NOOP("engine", "Until then the bundled pose model is used."),
    QT_TRANSLATE_NOOP("engine", "Start the source again; if it goes on, install the program again."),
    QT_TRANSLATE_NOOP("engine", "Choose another pose model, or install FIAS Desktop again."),
    QT_TRANSLATE_NOOP("engine", "Choose another .task file, or none to use the one that comes with the program."),
    QT_TRANSLATE_NOOP(
        "engine",
        "Squats, lunges and push-ups of one adult, whole body in the picture. Trained on simulated movement and a"
        " little motion capture, not on real video: form errors are hints. Not a medical device.",
    ),
)
_LANGUAGE_MODEL = (
    QT_TRANSLATE_NOOP("engine", "Until then the phrasebook speaks."),
    QT_TRANSLATE_NOOP("engine", "It starts again by itself."),
    QT_TRANSLATE_NOOP("engine", "Start again."),
    QT_TRANSLATE_NOOP(
        "engine", "Choose another GGUF file in the settings, or leave the field empty for the bundled model."
    ),
    QT_TRANSLATE_NOOP("engine", "The language model {0} is empty (0 bytes)."),
    QT_TRANSLATE_NOOP("engine", "The language model {0} cannot be read: {1}."),
    QT_TRANSLATE_NOOP("engine", "The language model {0} is damaged: {1}."),
    QT_TRANSLATE_NOOP("engine", "{0} is not a GGUF file."),
    QT_TRANSLATE_NOOP("engine", "{0} has GGUF version {1}, which is not supported."),
    QT_TRANSLATE_NOOP("engine", "The language model {0} needs about {1} GB of memory, but only {2} GB are free."),
    QT_TRANSLATE_NOOP("engine", "Close other programs or choose a smaller model in the settings."),
    QT_TRANSLATE_NOOP("engine", "The language model {0} could not be loaded: {1}."),
    QT_TRANSLATE_NOOP("engine", "The language model {0} was not loaded within {1} s."),
    QT_TRANSLATE_NOOP("engine", "The language model {0} could not answer: {1}."),
    QT_TRANSLATE_NOOP("engine", "The language model {0} took longer than {1} s to answer."),
    QT_TRANSLATE_NOOP("engine", "The language model {0} took more than the {1} of memory it may take."),
    QT_TRANSLATE_NOOP("engine", "The language model {0} stopped unexpectedly."),
    QT_TRANSLATE_NOOP("engine", "The language model {0} stopped {1} times in a row."),
    QT_TRANSLATE_NOOP("engine", "The language model's process cannot start: {0}."),
    QT_TRANSLATE_NOOP("engine", "The language model was closed."),
    QT_TRANSLATE_NOOP("engine", "Another model with the name {0} is there already."),
    QT_TRANSLATE_NOOP("engine", "Rename the file that you want to import, or delete the other model first."),
    QT_TRANSLATE_NOOP("engine", "{0} is not one of your models, so it is not deleted."),
    QT_TRANSLATE_NOOP("engine", "Delete it by hand."),
    QT_TRANSLATE_NOOP("engine", "{0} cannot be deleted: {1}."),
    QT_TRANSLATE_NOOP("engine", "Close what uses it and try again."),
    QT_TRANSLATE_NOOP("engine", "This model is there already: {0} ({1})."),
    QT_TRANSLATE_NOOP("engine", "Choose “Use” there."),
    QT_TRANSLATE_NOOP("engine", "{0} is only one of {1} parts of a model."),
    QT_TRANSLATE_NOOP("engine", "Use a model that is a single file."),
    QT_TRANSLATE_NOOP("engine", "{0} is no language model (its architecture is {1})."),
    QT_TRANSLATE_NOOP("engine", "Choose a chat model."),
    QT_TRANSLATE_NOOP("engine", "The disk has {0} GB free, but {1} GB are needed."),
    QT_TRANSLATE_NOOP("engine", "The disk is full: {0} could not be written."),
    QT_TRANSLATE_NOOP("engine", "Another download is under way."),
    QT_TRANSLATE_NOOP("engine", "Wait for it, or pause it first."),
    QT_TRANSLATE_NOOP("engine", "{0} is there already."),
    QT_TRANSLATE_NOOP("engine", "Delete it first to download it again."),
    QT_TRANSLATE_NOOP("engine", "The download from {0} stopped: {1}."),
    QT_TRANSLATE_NOOP("engine", "Press “Continue” to try again; what has arrived is kept."),
    QT_TRANSLATE_NOOP("engine", "What arrived from {0} is not the promised file: {1}."),
    QT_TRANSLATE_NOOP("engine", "It was thrown away."),
    QT_TRANSLATE_NOOP("engine", "Try again later, or look for a newer catalogue."),
    QT_TRANSLATE_NOOP("engine", "The file on {0} has another size than the catalogue says ({1} bytes instead of {2})."),
    QT_TRANSLATE_NOOP("engine", "It was probably changed since; look for a newer catalogue."),
    QT_TRANSLATE_NOOP("engine", "{0} wants a password ({1})."),
    QT_TRANSLATE_NOOP("engine", "{0} refuses it ({1})."),
    QT_TRANSLATE_NOOP("engine", "{0} does not have it ({1})."),
    QT_TRANSLATE_NOOP("engine", "{0} does not have it any more ({1})."),
    QT_TRANSLATE_NOOP("engine", "{0} answered with an error ({1})."),
    QT_TRANSLATE_NOOP("engine", "{0} sends us on to an unsafe address ({1})."),
    QT_TRANSLATE_NOOP("engine", "Look for a newer catalogue, or fetch the file with a browser and import it."),
    QT_TRANSLATE_NOOP("engine", "{0} cannot prove who it is ({1})."),
    QT_TRANSLATE_NOOP("engine", "Check the clock of this machine and its network."),
    QT_TRANSLATE_NOOP("engine", "The server does not go on where the download stopped."),
    QT_TRANSLATE_NOOP("engine", "Cancel it and start again."),
    QT_TRANSLATE_NOOP("engine", "The smallest one; quick on any machine, simple in its words."),
    QT_TRANSLATE_NOOP("engine", "A good balance of wording and speed."),
    QT_TRANSLATE_NOOP("engine", "English only."),
    QT_TRANSLATE_NOOP("engine", "3.8 billion parameters; wants a graphics card or patience."),
    QT_TRANSLATE_NOOP("engine", "Strong for its size; wants a graphics card or patience."),
    QT_TRANSLATE_NOOP("engine", "The largest here; for a graphics card with 6 GB or more."),
    QT_TRANSLATE_NOOP("engine", "English"),
    QT_TRANSLATE_NOOP("engine", "Chinese"),
    QT_TRANSLATE_NOOP("engine", "and more"),
)
_LEDGER = (
    QT_TRANSLATE_NOOP("engine", "Not counted: {0}."),
    QT_TRANSLATE_NOOP("engine", "Not counted: the recogniser takes it for {0} ({1})."),
    QT_TRANSLATE_NOOP("engine", "It is still under way."),
)
# What may stand in a place of the sentences above, or alone.
_PARTS = (
    QT_TRANSLATE_NOOP("engine", "squat"),
    QT_TRANSLATE_NOOP("engine", "lunge"),
    QT_TRANSLATE_NOOP("engine", "push-up"),
    QT_TRANSLATE_NOOP("engine", "idle"),
    QT_TRANSLATE_NOOP("engine", "it did not go down far enough"),
    QT_TRANSLATE_NOOP("engine", "it took only {0} s"),
    QT_TRANSLATE_NOOP("engine", "it took {0} s"),
    QT_TRANSLATE_NOOP("engine", "the bottom was held for {0} s"),
    QT_TRANSLATE_NOOP("engine", "the recording ended before the top was reached again"),
    QT_TRANSLATE_NOOP("engine", "the posture changed in the middle"),
    QT_TRANSLATE_NOOP("engine", "the top was not reached again"),
    QT_TRANSLATE_NOOP("engine", "one foot was far ahead of the other"),
    QT_TRANSLATE_NOOP("engine", "only one knee was bent"),
    QT_TRANSLATE_NOOP("engine", "the knees were hardly bent"),
    QT_TRANSLATE_NOOP("engine", "knees and hips did not bend together"),
    QT_TRANSLATE_NOOP("engine", "the hips were hardly bent"),
    QT_TRANSLATE_NOOP("engine", "the feet moved apart or together"),
    QT_TRANSLATE_NOOP("engine", "the hands went to the floor"),
    QT_TRANSLATE_NOOP("engine", "the trunk was bent over or leaned back"),
    QT_TRANSLATE_NOOP("engine", "the weight went behind the feet, as when sitting down"),
    QT_TRANSLATE_NOOP("engine", "the weight was behind the feet, as when sitting"),
    QT_TRANSLATE_NOOP("engine", "the feet were level"),
    QT_TRANSLATE_NOOP("engine", "the front knee was hardly bent"),
    QT_TRANSLATE_NOOP("engine", "the chest did not face the floor"),
    QT_TRANSLATE_NOOP("engine", "one hand left the floor"),
    QT_TRANSLATE_NOOP("engine", "one leg was raised or drawn up"),
    QT_TRANSLATE_NOOP("engine", "the elbows were hardly bent"),
    QT_TRANSLATE_NOOP("engine", "CPU (chosen in the settings)"),
    QT_TRANSLATE_NOOP("engine", "CPU (no CUDA or MPS device)"),
    QT_TRANSLATE_NOOP("engine", "CPU ({0} was chosen but is not available)"),
    QT_TRANSLATE_NOOP("engine", "CPU ({0} ran out of memory)"),
    QT_TRANSLATE_NOOP("engine", "CPU ({0} has too little memory)"),
    QT_TRANSLATE_NOOP("engine", "CPU (GPU delegate failed: {0})"),
    QT_TRANSLATE_NOOP("engine", "CPU, {0} thread"),
    QT_TRANSLATE_NOOP("engine", "CPU, {0} threads"),
    QT_TRANSLATE_NOOP("engine", "CPU, {0} thread, {1}"),
    QT_TRANSLATE_NOOP("engine", "CPU, {0} threads, {1}"),
    QT_TRANSLATE_NOOP("engine", "GPU, all layers"),
    QT_TRANSLATE_NOOP("engine", "GPU, {0} layers"),
    QT_TRANSLATE_NOOP("engine", "the GPU failed"),
    QT_TRANSLATE_NOOP("engine", "the GPU had no room for it"),
    QT_TRANSLATE_NOOP("engine", "this llama.cpp knows no GPU"),
    QT_TRANSLATE_NOOP("engine", "{0} ({1})"),
    QT_TRANSLATE_NOOP("engine", "Demo"),
    QT_TRANSLATE_NOOP("engine", "Demo: {0}"),
    QT_TRANSLATE_NOOP("engine", "loading"),
    QT_TRANSLATE_NOOP("engine", "not loaded"),
    QT_TRANSLATE_NOOP("engine", "unloaded until it is asked"),
    QT_TRANSLATE_NOOP("engine", "off"),
    QT_TRANSLATE_NOOP("engine", "phrasebook"),
    QT_TRANSLATE_NOOP("engine", "No such file or directory"),
    QT_TRANSLATE_NOOP("engine", "Permission denied"),
    QT_TRANSLATE_NOOP("engine", "No space left on device"),
    QT_TRANSLATE_NOOP("engine", "the connection broke"),
    QT_TRANSLATE_NOOP("engine", "more arrived than the catalogue says"),
    QT_TRANSLATE_NOOP("engine", "its SHA-256 is not the one in the catalogue"),
)
_NETWORKS = (
    QT_TRANSLATE_NOOP("engine", "The model {0} names {1}, and no exercise."),
    QT_TRANSLATE_NOOP(
        "engine",
        "Repetitions are counted and judged by the body's movement alone. Choose another model to have them named.",
    ),
    QT_TRANSLATE_NOOP("engine", "The network {0} of the model {1} is not known."),
    QT_TRANSLATE_NOOP("engine", "Known: {0}."),
    QT_TRANSLATE_NOOP("engine", "The streams of the model {0} are {1}."),
    QT_TRANSLATE_NOOP("engine", "Name some of {0}, each once."),
    QT_TRANSLATE_NOOP("engine", "The model {0} asks for {1} blocks."),
    QT_TRANSLATE_NOOP("engine", "There are networks of {0} blocks."),
    QT_TRANSLATE_NOOP("engine", "The model {0} asks for {1} units."),
    QT_TRANSLATE_NOOP("engine", "There are networks of {0} units."),
    QT_TRANSLATE_NOOP("engine", "The model {0} asks for solver {1}."),
    QT_TRANSLATE_NOOP("engine", "Known: {0}, from 0 on."),
    QT_TRANSLATE_NOOP("engine", "There is no joint {0}."),
    QT_TRANSLATE_NOOP("engine", "No joint is named for the attention stream."),
    QT_TRANSLATE_NOOP("engine", "Joints of this skeleton: {0}."),
    QT_TRANSLATE_NOOP("engine", "The card of the model {0} asks for no pictures."),
    QT_TRANSLATE_NOOP("engine", "The {0} weights in {1} do not fit: {2} is missing."),
    QT_TRANSLATE_NOOP("engine", "The {0} weights in {1} do not fit: {2}."),
    QT_TRANSLATE_NOOP("engine", "The {0} weights in {1} hold values that are not numbers: {2}."),
    QT_TRANSLATE_NOOP("engine", "The {0} weights in {1} cannot be read: {2}."),
    QT_TRANSLATE_NOOP("engine", "{0} is a pickled checkpoint, which could run a program when opened."),
    QT_TRANSLATE_NOOP("engine", "{0} is not a demo."),
    QT_TRANSLATE_NOOP("engine", "The demo's {0} is not a number from {1} to {2}."),
    QT_TRANSLATE_NOOP("engine", "The demo's {0} is not a size such as {1}."),
    QT_TRANSLATE_NOOP("engine", "The demo has no option {0}."),
    QT_TRANSLATE_NOOP("engine", "Options: {0}."),
    QT_TRANSLATE_NOOP("engine", "The demo needs an exercise for its error, reps and tempo."),
    QT_TRANSLATE_NOOP("engine", "The demo does not know {0}."),
    QT_TRANSLATE_NOOP("engine", "It knows {0}."),
    QT_TRANSLATE_NOOP("engine", "No exercise shown has the error {0}."),
    QT_TRANSLATE_NOOP("engine", "Known errors: {0}."),
    QT_TRANSLATE_NOOP("engine", "Write for example: {0}"),
    QT_TRANSLATE_NOOP("engine", "{0} cannot be used with a folder."),
    QT_TRANSLATE_NOOP("engine", "This version of mediapipe brings no pose model ({0})."),
    QT_TRANSLATE_NOOP("engine", "Install mediapipe {0}, or choose a pose model file (.task) in the settings."),
    QT_TRANSLATE_NOOP("engine", "{0} holds no picture."),
    QT_TRANSLATE_NOOP("engine", "What could be read was analysed."),
)
_TITLES = (
    QT_TRANSLATE_NOOP("engine", "{0} compact"),
    QT_TRANSLATE_NOOP("engine", "FIAS coach"),
)
_ALL = (*_SOURCES, *_FILES, *_PROGRAM, *_LANGUAGE_MODEL, *_NETWORKS, *_LEDGER, *_PARTS)
_PLACE = re.compile(r"\{\d\}")


def engine_text(text: str) -> str:
    """A text of the engine in the language of the window: one sentence or several, with names and numbers in it."""
    if text in _ALL:
        return QCoreApplication.translate("engine", text)
    # A place could swallow the end of its sentence and the whole next one: sentence by sentence before that.
    return _by_sentence(text) or _known(text, _ALL) or text


def _by_sentence(text: str) -> str:
    """Its first sentence and the rest, where the first is known; empty otherwise."""
    for end in re.finditer(r"\. ", text):
        first = _known(text[: end.start() + 1], _ALL)
        if first:
            return names.paragraph(first, engine_text(text[end.end() :]))
    return ""


def model_title(title: str) -> str:
    """A bundled model's title in the language of the window; any other title is shown as it is."""
    return filled(title, _TITLES, _PARTS) or title


def _known(text: str, table: Sequence[str]) -> str:
    return filled(text, table, _PARTS)


def filled(text: str, table: Sequence[str], parts: Sequence[str]) -> str:
    """The translation of a text that is in the table, or is one with its places filled in, by one of `parts` or by
    anything else; empty otherwise."""
    if text in table:
        return QCoreApplication.translate("engine", text)
    for pattern, sentence in _patterns(tuple(table)):
        found = pattern.fullmatch(text)
        if found:
            words = [filled(part, parts, parts) or part for part in found.groups()]
            return QCoreApplication.translate("engine", sentence).format(*words)
    return ""


@cache
def _patterns(table: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The sentences with places, those with the most words of their own first."""
    open_ones = sorted((text for text in table if _PLACE.search(text)), key=lambda text: -len(_PLACE.sub("", text)))
    return tuple((re.compile("(.+?)".join(re.escape(part) for part in _PLACE.split(text))), text) for text in open_ones)
