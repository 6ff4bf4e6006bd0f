"""A network that foresees as a model folder: weights, ONNX graph and card, with its figures on unseen bodies."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.models.infogcnpp_foresight import Foresight
from fias_desktop.models.model_files import ONNX, WEIGHTS
from fias_desktop.resources import sha256
from fias_desktop.stages.foresee import INPUT, OUTPUT
from trainer.export import CARD, OPSET, card_text
from trainer.foresight.judge import card_figures
from trainer.foresight.moments import simulated_moments
from trainer.foresight.train import CACHE
from trainer.recipe import Recipe

TEST_VIEWS = 150


def write_model(folder: Path, recipe: Recipe, network: Foresight) -> Path:
    """Write weights, ONNX graph and card of a trained network, judged on bodies it has not seen."""
    spec = recipe.spec
    test = simulated_moments(TEST_VIEWS, recipe.data.seed, "test", spec, CACHE)
    figures = card_figures(test, network, spec)
    arrays = {name: np.ascontiguousarray(values.numpy()) for name, values in network.state_dict().items()}
    return write_files(folder, replace(spec, figures=figures), network, arrays)


def write_files(folder: Path, spec: ModelSpec, network: Foresight, arrays: Mapping[str, NDArray[Any]]) -> Path:
    """The three files of a model, the card with their hashes."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(dict(arrays), folder / WEIGHTS)
    (folder / WEIGHTS).chmod(0o644)  # safetensors writes a file only its owner can read
    write_onnx(network, spec, folder / ONNX)
    hashes = {name: sha256(folder / name) for name in (WEIGHTS, ONNX)}
    (folder / CARD).write_text(card_text(replace(spec, hashes=hashes)), encoding="utf-8")
    return folder


def write_onnx(network: Foresight, spec: ModelSpec, path: Path) -> None:
    """Trace the network to ONNX with a free batch size."""
    example = torch.rand(2, spec.frames, skeleton(spec.skeleton).num_joints, spec.channels)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the TorchScript exporter announces its age; the newer one needs onnxscript
        torch.onnx.export(
            network.eval(),
            (example,),
            str(path),
            dynamo=False,
            opset_version=OPSET,
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamic_axes={INPUT: {0: "windows"}, OUTPUT: {0: "windows"}},
        )
