"""Trains a ranker in PyTorch and writes it as a model package for Rebound.

    rebound model moments --events FILE --out moments/      # what a model learns from, with the job's own features
    pip install torch==2.7.1 numpy                          # the libtorch that Rebound serves with
    python make_model.py moments/ package/ --model-version t1
    rebound model publish package/

Replace Ranker with a model of your own: whatever torch.jit.script compiles serves, if it keeps the contract of
Ranker.forward. The first dimension changes from batch to batch, so torch.jit.trace is safe only for modules without
control flow over shapes.
"""

import argparse
import copy
import datetime
import hashlib
import json
import pathlib

import numpy
import torch
from torch import Tensor, nn

GOLDEN_CASES = 4
TOP = 10


class Ranker(nn.Module):
    """The mean of the recent items' embeddings times the candidate's, beside the dense features, through two layers."""

    def __init__(self, rows: int, features: int, mean: Tensor, deviation: Tensor, size: int = 16, hidden: int = 64):
        super().__init__()
        self.items = nn.Embedding(rows, size)
        nn.init.normal_(self.items.weight, std=0.1)
        self.hidden = nn.Linear(size + features, hidden)
        self.output = nn.Linear(hidden, 1)
        self.wide = nn.Linear(features, 1)
        self.dropout = nn.Dropout(0.3)
        # Buffers travel inside the module: the job feeds raw features.
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)

    def logits(self, sequence: Tensor, candidates: Tensor, dense: Tensor) -> Tensor:
        present = (sequence != 0).unsqueeze(2).to(self.mean.dtype)
        user = (self.items(sequence) * present).sum(1) / (present.sum(1) + 1e-6)
        product = self.dropout(self.items(candidates) * user.unsqueeze(1))
        scaled = ((dense - self.mean) / self.deviation).clamp(-5.0, 5.0)
        deep = self.dropout(torch.relu(self.hidden(torch.cat([product, scaled], 2))))
        return (self.output(deep) + self.wide(scaled)).squeeze(2)

    def forward(self, sequence: Tensor, candidates: Tensor, dense: Tensor) -> Tensor:
        """sequence int32 (users, length) and candidates int32 (users, n): rows of the vocabulary, 0 = none or unknown;
        dense float32 (users, n, features), in the manifest's order. Returns float32 (users, n), probabilities."""
        return torch.sigmoid(self.logits(sequence, candidates, dense))


class HalfPrecision(nn.Module):
    """A ranker that computes in float16, for a GPU; what goes in and out stays float32."""

    def __init__(self, ranker: Ranker):
        super().__init__()
        self.ranker = copy.deepcopy(ranker).half()

    def forward(self, sequence: Tensor, candidates: Tensor, dense: Tensor) -> Tensor:
        return self.ranker(sequence, candidates, dense.to(torch.float16)).to(torch.float32)


class Moments:
    """The files of `rebound model moments`, in the order of time, mapped and not read."""

    def __init__(self, folder: pathlib.Path):
        self.features = json.loads((folder / "features.json").read_text())
        self.vocabulary = (folder / "vocabulary.txt").read_text()
        for name in ("times", "sequence", "candidates", "dense", "labels"):
            setattr(self, name, numpy.load(folder / f"{name}.npy", mmap_mode="r"))

    def inputs(self, which) -> list[Tensor]:
        return [torch.from_numpy(numpy.array(array[which])) for array in (self.sequence, self.candidates, self.dense)]

    def time(self, moment: int) -> str:
        return instant(self.times[moment] / 1000)


def train(moments: Moments, trained: int, epochs: int) -> Ranker:
    real = moments.labels[:trained] >= 0
    known = moments.dense[:trained][real]
    deviation = known.std(0)
    deviation[deviation < 1e-4] = 1
    rows = len(moments.vocabulary.splitlines()) + 1
    model = Ranker(rows, known.shape[1], torch.from_numpy(known.mean(0)), torch.from_numpy(deviation))
    adam = torch.optim.Adam(model.parameters(), lr=3e-3, weight_decay=1e-5)
    best, best_weights = -1.0, {}
    for epoch in range(1, epochs + 1):
        model.train()
        for some in torch.randperm(trained).split(128):
            some = some.numpy()
            labels = torch.from_numpy(numpy.array(moments.labels[some]))
            loss = ranking_loss(model.logits(*moments.inputs(some)), labels)
            adam.zero_grad()
            loss.backward()
            adam.step()
        reached = ndcg(scores(model, moments, trained), moments.labels[trained:])
        print(f"epoch {epoch} of {epochs}: NDCG@{TOP} {reached:.4f}")
        if reached > best:
            best, best_weights = reached, {name: value.clone() for name, value in model.state_dict().items()}
    model.load_state_dict(best_weights)
    return model.eval()


