"""Writes packages that are wrong in one way each, with the right sums: what a job must refuse or contain.

    python make_bad_models.py features.json OUT

Each passes as a package until it is run. `throws`, `nan-on-some` and `no-probability` give their golden scores, and fail
for users with at least three recent items (the feature history_length is log1p of their number).
"""

import argparse
import json
import math
import pathlib

import torch
from torch import Tensor, nn

from make_model import write_package


class Good(nn.Module):
    """The base of the others: the share of a candidate in retrieval order."""

    def __init__(self, rank: int, history: int):
        super().__init__()
        self.rank = rank
        self.history = history
        self.three = math.log1p(3) - 1e-3

    def score(self, dense: Tensor) -> Tensor:
        return torch.sigmoid(dense[:, :, self.rank])

    def forward(self, sequence: Tensor, candidates: Tensor, dense: Tensor) -> Tensor:
        return self.score(dense)


class WrongShape(Good):
    def forward(self, sequence: Tensor, candidates: Tensor, dense: Tensor) -> Tensor:
        return self.score(dense)[:, :-1]


class Nan(Good):
    def forward(self, sequence: Tensor, candidates: Tensor, dense: Tensor) -> Tensor:
        return self.score(dense) * float("nan")


class NanOnSome(Good):
    def forward(self, sequence: Tensor, candidates: Tensor, dense: Tensor) -> Tensor:
        experienced = dense[:, :, self.history] > self.three
        return torch.where(experienced, torch.full_like(dense[:, :, 0], float("nan")), self.score(dense))


class Throws(Good):
    def forward(self, sequence: Tensor, candidates: Tensor, dense: Tensor) -> Tensor:
        if bool((dense[:, :, self.history] > self.three).any()):
            raise ValueError("a user with three recent items")
        return self.score(dense)


class NoProbability(Good):
    """Forgets the sigmoid at the end, as it were: right in its golden cases, above 1 for users with history."""

    def forward(self, sequence: Tensor, candidates: Tensor, dense: Tensor) -> Tensor:
        return torch.where(dense[:, :, self.history] > self.three, self.score(dense) * 9, self.score(dense))


class Slow(Good):
    """About 25 thousand million multiplications a batch, whatever its size: half a second of one core."""

    def forward(self, sequence: Tensor, candidates: Tensor, dense: Tensor) -> Tensor:
        slow = torch.eye(500)
        for _ in range(200):
            slow = torch.mm(slow, slow)
        return self.score(dense) * slow[0, 0]


BAD = {
    "wrong-shape": WrongShape,
    "nan": Nan,
    "nan-on-some": NanOnSome,
    "throws": Throws,
    "no-probability": NoProbability,
    "slow": Slow,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features", type=pathlib.Path, help="features.json of `rebound model moments`")
    parser.add_argument("out", type=pathlib.Path)
    options = parser.parse_args()
    features = json.loads(options.features.read_text())
    names = features["denseFeatures"]
    generator = torch.Generator().manual_seed(1)
    dense = torch.rand((2, 5, len(names)), generator=generator)
    rows = torch.randint(0, 9, (2, features["sequenceLength"] + 5), generator=generator, dtype=torch.int32)
    inputs = [rows[:, :-5].contiguous(), rows[:, -5:].contiguous(), dense]
    sizes = (names.index("retrieval_rank"), names.index("history_length"))
    vocabulary = "\n".join(f"i{i}" for i in range(8))
    for name, kind in BAD.items():
        manifest = {
            "model": "ranker",
            "version": name,
            "trainedFrom": "2024-01-01T00:00:00Z",
            "trainedTo": "2024-01-02T00:00:00Z",
            "createdAt": "2024-01-03T00:00:00Z",
            "metrics": {},
            "lineage": {"codeVersion": f"make_bad_models.py, PyTorch {torch.__version__}"},
        }
        expected = Good(*sizes)(*inputs)
        write_package(options.out / name, kind(*sizes), inputs, vocabulary, features, manifest, expected)


if __name__ == "__main__":
    main()
