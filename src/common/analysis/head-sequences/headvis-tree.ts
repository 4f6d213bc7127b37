import { shapeOf, variable, type Dataset } from '../../data/dataset.ts'
import { Token, tokenLabel } from '../../model/token.ts'
import {
  headFile,
  type HeadVisConfig,
  type HeadVisHead,
  type HeadVisRow,
  type HeadVisSequence
} from './headvis-schema.ts'

/** Scatter plots have these, in this order. */
const metrics = {
  self_attention_score: 'mean of A[q, q]',
  prev_token_score: 'mean of A[q, q − 1], over the queries that have a token before them',
  pattern_entropy: 'mean over q of −Σ_k A ln A, in nats',
  qk_distance: 'ΣA·|q − k| / ΣA',
  qk_distance_variance: 'ΣA·|q − k|² / ΣA − (ΣA·|q − k| / ΣA)²',
  induction_score:
    'Σ of A[q, k + 1] over earlier k with the same token as q, mean over all q, 0 for those without'
} as const

/** Edges of the histogram of distances between query and key. */
const distanceEdges = [0, ...Array.from({ length: 13 }, (_, i) => 2 ** i)]
/** Tokens of a table. */
const mostTokens = 50
const pattern = 'L{layer}H{head}.json'

/** A file of the tree, by its path in it. */
export interface TreeFile {
  readonly path: string
  readonly json: unknown
}

/**
 * The heads of a HeadVis tree, a file each, of some layers.
 * @param sequences what `head-sequences` came to, described
 */
export function* headFiles(sequences: Dataset): Generator<TreeFile> {
  const layers = layersAlong(sequences)
  const [, nHeads = 0, bins = 0] = shapeOf(sequences, variable(sequences, 'histogram'))
  const all = sequencesOf(sequences)
  for (const [row, layer] of layers.entries())
    for (let head = 0; head < nHeads; head++) {
      const at = row * nHeads + head
      const own = all
        .filter(sequence => sequence.layer === layer && sequence.head === head)
        .map(({ sequence }) => sequence)
      const counts = variable(sequences, 'histogram').data.subarray(at * bins, (at + 1) * bins)
      yield { path: headFile(pattern, layer, head), json: headOf(own, counts, sequences, at) }
    }
}

function headOf(
  sequences: readonly HeadVisSequence[],
  counts: ArrayLike<number>,
  result: Dataset,
  at: number
): HeadVisHead {
  return {
    sequences: [...sequences],
    qk_distance_histogram: {
      bin_edges: [...distanceEdges],
      bin_values: distances(sequences).map(rounded)
    },
    histogram: {
      bin_edges: Array.from({ length: counts.length + 1 }, (_, i) => rounded(i / counts.length)),
      bin_values: Array.from(counts)
    },
    top_query_tokens: topTokens(sequences, index => index.query),
    top_key_tokens: topTokens(sequences, index => index.key),
    statistics: {
      n_samples: sequences.length,
      mean_max_activation: rounded(variable(result, 'mean_activation').data[at]!)
    }
  }
}

/** What holds of all of a tree: the files but those of heads. */
export function treeFiles(
  rows: readonly HeadVisRow[],
  facts: Pick<
    HeadVisConfig,
    'model_name' | 'dataset_name' | 'n_layers' | 'n_heads' | 'n_intervals'
  >,
  made: Readonly<Record<string, unknown>>
): TreeFile[] {
  const config = {
    ...facts,
    heads: rows.map(({ layer, head }): [number, number] => [layer, head]),
    metrics: Object.keys(metrics),
    metric_descriptions: { ...metrics },
    head_data_pattern: pattern,
    has_umap: false,
    umap_heads: [],
    custom_plots: [
      { key: 'qk_distance_histogram', label: 'Q-K distance' },
      { key: 'histogram', label: 'Activation distribution' }
    ],
    custom_tables: [
      { key: 'top_query_tokens', label: 'Top query tokens' },
      { key: 'top_key_tokens', label: 'Top key tokens' }
    ],
    statistics_display: {
      n_samples: { label: 'Sequences kept', format: 'default' },
      mean_max_activation: { label: 'Mean max activation', format: 'default' }
    },
    pipeline_config: made
  }
  return [
    { path: 'scatter_data.json', json: rows },
    { path: 'server_config.json', json: {} },
    { path: 'attributions/manifest.json', json: {} },
    // The last: a tree that has it is whole.
    { path: 'config.json', json: config }
  ]
}

/**
 * The numbers of each head by HeadVis's formulas.
 * @param scores what `head-scores` came to
 */