def ranking_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy of each candidate, and of each list (ListNet); labels below 0 are padding."""
    real = (labels >= 0).to(torch.float32)
    chosen = labels * real
    each = nn.functional.binary_cross_entropy_with_logits(logits, chosen, weight=real, reduction="sum") / real.sum()
    shares = chosen / chosen.sum(1, keepdim=True)
    return each - (torch.log_softmax(logits + (real - 1) * 1e4, 1) * shares).sum(1).mean()


@torch.no_grad()
def scores(model: nn.Module, moments: Moments, begin: int) -> numpy.ndarray:
    model.eval()
    parts = [model(*moments.inputs(slice(at, at + 256))).numpy() for at in range(begin, len(moments.times), 256)]
    return numpy.concatenate(parts)


def ndcg(given: numpy.ndarray, labels: numpy.ndarray) -> float:
    discounts = 1 / numpy.log2(numpy.arange(2, TOP + 2))
    order = numpy.argsort(-numpy.where(labels < 0, -1, given), axis=1, kind="stable")[:, :TOP]
    gains = (numpy.take_along_axis(labels, order, 1).clip(0) * discounts[: order.shape[1]]).sum(1)
    chosen = (labels > 0).sum(1).clip(1, TOP)
    return float((gains / numpy.cumsum(discounts)[chosen - 1]).mean())


def write_package(folder, module, inputs, vocabulary, features, manifest, expected=None):
    """Writes the module, the vocabulary, golden cases and the manifest that holds the sums of them all.

    The golden scores are PyTorch's own: a job that gets others from its libtorch refuses the package.
    """
    folder.mkdir(parents=True)
    torch.jit.script(module).save(folder / "ranker.pt")
    (folder / "vocabulary.txt").write_text(vocabulary)
    if expected is None:
        with torch.no_grad():
            expected = module(*inputs)
    golden = {
        "sequences": inputs[0].tolist(),
        "candidates": inputs[1].tolist(),
        "dense": inputs[2].flatten(1).tolist(),
        "scores": expected.tolist(),
    }
    (folder / "golden.json").write_text(json.dumps(golden))
    files = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}
    whole = {
        "format": "torchscript",
        **manifest,
        "denseFeatures": features["denseFeatures"],
        "sequenceLength": features["sequenceLength"],
        "vocabularyFile": "vocabulary.txt",
        "weightsFile": "ranker.pt",
        "files": files,
    }
    (folder / "model.json").write_text(json.dumps(whole, indent=2) + "\n")


def instant(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("moments", type=pathlib.Path, help="folder that `rebound model moments` wrote")
    parser.add_argument("out", type=pathlib.Path, help="folder of the package; must not exist")
    parser.add_argument("--model", default="ranker")
    parser.add_argument("--model-version", required=True)
    parser.add_argument("--parent", help="version that this one was made from")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--int8", type=pathlib.Path, help="also write it with int8 weights in its linear layers, here")
    parser.add_argument("--half", type=pathlib.Path, help="also write it in half precision, for a GPU, here")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    moments = Moments(options.moments)
    trained = len(moments.times) * 4 // 5
    model = train(moments, trained, options.epochs)
    in_order = numpy.broadcast_to(-numpy.arange(moments.labels.shape[1]), moments.labels[trained:].shape)
    packages = [(options.out, model, options.model_version, options.parent)]
    if options.int8:
        int8 = torch.ao.quantization.quantize_dynamic(model, {nn.Linear}, torch.qint8)
        packages.append((options.int8, int8, f"{options.model_version}-int8", options.model_version))
    if options.half:
        packages.append((options.half, HalfPrecision(model), f"{options.model_version}-half", options.model_version))
    golden = moments.inputs(slice(trained, trained + GOLDEN_CASES))
    for folder, module, version, parent in packages:
        metrics = {
            f"validation_ndcg@{TOP}": ndcg(scores(module, moments, trained), moments.labels[trained:]),
            f"retrieval_ndcg@{TOP}": ndcg(in_order, moments.labels[trained:]),
            "moments": float(len(moments.times)),
        }
        manifest = {
            "model": options.model,
            "version": version,
            "trainedFrom": moments.time(0),
            "trainedTo": moments.time(trained - 1),
            "createdAt": instant(datetime.datetime.now().timestamp()),
            "metrics": metrics,
            "lineage": {"parentVersion": parent, "codeVersion": f"make_model.py, PyTorch {torch.__version__}"},
        }
        write_package(folder, module, golden, moments.vocabulary, moments.features, manifest)
        print(f"wrote {folder}: " + ", ".join(f"{name} {value:.4g}" for name, value in metrics.items()))


if __name__ == "__main__":
    main()
