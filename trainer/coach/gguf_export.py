"""Writes a trained coach as a GGUF file that llama.cpp loads, and its card.

The weights go out as they are: the training network turns neighbouring channels, as llama.cpp does for `llama`, and
its embedding is tied, which llama.cpp takes from the missing output matrix.
"""

from __future__ import annotations

import json
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFWriter
from tokenizers import Tokenizer

from trainer.coach.llama import NORM_EPS, Llama
from trainer.coach.tokenizer import END, PRE

LICENCE = "Apache-2.0"
# general.file_type of llama.cpp: all in 16 bit floats, or mostly in blocks of 8 bit integers.
FILE_TYPES = {"f16": 1, "q8_0": 7}
_NAMES = {
    "attention_norm": "attn_norm",
    "attention.q": "attn_q",
    "attention.k": "attn_k",
    "attention.v": "attn_v",
    "attention.out": "attn_output",
    "mlp_norm": "ffn_norm",
    "gate": "ffn_gate",
    "up": "ffn_up",
    "down": "ffn_down",
}


def write_gguf(path: Path, model: Llama, tokenizer: Tokenizer, title: str, kind: str = "f16") -> None:
    """Write `path`; `kind` is the matrices' type, `f16` or `q8_0` (the norms stay in 32 bit)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = GGUFWriter(path, "llama")
    writer.add_name(title)
    writer.add_license(LICENCE)
    writer.add_string("fias.prompt", "facts")
    writer.add_file_type(FILE_TYPES[kind])
    _sizes(writer, model)
    _tokens(writer, tokenizer)
    for name, tensor in model.state_dict().items():
        _tensor(writer, tensor_name(name), tensor, kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def tensor_name(name: str) -> str:
    """The GGUF name of a parameter: `blocks.0.attention.q.weight` -> `blk.0.attn_q.weight`."""
    if name == "embedding.weight":
        return "token_embd.weight"
    if name == "norm.weight":
        return "output_norm.weight"
    _, number, rest = name.split(".", 2)
    return f"blk.{number}.{_NAMES[rest.removesuffix('.weight')]}.weight"


def _sizes(writer: GGUFWriter, model: Llama) -> None:
    config = model.config
    writer.add_vocab_size(config.vocabulary)
    writer.add_context_length(config.context)
    writer.add_embedding_length(config.width)
    writer.add_block_count(config.layers)
    writer.add_feed_forward_length(config.hidden)
    writer.add_head_count(config.heads)
    writer.add_head_count_kv(config.heads)
    writer.add_layer_norm_rms_eps(NORM_EPS)
    writer.add_rope_dimension_count(config.head_width)
    writer.add_rope_freq_base(config.rope_base)


def _tokens(writer: GGUFWriter, tokenizer: Tokenizer) -> None:
    """The vocabulary in order, its merges, and the end token; nothing is put before a prompt."""
    table = tokenizer.get_vocab()
    tokens = sorted(table, key=lambda token: table[token])
    control = tokenizer.token_to_id(END)
    kinds = [gguf.TokenType.CONTROL if i == control else gguf.TokenType.NORMAL for i in range(len(tokens))]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(PRE)
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(_merges(tokenizer))
    writer.add_eos_token_id(control)
    writer.add_pad_token_id(control)
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)


def _merges(tokenizer: Tokenizer) -> list[str]:
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return [row if isinstance(row, str) else " ".join(row) for row in merges]


def _tensor(writer: GGUFWriter, name: str, tensor: torch.Tensor, kind: str) -> None:
    values = np.ascontiguousarray(tensor.detach().float().numpy())
    if values.ndim < 2:
        writer.add_tensor(name, values)
    elif kind == "f16":
        writer.add_tensor(name, values.astype(np.float16))
    else:
        packed = gguf.quants.quantize(values, GGMLQuantizationType.Q8_0)
        writer.add_tensor(name, packed, raw_dtype=GGMLQuantizationType.Q8_0)
