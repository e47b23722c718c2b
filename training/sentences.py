"""Train the network that tells by the words alone where sentences end.

    python training/sentences.py TEXT.gz      # a turn or paragraph of punctuated speech a line

Writes the network into `generator/summarizer/extractive/boundaries.npz` as int8, with its
vocabulary, how common each word is, and the words that are always written with a capital. Every
twentieth block of the text is held out; after each round the error on it is printed, and the last
round is what is kept.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from generator.summarizer.extractive.boundaries import (
    COMMA,
    DILATIONS,
    MODEL,
    NOTHING,
    QUESTION,
    STOP,
    SUFFIXES,
    bare,
    suffix_row,
)

VOCABULARY = 8000
WIDTH = 96
HIDDEN = 160
LENGTH = 256
BATCH = 32
ROUNDS = 9
UNKNOWN_SHARE = 0.08
SKIPPED = -1

_BEFORE = re.compile(r"^[^\w$%+\-']+")
_AFTER = re.compile(r"[^\w%']+$")
_NAME = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_ABBREVIATIONS = frozenset(
    ("dr mr mrs ms prof st jr sr vs etc e.g i.e u.s u.k a.m p.m hon fig approx inc ltd co").split()
)


class Text:
    """Words, what follows each of them, and how each is spelled inside sentences."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.after: list[int] = []
        self.spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, line: str) -> None:
        """Add a turn or a paragraph; one that is broken off says nothing of its end."""
        line = line.replace("’", "'")
        line = re.sub(r" ('(?:s|re|ve|ll|d|m|t)|n't)\b", r"\1", line)
        line = re.sub(r"\b([A-Z])_(?=[A-Z]_?\b)", r"\1", line).replace("_", "")
        line = line.replace("O K", "okay")
        before, opens = len(self.words), True
        for token in line.split():
            word = bare(token)
            if not re.search(r"\w", word):
                if len(self.words) > before:
                    self.after[-1] = max(self.after[-1], _mark(token))
                    opens = self.after[-1] >= STOP
                continue
            if not opens:
                self.spellings[word][_AFTER.sub("", _BEFORE.sub("", token))] += 1
            mark = _mark(token[len(token.rstrip(".,;:!?…\"')]}”’—–-")) :])
            if mark == STOP and (word in _ABBREVIATIONS or (len(word) == 1 and word != "i")):
                mark = NOTHING
            self.words.append(word)
            self.after.append(mark)
            opens = mark >= STOP
        if len(self.words) > before and self.after[-1] < STOP:
            self.after[-1] = SKIPPED


def _mark(tail: str) -> int:
    if "?" in tail:
        return QUESTION
    if any(char in tail for char in ".!…"):
        return STOP
    return COMMA if any(char in tail for char in ",;:—–-") else NOTHING


