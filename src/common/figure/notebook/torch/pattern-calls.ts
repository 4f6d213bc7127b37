import { z } from 'zod'
import { attentionSides } from '../../../analysis/group-weights.ts'
import { aggregations } from '../../../analysis/aggregate.ts'
import { firstTokens } from '../../../analysis/first-token.ts'
import { poolings, type Pooling } from '../../../analysis/pool.ts'
import { mostRows } from '../../small-lines.ts'
import { Index, pythonList, torchCall } from './torch-call.ts'

// `attentions` is [layer, head, query, key].
const FirstToken = z.enum(firstTokens).default('shown')
type FirstToken = z.output<typeof FirstToken>
const Layers = z.array(Index).nullish()

/** A head’s pattern. */
export const headPattern = torchCall(
  'run',
  z.object({ layer: Index, head: Index, first_token: FirstToken }),
  ({ layer, head, first_token }) =>
    `${hiding(first_token)}compare(attentions[${layer}, ${head}], "weight", "pattern")`
)

/** The same, or those of a layer’s heads as maps. */
export const patternsOfLayer = torchCall(
  'run',
  z.object({
    layer: Index,
    head: Index.nullish(),
    pooling: z.enum(poolings).default('mean'),
    first_token: FirstToken
  }),
  params =>
    params.head == null ? mapsPython([params.layer], params, '[0]') : headPattern.python(params)!
)

export const allPatterns = torchCall(
  'run',
  z.object({
    layers: Layers,
    pooling: z.enum(poolings).default('maximum'),
    first_token: FirstToken
  }),
  params => mapsPython(params.layers ?? null, params)
)

/** Maps as small as those of the data. */
function mapsPython(
  layers: readonly number[] | null,
  { pooling, first_token }: { readonly pooling: Pooling; readonly first_token: FirstToken },
  which = ''
): string {
  const chosen = layers === null ? 'attentions' : `attentions[${pythonList(layers)}]`
  return `${hiding(first_token)}name = "weight" if "weight" in data else "map"
maps = ${chosen}
step = -(-maps.shape[-1] // data[name].shape[-1])
${pooled('maps', pooling)}
compare(maps${which}, name)`
}

/** Maps, [layer, head, query, key], whose cells stand for as many tokens each as `step` says. */
function pooled(maps: string, pooling: Pooling): string {
  const pool = pooling === 'mean' ? 'avg_pool2d' : 'max_pool2d'
  return `# A long text is pooled: of each ${pooling === 'mean' ? 'the mean' : 'the highest'} of so many queries by so many keys.
if step > 1:
    ${maps} = torch.nn.functional.${pool}(${maps}, step, ceil_mode=True)`
}

export const aggregatedPatterns = torchCall(
  'run',
  z.object({
    how: z.enum(aggregations).default('mean'),
    heads: z.array(z.tuple([Index, Index])).nullish(),
    layers: Layers,
    first_token: FirstToken
  }),
  ({ how, heads, layers, first_token }) => {
    const own = heads?.filter(([layer]) => layers?.includes(layer) ?? true)
    const chosen = own
      ? `torch.stack([attentions[layer, head] for layer, head in set(${pairs(own)})])`
      : layers
        ? `attentions[${pythonList(layers)}].flatten(0, 1)`
        : 'attentions.flatten(0, 1)'
    const together = { mean: 'mean', max: 'amax', min: 'amin' }[how]
    return `${hiding(first_token)}compare(${chosen}.${together}(0), "weight", "pattern")`
  }
)

/** Of one layer, or of those that the analysis was asked for. */
export const rolledOut = torchCall(
  'run',
  z.object({ layer: Index.nullish(), layers: Layers }),
  ({ layer, layers }) => {
    const own =
      layer != null
        ? `compare(rolled[${layer}], "weight")`
        : `compare(torch.stack(rolled)${layers ? `[${pythonList(layers)}]` : ''}, "rollout")`
    return `size = attentions.shape[-1]
rolled = []
for block in attentions.mean(1):
    mixed = block + torch.eye(size)
    mixed = mixed / mixed.sum(-1, keepdim=True)
    rolled.append(mixed @ rolled[-1] if rolled else mixed)
${own}`
  }
)

/** The weights that lines stand for, which are some of all. */
export const lineWeights = torchCall(
  'run',
  z.object({ layer: Index, first_token: FirstToken }),
  ({ layer, first_token }) =>
    `${hiding(first_token)}compare(attentions[${layer}, index("head"), index("query"), index("key")], "weight")`
)

export const modelLineWeights = torchCall(
  'run',
  z.object({ pooling: z.enum(poolings).default('maximum'), first_token: FirstToken }),
  ({ pooling, first_token }) =>
    `${hiding(first_token)}step = -(-attentions.shape[-1] // ${mostRows})
${pooled('attentions', pooling)}
compare(attentions[index("layer"), index("head"), index("query"), index("key")], "weight")`
)

/** Of words the sum over the keys of one, the mean over its queries. */
export const textWeights = torchCall(
  'run',
  z.object({
    layer: Index,
    head: Index.nullish(),
    side: z.enum(attentionSides).default('from'),
    token: Index.nullish(),
    first_token: FirstToken
  }),
  ({ layer, head, side, token, first_token }) => {
    const own = token ?? (side === 'from' ? 'size - 1' : '0')
    const of = head == null ? `attentions[${layer}].mean(0)` : `attentions[${layer}, ${head}]`
    const shown = side === 'from' ? 'between[own]' : 'between[:, own]'
    return `${hiding(first_token)}pattern = ${of}
size = pattern.shape[-1]
# Tokens, or the words that they are of, by where these begin: the sum over keys, the mean over queries.
group = torch.bucketize(torch.arange(size), index("first_position"), right=True) - 1
member = torch.nn.functional.one_hot(group).T.to(pattern.dtype)
between = member @ pattern @ member.T / member.sum(-1, keepdim=True)
own = group[${own}]
compare(${shown}, "weight")`
  }
)

/** The weights of a query, and up to a constant its scores. */
export const queryScores = torchCall(
  'run',
  z.object({ layer: Index, head: Index, query: Index.nullish() }),
  ({ layer, head, query }) => `row = attentions[${layer}, ${head}, ${query ?? -1}]
compare(row, "weight")
# transformers gives no scores; those of a row are, up to a constant that a difference does not have, the logarithms of its weights.
if "logsumexp" in data:
    compare(row, "softmax")
    seen = row > 0
    differ("score - logsumexp", row[seen].log(), (data["score"] - data["logsumexp"])[seen.numpy()])`
)

/** As tuples. */
function pairs(heads: readonly (readonly [number, number])[]): string {
  return `[${heads.map(([layer, head]) => `(${layer}, ${head})`).join(', ')}]`
}

function hiding(firstToken: FirstToken): string {
  return firstToken === 'shown'
    ? ''
    : `# Without the first token: each row is divided by what is left of it.
attentions[..., 0] = 0
attentions = (attentions / attentions.sum(-1, keepdim=True)).nan_to_num()
`
}