export function scatterRows(scores: Dataset): HeadVisRow[] {
  const layers = layersAlong(scores)
  const nHeads = scores.axes['head']!.length
  const size = scores.axes['offset']!.length
  const sizes = tokensOfWindows(scores)
  const queries = sizes.reduce((sum, tokens) => sum + tokens, 0)
  const reaching = Array.from({ length: size }, (_, d) =>
    sizes.reduce((sum, tokens) => sum + Math.max(0, tokens - d), 0)
  )
  const withCopy = variable(scores, 'queries_with_induction').data[0]!
  const of = (name: string, at: number) => variable(scores, name).data[at]!
  const mass = (name: string, at: number, d: number) =>
    (scores.variables[name]?.data[at * size + d] ?? 0) * reaching[d]!
  return Array.from({ length: layers.length * nHeads }, (_, at) => {
    let total = mass('offset', at, 0)
    let [first, second] = [0, 0]
    for (let d = 1; d < size; d++) {
      const own = mass('offset', at, d) + mass('offset_forward', at, d)
      total += own
      first += d * own
      second += d ** 2 * own
    }
    const mean = first / total
    const numbers: Record<keyof typeof metrics, number> = {
      self_attention_score: of('offset', at * size),
      prev_token_score: size > 1 ? of('offset', at * size + 1) : NaN,
      pattern_entropy: of('entropy', at),
      qk_distance: mean,
      qk_distance_variance: Math.max(0, second / total - mean ** 2),
      induction_score: withCopy === 0 ? 0 : (of('induction', at) * withCopy) / queries
    }
    return {
      ...{ layer: layers[Math.floor(at / nHeads)]!, head: at % nHeads },
      ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, finite(value)]))
    }
  })
}

/** Every sequence that is kept, and whose it is. */
function sequencesOf(result: Dataset) {
  const data = (name: string) => variable(result, name).data
  const tokens = new Map(
    Token.array()
      .parse(result.attributes['tokens'])
      .map(token => [token.id, tokenLabel(token)])
  )
  const starts = sums(data('text.tokens'))
  const entries = sums(data('sequence.entries'))
  return Array.from(data('sequence.layer'), (layer, i) => {
    const text = data('sequence.text')[i]!
    const ids = data('token').subarray(starts[text], starts[text + 1])
    const sequence: HeadVisSequence = {
      sequence_id: data('text.window')[text]!,
      interval: data('sequence.interval')[i]!,
      tokens: Array.from(ids, id => tokens.get(id)!),
      attention_indices: Array.from(data('index').subarray(entries[i], entries[i + 1])),
      attention_values: Array.from(data('weight').subarray(entries[i], entries[i + 1]), rounded),
      seq_len: ids.length,
      max_activation: rounded(data('sequence.activation')[i]!)
    }
    return { layer, head: data('sequence.head')[i]!, sequence }
  })
}

/** Weight by how far the key is from the query, in bins between the edges. */
function distances(sequences: readonly HeadVisSequence[]): number[] {
  const values = Array<number>(distanceEdges.length - 1).fill(0)
  for (const sequence of sequences)
    eachWeight(sequence, ({ query, key }, weight) => {
      const bin = distanceEdges.findLastIndex(edge => edge <= Math.abs(query - key))
      if (bin < values.length) values[bin]! += weight
    })
  return values
}

/** The tokens with the most weight on one side. */
function topTokens(
  sequences: readonly HeadVisSequence[],
  side: (at: { readonly query: number; readonly key: number }) => number
) {
  const weights = new Map<string, number>()
  for (const sequence of sequences)
    eachWeight(sequence, (at, weight) => {
      const token = sequence.tokens[side(at)]!
      weights.set(token, (weights.get(token) ?? 0) + weight)
    })
  return [...weights]
    .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    .slice(0, mostTokens)
    .map(([token, weight]) => ({ token, weight: rounded(weight) }))
}

/** Goes through the weights of a sequence. */
export function eachWeight(
  { attention_indices: indices, attention_values: values, seq_len: size }: HeadVisSequence,
  visit: (at: { readonly query: number; readonly key: number }, weight: number) => void
): void {
  indices.forEach((index, i) =>
    visit({ query: Math.floor(index / size), key: index % size }, values[i]!)
  )
}

function layersAlong({ axes }: Dataset): number[] {
  const { length, labels } = axes['layer']!
  return labels?.map(Number) ?? [...Array(length).keys()]
}

/** Of several windows as the result says, of one its tokens; of very many the first stand for all. */
function tokensOfWindows({ axes, variables }: Dataset): number[] {
  const several = variables['window_tokens']
  return several ? [...several.data] : [axes['pos']!.length]
}

/** 0 and the sums of the first numbers. */
function sums(of: ArrayLike<number>): number[] {
  let sum = 0
  return [0, ...Array.from(of, value => (sum += value))]
}

/** Four digits are what its pages show, and keep files small. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
