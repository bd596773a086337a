"""A vision-language model of `transformers` as a policy: one batched `generate` for all environments of a turn.

Run: python examples/vlm_transformers.py --model HuggingFaceTB/SmolVLM-256M-Instruct [--episodes 4]
     python examples/vlm_transformers.py --quick     (no weights: a stand-in with the same interface)
Needs torch, transformers and the extra [robot].
"""
# ruff: noqa: INP001, T201 - a script, and it prints what it finds

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import torch
from PIL import Image

from mtenvs.core.errors import MissingRequirement
from mtenvs.core.trajectory import Reply
from mtenvs.policies.asking import ask
from mtenvs.policies.conversation import pictures
from mtenvs.rollout import rollout
from mtenvs.vector import make_vec

ID = "mtenvs/MetaWorld-v0"
KWARGS: dict[str, Any] = {"task": "reach-v3", "control": "skills", "obs_mode": "text+vision", "max_turns": 8}


class VlmPolicy:
    """Shows each environment's goal, words and picture to the model and takes what it writes as the action.

    Args:
        venv: the batch; it is asked for its help.
        model: with `generate`, such as `AutoModelForImageTextToText.from_pretrained` gives.
        processor: of that model, such as `AutoProcessor.from_pretrained` gives.
        generation: keywords of `generate`.
    """

    def __init__(self, venv: Any, model: Any, processor: Any, **generation: Any) -> None:
        self.name = f"vlm:{type(model).__name__}"
        self._venv, self._model, self._processor = venv, model.eval(), processor
        self._generation = {"max_new_tokens": 64, "do_sample": False, **generation}
        tokenizer = processor.tokenizer
        tokenizer.padding_side = "left"  # what is generated must follow the prompt, not its padding
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token

    def __call__(self, obs: Any, /, env_ids: Sequence[int] | None = None) -> list[Reply]:
        """One reply for each row, with its token ids and counts."""
        envs = range(self._venv.num_envs) if env_ids is None else env_ids
        shown = [[Image.fromarray(picture) for picture in pictures(obs, row)] for row in range(len(envs))]
        chats = [self._chat(obs, row, env, len(shown[row])) for row, env in enumerate(envs)]
        prompts = [self._processor.apply_chat_template(chat, add_generation_prompt=True, tokenize=False) for chat in chats]
        images = shown if any(shown) else None
        inputs = self._processor(text=prompts, images=images, padding=True, return_tensors="pt").to(self._model.device, self._model.dtype)
        with torch.inference_mode():
            out = self._model.generate(**inputs, **self._generation)
        written = out[:, inputs["input_ids"].shape[1] :]
        texts = self._processor.batch_decode(written, skip_special_tokens=True)
        read = inputs["attention_mask"].sum(dim=1).tolist()
        return [self._reply(*one) for one in zip(texts, written.tolist(), read, strict=True)]

    def _chat(self, obs: Any, row: int, env: int, images: int) -> list[dict[str, Any]]:
        words = f"Goal: {obs['goal'][row]}\n\n{obs['text'][row]}\n\nActions:\n{ask(self._venv, env, 'help')}\n\nWrite one action as a call."
        return [{"role": "user", "content": [*[{"type": "image"}] * images, {"type": "text", "text": words}]}]

    def _reply(self, text: str, tokens: list[int], read: int) -> Reply:
        pad, end = self._processor.tokenizer.pad_token_id, self._processor.tokenizer.eos_token_id
        while tokens and tokens[-1] == pad and (pad != end or tokens[-2:] == [pad, pad]):  # rows that ended early; one end token is theirs
            tokens.pop()
        return Reply(text, token_ids=tokens, usage={"prompt_tokens": int(read), "completion_tokens": len(tokens)})


class Features(dict[str, torch.Tensor]):
    """What a processor returns: a dictionary that moves to a device."""

    def to(self, device: Any, dtype: Any) -> Features:
        """All of it there, floating numbers as ``dtype``."""
        return Features({k: v.to(device, dtype if v.is_floating_point() else None) for k, v in self.items()})


class StandInProcessor:
    """The part of a processor that the policy touches; a token is a character."""

    def __init__(self) -> None:
        self.tokenizer = SimpleNamespace(pad_token_id=0, eos_token_id=1, padding_side="right")

    def apply_chat_template(self, chat: Sequence[dict[str, Any]], *, add_generation_prompt: bool, tokenize: bool) -> str:  # noqa: ARG002 - the real signature
        """The chat as one text, with a mark for each picture."""
        return "".join("<image>" if part["type"] == "image" else part["text"] for m in chat for part in m["content"])

    def __call__(self, *, text: Sequence[str], images: Any, padding: bool, return_tensors: str) -> Features:  # noqa: ARG002 - same
        """Ids padded on the side that the tokenizer says, mask and pictures."""
        if [t.count("<image>") for t in text] != [len(row) for row in images]:
            raise ValueError("as many pictures as marks, please")
        pad = str.rjust if self.tokenizer.padding_side == "left" else str.ljust
        ids = torch.tensor([[*map(ord, pad(t, max(map(len, text)), chr(0)))] for t in text])
        pixels = torch.stack([torch.frombuffer(bytearray(i.tobytes()), dtype=torch.uint8).float() for row in images for i in row])
        return Features({"input_ids": ids, "attention_mask": (ids != 0).long(), "pixel_values": pixels})

    def batch_decode(self, ids: torch.Tensor, *, skip_special_tokens: bool) -> list[str]:
        """Ids as texts."""
        return ["".join(chr(i) for i in row if i > 1 or not skip_special_tokens) for row in ids.tolist()]


class StandInModel(torch.nn.Module):
    """A "model" with the interface of `generate` that writes one of a few calls, by the brightness of the picture."""

    device, dtype = torch.device("cpu"), torch.float32
    lines = ("move_by(dx=0.1, dy=0.0, dz=0.0)", "wait()", "look at that")

    def generate(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, pixel_values: torch.Tensor, **_: Any) -> torch.Tensor:
        """The prompt's ids and the new ones behind them, padded at the end."""
        if not bool(attention_mask[:, -1].all()):
            raise ValueError("the padding must be on the left")
        new = [f"{self.lines[int(p.sum()) % len(self.lines)]}\1".ljust(40, "\0") for p in pixel_values]
        return torch.cat([input_ids, torch.tensor([[*map(ord, line)] for line in new])], dim=1)


def main(argv: Sequence[str] | None = None) -> int:
    """Play some episodes and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="HuggingFaceTB/SmolVLM-256M-Instruct")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--episodes", type=int, default=4, help="also how many environments")
    parser.add_argument("--quick", action="store_true", help="the stand-in in place of a model")
    args = parser.parse_args(argv)
    model, processor = cast("Any", StandInModel()), cast("Any", StandInProcessor())
    if not args.quick:
        if importlib.util.find_spec("transformers") is None:
            raise MissingRequirement("vlm", "transformers", "pip install transformers")
        hub: Any = importlib.import_module("transformers")
        model = hub.AutoModelForImageTextToText.from_pretrained(args.model, dtype="auto").to(args.device)
        processor = hub.AutoProcessor.from_pretrained(args.model)
    venv = make_vec(ID, args.episodes, backend="sync", **KWARGS)
    played = rollout(venv, VlmPolicy(venv, model, processor), args.episodes)
    venv.close()
    turns = [turn for episode in played for turn in episode.turns]
    tokens = sum(sum((turn.usage or {}).values()) for turn in turns)
    print(f"success {sum(e.success for e in played)} of {len(played)}; {len(turns)} turns, {tokens} tokens; at first: {turns[0].action!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
