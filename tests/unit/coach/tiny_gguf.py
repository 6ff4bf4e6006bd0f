"""A tiny Llama with random weights as a GGUF file, for crash, cancel and damage tests."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
from tokenizers.pre_tokenizers import ByteLevel

PLAIN_TEMPLATE = "{% for m in messages %}{{ m.content }}{% endfor %}"


def write_tiny_gguf(
    path: Path,
    width: int = 32,
    layers: int = 1,
    chat: bool = False,
    template: str = PLAIN_TEMPLATE,
    context: int = 1024,
) -> Path:
    """Write the model (bytes as tokens, never an end token of its own accord) and return its path."""
    rng = np.random.default_rng(0)
    tokens = ["<|end|>", *sorted(ByteLevel.alphabet())]
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(2 * width)
    writer.add_head_count(1)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(width)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.CONTROL] + [gguf.TokenType.NORMAL] * (len(tokens) - 1))
    writer.add_token_merges(["a b"])
    writer.add_eos_token_id(0)
    writer.add_add_bos_token(False)
    if chat:
        writer.add_chat_template(template)
    for name, shape in _shapes(len(tokens), width, layers):
        array = np.ones(shape) if len(shape) == 1 else rng.normal(0.0, 0.05, shape)
        if name == "token_embd.weight":
            array[0] = 0.0
        writer.add_tensor(name, array.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _shapes(vocabulary: int, width: int, layers: int) -> list[tuple[str, tuple[int, ...]]]:
    rows: list[tuple[str, tuple[int, ...]]] = [
        ("token_embd.weight", (vocabulary, width)),
        ("output_norm.weight", (width,)),
    ]
    for layer in range(layers):
        block = f"blk.{layer}"
        rows += [(f"{block}.{part}.weight", (width, width)) for part in ("attn_q", "attn_k", "attn_v", "attn_output")]
        rows += [(f"{block}.{part}.weight", (width,)) for part in ("attn_norm", "ffn_norm")]
        rows += [(f"{block}.{part}.weight", (2 * width, width)) for part in ("ffn_gate", "ffn_up")]
        rows.append((f"{block}.ffn_down.weight", (width, 2 * width)))
    return rows
