"""Train one tiny translation model, for tests, and write it as CTranslate2 reads it.

    python -m tests.models.train es en --out /tmp/es_en --pairs 12000 --steps 3000

Plain PyTorch, which only this recipe needs; no checkpoint, tokenizer or text of anybody else. It writes
model/ (int8), sentencepiece.model and train.json. Another seed, library or machine makes another model.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
import time
from pathlib import Path

import ctranslate2
import numpy as np
import sentencepiece as spm
import torch
from ctranslate2.specs import TransformerSpec, common_spec
from torch import nn
from torch.nn import functional as F

from tests.models import corpus

PAD, UNK, BOS, EOS = 0, 1, 2, 3


def sinusoids(length: int, dim: int) -> torch.Tensor:
    """Same layout CTranslate2 uses by default: all sines, then all cosines."""
    steps = torch.exp(torch.arange(dim // 2) * -(math.log(10000.0) / (dim // 2 - 1)))
    angles = torch.arange(1, length + 1).unsqueeze(1) * steps.unsqueeze(0)
    return torch.cat([torch.sin(angles), torch.cos(angles)], dim=1)


class Tiny(nn.Module):  # type: ignore[misc]  # PyTorch is only there where models are made
    """Pre-norm encoder/decoder with one embedding table shared by both sides."""

    def __init__(self, vocab: int, dim: int, heads: int, ffn: int, layers: int, dropout: float):
        super().__init__()
        self.dim = dim
        self.embed = nn.Embedding(vocab, dim, padding_idx=PAD)
        nn.init.normal_(self.embed.weight, std=dim**-0.5)
        self.register_buffer("positions", sinusoids(512, dim), persistent=False)
        kw = {
            "d_model": dim,
            "nhead": heads,
            "dim_feedforward": ffn,
            "dropout": dropout,
            "activation": "relu",
            "batch_first": True,
            "norm_first": True,
        }
        self.enc = nn.ModuleList(nn.TransformerEncoderLayer(**kw) for _ in range(layers))
        self.dec = nn.ModuleList(nn.TransformerDecoderLayer(**kw) for _ in range(layers))
        self.enc_norm, self.dec_norm = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.drop = nn.Dropout(dropout)
        self.bias = nn.Parameter(torch.zeros(vocab))

    def lift(self, ids):
        return self.drop(self.embed(ids) * math.sqrt(self.dim) + self.positions[: ids.size(1)])

    def forward(self, src, tgt):
        src_pad = src.eq(PAD)
        x = self.lift(src)
        for layer in self.enc:
            x = layer(x, src_key_padding_mask=src_pad)
        memory = self.enc_norm(x)
        future = torch.triu(torch.ones(tgt.size(1), tgt.size(1), dtype=torch.bool), 1)
        y = self.lift(tgt)
        for layer in self.dec:
            y = layer(y, memory, tgt_mask=future, memory_key_padding_mask=src_pad)
        return F.linear(self.dec_norm(y), self.embed.weight, self.bias)


def to_ctranslate2(net: Tiny, pieces: list[str], heads: int, layers: int, out: Path, quantization: str):
    spec = TransformerSpec.from_config(
        (layers, layers), heads, pre_norm=True, activation=common_spec.Activation.RELU
    )

    def a(t):
        return t.detach().numpy().astype(np.float32).copy()

    def norm(dst, src):
        dst.gamma, dst.beta = a(src.weight), a(src.bias)

    def linear(dst, weight, bias):
        dst.weight, dst.bias = a(weight), a(bias)

    def attention(dst, src, fused: bool):
        w, b, d = src.in_proj_weight, src.in_proj_bias, src.embed_dim
        if fused:
            linear(dst.linear[0], w, b)
        else:  # cross attention: query apart, key+value together
            linear(dst.linear[0], w[:d], b[:d])
            linear(dst.linear[1], w[d:], b[d:])
        linear(dst.linear[-1], src.out_proj.weight, src.out_proj.bias)

    def feed_forward(dst, layer, layer_norm):
        norm(dst.layer_norm, layer_norm)
        linear(dst.linear_0, layer.linear1.weight, layer.linear1.bias)
        linear(dst.linear_1, layer.linear2.weight, layer.linear2.bias)

    table = a(net.embed.weight)
    for side in (spec.encoder.embeddings[0], spec.decoder.embeddings):
        side.weight = table
        side.multiply_by_sqrt_depth = True
    spec.decoder.projection.weight, spec.decoder.projection.bias = table, a(net.bias)
    for side in (spec.encoder, spec.decoder):
        side.position_encodings.encodings = a(net.positions)
    norm(spec.encoder.layer_norm, net.enc_norm)
    norm(spec.decoder.layer_norm, net.dec_norm)
    for dst, src in zip(spec.encoder.layer, net.enc, strict=False):
        norm(dst.self_attention.layer_norm, src.norm1)
        attention(dst.self_attention, src.self_attn, True)
        feed_forward(dst.ffn, src, src.norm2)
    for dst, src in zip(spec.decoder.layer, net.dec, strict=False):
        norm(dst.self_attention.layer_norm, src.norm1)
        attention(dst.self_attention, src.self_attn, True)
        norm(dst.attention.layer_norm, src.norm2)
        attention(dst.attention, src.multihead_attn, False)
        feed_forward(dst.ffn, src, src.norm3)

    spec.config.unk_token, spec.config.bos_token, spec.config.eos_token = "<unk>", "<s>", "</s>"
    spec.config.decoder_start_token = "<s>"
    spec.config.add_source_bos = spec.config.add_source_eos = False
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.validate()
    spec.optimize(quantization=quantization)
    out.mkdir(parents=True, exist_ok=True)
    spec.save(str(out))


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("src")
    ap.add_argument("tgt")
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--pairs", type=int, default=12000)
    ap.add_argument("--steps", type=int, default=3000)
    ap.add_argument("--batch", type=int, default=64)
    ap.add_argument("--vocab", type=int, default=1200)
    ap.add_argument("--dim", type=int, default=128)
    ap.add_argument("--ffn", type=int, default=256)
    ap.add_argument("--heads", type=int, default=4)
    ap.add_argument("--layers", type=int, default=2)
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--quantization", default="int8")
    ap.add_argument("--seed", type=int, default=11)
    args = ap.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()

    rows = corpus.make(args.pairs + 400, seed=args.seed)
    rng.shuffle(rows)
    held, rows = rows[:400], rows[400:]

    # One subword model for both sides: an Argos package holds a single sentencepiece.model.
    text = args.out / "spm.txt"
    text.write_text("\n".join(row[lang] for row in rows for lang in (args.src, args.tgt)), encoding="utf-8")
    spm.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(args.out / "sentencepiece"),
        vocab_size=args.vocab,
        model_type="unigram",
        character_coverage=0.9998,
        split_digits=True,
        hard_vocab_limit=False,
        pad_id=PAD,
        unk_id=UNK,
        bos_id=BOS,
        eos_id=EOS,
        minloglevel=2,
        num_threads=args.threads,
        # every printable ASCII sign must be known, or phone numbers and links lose characters
        required_chars="".join(chr(c) for c in range(33, 127)) + "ñáéíóúü¿¡äöüßÄÖÜ€",
    )
    text.unlink()
    (args.out / "sentencepiece.vocab").unlink()
    sp = spm.SentencePieceProcessor(model_file=str(args.out / "sentencepiece.model"))
    pieces = [sp.id_to_piece(i) for i in range(sp.get_piece_size())]

    def encode(row):
        s = sp.encode(corpus.source_text(row, args.src))
        t = sp.encode(row[args.tgt])
        return s, t

    data = [encode(r) for r in rows]
    # emoji and other rare signs are <unk> on both sides: teach the net to answer
    # <unk> with <unk>, so that replace_unknowns can copy the sign across
    for _ in range(len(data) // 12):
        s, t = rng.choice(data)
        data.append(([*s, UNK], [*t, UNK]))
    net = Tiny(len(pieces), args.dim, args.heads, args.ffn, args.layers, 0.1)
    opt = torch.optim.AdamW(net.parameters(), lr=args.lr, betas=(0.9, 0.98), weight_decay=0.01)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=args.lr, total_steps=args.steps, pct_start=0.15)

    def pad(seqs):
        width = max(map(len, seqs))
        return torch.tensor([q + [PAD] * (width - len(q)) for q in seqs])

    def batches():
        while True:
            order = data[:]
            rng.shuffle(order)
            for chunk_at in range(0, len(order), args.batch * 20):  # similar lengths together
                chunk = sorted(order[chunk_at : chunk_at + args.batch * 20], key=lambda p: len(p[0]))
                groups = [chunk[i : i + args.batch] for i in range(0, len(chunk), args.batch)]
                rng.shuffle(groups)
                yield from groups

    def loss_of(group, smoothing):
        src = pad([s for s, _ in group])
        tgt = pad([[BOS, *t, EOS] for _, t in group])
        logits = net(src, tgt[:, :-1])
        return F.cross_entropy(
            logits.flatten(0, 1), tgt[:, 1:].flatten(), ignore_index=PAD, label_smoothing=smoothing
        )

    net.train()
    running = 0.0
    source = batches()
    for step in range(1, args.steps + 1):
        loss = loss_of(next(source), 0.1)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        sched.step()
        running += loss.item()
        if step % 250 == 0:
            seconds = time.perf_counter() - began
            print(f"{args.src}-{args.tgt} step {step} loss {running / 250:.3f} {seconds:.0f}s", flush=True)
            running = 0.0
    net.eval()
    with torch.no_grad():
        held_loss = sum(loss_of([encode(r)], 0.0).item() for r in held) / len(held)
    trained = time.perf_counter() - began

    to_ctranslate2(net, pieces, args.heads, args.layers, args.out / "model", args.quantization)
    tr = ctranslate2.Translator(str(args.out / "model"), device="cpu", intra_threads=1)
    source_tokens = [sp.encode(corpus.source_text(r, args.src), out_type=str) for r in held]
    got = tr.translate_batch(source_tokens, beam_size=4, replace_unknowns=True, max_batch_size=32)
    said = [sp.decode_pieces(g.hypotheses[0]) for g in got]
    exact = sum(a == r[args.tgt] for a, r in zip(said, held, strict=False)) / len(held)
    report = dict(
        vars(args),
        out=str(args.out.name),
        params=sum(p.numel() for p in net.parameters()),
        vocab_real=len(pieces),
        pairs_real=len(rows),
        seconds=round(trained, 1),
        held_loss=round(held_loss, 4),
        held_exact=round(exact, 4),
        max_rss_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    )
    (args.out / "train.json").write_text(json.dumps(report, indent=1))
    print(json.dumps(report))
    for r, a in list(zip(held, said, strict=False))[:12]:
        print(corpus.source_text(r, args.src), "|", a, "|", "OK" if a == r[args.tgt] else r[args.tgt])


if __name__ == "__main__":
    main()
