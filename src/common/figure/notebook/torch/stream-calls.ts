import { z } from 'zod'
import { Index, plainTorchCall, torchCall } from './torch-call.ts'

/** Why what is inside a block is not asked for. */
export const insideBlock =
  'transformers does not give what heads, MLPs and neurons compute inside a block, and families name these parts in ways of their own'

/** `streams`, [stream, pos, dim]: what enters the first block, and what each leaves. */
export const streams = `# The list of blocks, whatever its name.
blocks = next(
    (own for own in model.modules()
     if isinstance(own, torch.nn.ModuleList) and len(own) == model.config.num_hidden_layers),
    [],
)
streams = hidden_states
# The last of hidden_states is after the final norm where there is one: what the last block leaves is taken by a hook. Blocks
# that share their weights, as ALBERT's do, are in no such list, and nothing follows them.
if blocks:
    left = []
    handle = blocks[-1].register_forward_hook(
        lambda module, given, own: left.append((own[0] if isinstance(own, tuple) else own)[0].float())
    )
    with torch.no_grad():
        model(ids)
    handle.remove()
    streams = torch.cat([hidden_states[:-1], left[0][None]])`

/** How the vectors of tokens change from layer to layer, and how alike they are. */
export const hiddenStates = torchCall(
  'run',
  z.object({ layer: z.union([z.literal('input'), Index]).nullish() }),
  ({ layer }) => {
    const place = layer === 'input' ? '0' : layer == null ? '-1' : String(layer + 1)
    return `${streams}

x = streams.double()
nothing = torch.full((1, x.shape[1]), torch.nan)
cosine = torch.nn.functional.cosine_similarity
values = {
    "norm": x.norm(dim=-1),
    "moved": torch.cat([nothing, (x[1:] - x[:-1]).norm(dim=-1)]),
    "cosine_previous": torch.cat([nothing, cosine(x[1:], x[:-1], dim=-1)]),
    "cosine_input": cosine(x, x[:1], dim=-1),
}
for name, own in values.items():
    compare(own, name)
    compare(own.mean(-1), f"{name}_mean")
units = x / x.norm(dim=-1, keepdim=True)
n = x.shape[1]
compare((units.sum(1).square().sum(-1) - n) / (n * (n - 1)), "anisotropy")
if "shown" in data:
    own = units[${place}, index("shown")]
    compare(own @ own.T, "similarity")
if "word_similarity" in data:
    # A word of several tokens stands where its last one does.
    own = units[${place}, index("place.pos")]
    compare(own @ own.T, "word_similarity")`
  }
)

const streamValues = `${streams}

# What leaves a block enters the next.
places = {
    f"blocks.{block}.hook_resid_{end}": block + (end == "post")
    for block in range(len(streams) - 1) for end in ("pre", "post")
}
x = streams[[places[name] for name in data["labels.hook"]]].double()
compare(x.norm(dim=-1), "norm")
compare(x.mean(-1), "mean")
compare(x.abs().amax(-1), "largest")
if "value" in data:
    compare(x[..., data["labels.unit"].astype(int)] if "labels.unit" in data else x, "value")
compare(x.gather(-1, index("top_unit")), "top_value")
if "norm.resid" in data:
    compare(streams.double().norm(dim=-1), "norm.resid")`

/** Of hooks within blocks those that transformers gives by itself. */
const stream = /^hook_resid_(pre|post)$/
const streamHooks = /^blocks\.(\*|\d+)\.hook_resid_(pre|post)$/

const valuesOf = (areStreams: boolean) => (areStreams ? streamValues : { without: insideBlock })

/** The residual stream, token by token. */
export const activationsView = torchCall(
  'run',
  z.object({ hook: z.string().default('hook_resid_post'), form: z.string().default('layers') }),
  ({ hook, form }) => valuesOf(form !== 'experts' && stream.test(hook))
)

/** The same as an analysis. */
export const activationNumbers = torchCall(
  'run',
  z.object({ hooks: z.string().default('blocks.*.hook_resid_post') }),
  ({ hooks }) => valuesOf(hooks.split(',').every(hook => streamHooks.test(hook.trim())))
)

/** What tokens and positions add. */
export const embeddingSum = plainTorchCall(
  'run',
  `import re

embedding = model.get_input_embeddings()(ids)[0].detach()
compare(embedding, "embedding")
compare(embedding.norm(dim=-1), "norm_embedding")

# What tells positions is a table of its own, by whatever name: what it gives is taken by a hook.
tables = [
    own for name, own in model.named_modules()
    if isinstance(own, torch.nn.Embedding) and re.search(r"wpe|position", name)
]
given = []
handles = [own.register_forward_hook(lambda module, args, left: given.append(left)) for own in tables]
with torch.no_grad():
    model(ids)
for handle in handles:
    handle.remove()
if len(given) == 1:
    position = given[0].reshape(-1, given[0].shape[-1]).expand_as(embedding)
    compare(position, "position")
    compare(embedding + position, "sum")
    compare(position.norm(dim=-1), "norm_position")
    compare((embedding + position).norm(dim=-1), "norm_sum")
    compare(torch.nn.functional.cosine_similarity(embedding, position, dim=-1), "cosine")`
)
