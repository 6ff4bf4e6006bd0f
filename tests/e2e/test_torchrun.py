from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from fias_desktop.models.contract import Batch, Output
from trainer.learn.fit import CHECKPOINT, CURVES, Examples, Task, fit
from trainer.recipe import Optimisation

ROOT = Path(__file__).parents[2]
MINUTE_S = 60


class Plain(nn.Module):
    """A network without batch norm, whose gradient over a batch is the mean of those over its halves."""

    def __init__(self, batch_norm: bool) -> None:
        super().__init__()
        self.inner = nn.Linear(15, 8)
        self.norm: nn.Module = nn.BatchNorm1d(8) if batch_norm else nn.LayerNorm(8)
        self.head = nn.Linear(8, 3)

    def forward(self, batch: Batch) -> Output:
        """Logits (N, K) of the first posture."""
        return Output(self.head(torch.tanh(self.norm(self.inner(batch.joints[:, 0].flatten(1))))), ())


def _unchanged(joints: Tensor, rng: torch.Generator) -> Tensor:
    return joints


def _loss(output: Output, examples: Examples) -> Tensor:
    return nn.functional.cross_entropy(output.logits, examples.label)


def train(folder: Path, batch_norm: bool) -> nn.Module:
    """A tiny run, the same however many processes share it; each writes the weights that it ended with."""
    rng = torch.Generator().manual_seed(0)
    label = torch.arange(48) % 3
    joints = torch.randn(48, 4, 5, 3, generator=rng) + label[:, None, None, None]
    rank = os.environ.get("RANK", "alone")
    torch.manual_seed(7 if rank == "1" else 0)  # what the first process has counts
    options = Optimisation(
        epochs=3, minutes=float("inf"), batch=12, learning_rate=0.01, bfloat16=False, threads=1, device="cpu"
    )
    task = Task(("a", "b", "c"), _unchanged, _loss)
    examples = Examples(joints, label)
    network = fit(Plain(batch_norm), examples, examples, task, options, folder / "run")
    torch.save(network.state_dict(), folder / f"{rank}.pt")
    return network


def _two_processes(folder: Path, batch_norm: bool) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    command += [str(Path(__file__)), str(folder), str(int(batch_norm))]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=5 * MINUTE_S, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def _weights(path: Path) -> dict[str, Tensor]:
    loaded: dict[str, Tensor] = torch.load(path, weights_only=True)
    return loaded


def _same(first: dict[str, Tensor], second: dict[str, Tensor], tolerance: float) -> bool:
    return all(torch.allclose(first[name], second[name], rtol=0, atol=tolerance) for name in first)


@pytest.mark.parametrize("batch_norm", [False, True])
def test_two_processes_make_the_run_of_one(tmp_path: Path, batch_norm: bool) -> None:
    _two_processes(tmp_path, batch_norm)
    first, second = _weights(tmp_path / "0.pt"), _weights(tmp_path / "1.pt")
    assert _same(first, second, 0.0)
    assert {path.name for path in (tmp_path / "run").iterdir()} == {CHECKPOINT, CURVES, "run.json"}
    assert len((tmp_path / "run" / CURVES).read_text(encoding="utf-8").splitlines()) == 1 + 3
    (tmp_path / "one").mkdir()
    alone = train(tmp_path / "one", batch_norm).state_dict()
    # Batch norms see half the rows in each process on the CPU: such a run is alike, not the same.
    assert _same(first, alone, 0.3 if batch_norm else 1e-5)
    assert _same(first, alone, 1e-5) != batch_norm


if __name__ == "__main__":
    train(Path(sys.argv[1]), sys.argv[2] == "1")
