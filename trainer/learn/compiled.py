"""Training steps through `torch.compile`, where a C++ compiler is at hand."""

from __future__ import annotations

from rich.console import Console
from torch import Tensor, compile, nn
from torch._dynamo.exc import BackendCompilerFailed

from fias_desktop.models.contract import Batch, Output

_Answer = tuple[Tensor, Tensor | None, dict[str, Tensor], Tensor | None]


class Compiled:
    """A network whose forward and backward passes are compiled at the first batch.

    Its output holds no feature maps: nobody reads them, so they need not be kept. Without a working compiler it says so
    once and runs the network as it is.
    """

    def __init__(self, network: nn.Module, console: Console) -> None:
        self._network, self._console = network, console
        self._forward = compile(self._logits)

    def __call__(self, batch: Batch) -> Output:
        """The answer to a batch."""
        try:
            logits, frames, aux, errors = self._forward(batch.joints, batch.mask, batch.clip)
        except BackendCompilerFailed as error:
            reason = " ".join(str(error).split())
            self._console.print(f"Steps are not compiled, since that does not work here: {reason}", markup=False)
            self._forward = self._logits
            logits, frames, aux, errors = self._logits(batch.joints, batch.mask, batch.clip)
        return Output(logits, (), None, frames, aux, errors)

    def _logits(self, joints: Tensor, mask: Tensor, clip: Tensor | None) -> _Answer:
        output: Output = self._network(Batch(joints, mask, clip))
        return output.logits, output.frame_logits, output.aux, output.error_logits