class Network(nn.Module):
    """Embeddings of words and their endings, and four convolutions over them."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY + 1, WIDTH)
        self.suffixes = nn.Embedding(SUFFIXES, WIDTH)
        for table in (self.words, self.suffixes):
            nn.init.normal_(table.weight, 0, 0.3)
        widths = [WIDTH, HIDDEN, HIDDEN, HIDDEN]
        self.convolutions = nn.ModuleList(
            nn.Conv1d(
                width,
                HIDDEN,
                5 if index == 0 else 3,
                padding="same",
                dilation=1 if index == 0 else DILATIONS[index - 1],
            )
            for index, width in enumerate(widths)
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(HIDDEN) for _ in widths)
        self.out = nn.Linear(2 * HIDDEN, 4)

    def forward(self, words: Tensor, suffixes: Tensor) -> Tensor:
        layer = functional.dropout(
            self.words(words) + self.suffixes(suffixes), 0.15, self.training
        ).transpose(1, 2)
        layer = functional.relu(self.norms[0](self.convolutions[0](layer)))
        for convolution, norm in zip(self.convolutions[1:], self.norms[1:], strict=True):
            more = convolution(functional.dropout(layer, 0.2, self.training))
            layer = layer + functional.relu(norm(more))
        layer = functional.dropout(layer, 0.2, self.training).transpose(1, 2)
        following = functional.pad(layer[:, 1:], (0, 0, 0, 1))
        logits: Tensor = self.out(torch.cat([layer, following], dim=2))
        return logits


def train(text: Text, vocabulary: list[str]) -> Network:
    """Train with AdamW and one cycle of the learning rate."""
    torch.manual_seed(0)
    draw = random.Random(0)
    index = {word: row for row, word in enumerate(vocabulary, 1)}
    words = torch.tensor([index.get(word, 0) for word in text.words])
    suffixes = torch.tensor([suffix_row(word) for word in text.words])
    after = torch.tensor(text.after)
    blocks = len(words) // LENGTH - 1
    held = [block for block in range(blocks) if block // 20 % 20 == 7]
    learned = sorted(set(range(blocks)) - set(held) - {block - 1 for block in held})
    network = Network()
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-2)
    steps = ROUNDS * (len(learned) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 3e-3, total_steps=steps + 1, pct_start=0.1
    )

    def cut(values: Tensor, chosen: list[int], shift: int) -> Tensor:
        return torch.stack([values[b * LENGTH + shift :][:LENGTH] for b in chosen])

    for turn in range(ROUNDS):
        network.train()
        draw.shuffle(learned)
        shift = draw.randrange(LENGTH)
        for at in range(0, len(learned) - BATCH + 1, BATCH):
            chosen = learned[at : at + BATCH]
            shown = cut(words, chosen, shift)
            shown = shown.masked_fill(torch.rand(shown.shape) < UNKNOWN_SHARE, 0)
            logits = network(shown, cut(suffixes, chosen, shift))
            loss = functional.cross_entropy(
                logits.reshape(-1, 4),
                cut(after, chosen, shift).reshape(-1),
                ignore_index=SKIPPED,
            )
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        network.eval()
        with torch.no_grad():
            chances = network(cut(words, held, 0), cut(suffixes, held, 0)).softmax(2)
        truth = cut(after, held, 0)
        ends = chances[..., STOP:].sum(2)[truth >= 0]
        is_end = (truth >= STOP)[truth >= 0]
        found = ends > 0.35
        both = float((found & is_end).sum())
        print(f"round {turn + 1}: F1 on held-out text", end=" ")
        print(f"{2 * both / float(found.sum() + is_end.sum()):.3f}", flush=True)
    return network


def packed(network: Network, text: Text, vocabulary: list[str]) -> dict[str, np.ndarray]:
    """The network as the package reads it: batch norms folded in, weights as int8."""
    stored: dict[str, np.ndarray] = {}

    def keep(name: str, weights: np.ndarray, axis: int) -> None:
        scale = np.maximum(np.abs(weights).max(axis=1 - axis, keepdims=True), 1e-8) / 127
        stored[name] = np.round(weights / scale).astype(np.int8)
        stored[f"{name}_scale"] = scale.astype(np.float32)

    keep("words", network.words.weight.detach().numpy(), 0)
    keep("suffixes", network.suffixes.weight.detach().numpy(), 0)
    for number, (convolution, norm) in enumerate(
        zip(network.convolutions, network.norms, strict=True)
    ):
        by = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weights = convolution.weight * by[:, None, None]
        bias = (convolution.bias - norm.running_mean) * by + norm.bias
        taps = weights.detach().numpy().transpose(2, 1, 0)
        keep(f"conv{number}", taps.reshape(-1, HIDDEN), 1)
        stored[f"bias{number}"] = bias.detach().numpy().astype(np.float32)
    keep("out", network.out.weight.detach().numpy().T, 1)
    stored["bias_out"] = network.out.bias.detach().numpy().astype(np.float32)
    often = Counter(text.words)
    total = len(text.words)
    stored["frequency"] = np.log([often[word] / total for word in vocabulary]).astype(np.float16)
    stored["vocabulary"] = np.frombuffer("\n".join(vocabulary).encode(), dtype=np.uint8)
    spellings = "\n".join(sorted(capitals(text)))
    stored["spellings"] = np.frombuffer(spellings.encode(), dtype=np.uint8)
    return stored


def capitals(text: Text) -> list[str]:
    """The spellings of words that are written with a capital inside sentences, nearly always."""
    found = []
    for word, spellings in text.spellings.items():
        (best, count), total = spellings.most_common(1)[0], sum(spellings.values())
        if best != word and count >= 3 and count > 0.85 * total and _NAME.fullmatch(word):
            found.append(best)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("text", type=Path)
    given = parser.parse_args()
    text = Text()
    with gzip.open(given.text, "rt", encoding="utf-8") as lines:
        for line in lines:
            text.add(line)
    vocabulary = [word for word, _ in Counter(text.words).most_common(VOCABULARY)]
    network = train(text, vocabulary)
    stored = packed(network, text, vocabulary)
    if MODEL.exists():
        with np.load(MODEL) as file:
            stored = {**{name: file[name] for name in file.files}, **stored}
    np.savez(MODEL, **stored)
    print(f"{MODEL.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
