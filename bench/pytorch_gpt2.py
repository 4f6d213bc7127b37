"""GPT-2 small's shape with random weights in PyTorch: for each line `tokens attentions` milliseconds of one run."""

import sys
import time

import torch
from transformers import GPT2Config, GPT2Model

if len(sys.argv) > 1:
    torch.set_num_threads(int(sys.argv[1]))
torch.set_grad_enabled(False)
model = GPT2Model(GPT2Config(attn_implementation="eager")).eval()
print(f"PyTorch {torch.__version__}, eager, {torch.get_num_threads()} threads", flush=True)

for count, line in enumerate(sys.stdin):
    tokens, attentions = map(int, line.split())
    ids = torch.tensor([[(i * 7919 + count * 104729) % 50257 for i in range(tokens)]])
    start = time.perf_counter()
    given = model(
        ids, output_hidden_states=True, output_attentions=bool(attentions), use_cache=False
    )
    taken = time.perf_counter() - start
    assert len(given.hidden_states) == 13
    assert not attentions or given.attentions[11].shape == (1, 12, tokens, tokens)
    print(f"{1000 * taken:.3f}", flush=True)
