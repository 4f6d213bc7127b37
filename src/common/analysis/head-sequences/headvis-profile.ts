import { z } from 'zod'
import { Token } from '../../model/token.ts'
import type { HeadVisConfig, HeadVisHead, HeadVisRow, HeadVisSequence } from './headvis-schema.ts'
import { eachWeight } from './headvis-tree.ts'
import { firstLetters } from '../../text/cut-short.ts'

/** What a window shows of a head at most, whatever its file holds: sequences of an interval, tokens on each side of a query. */
const most = { contexts: 20, around: 48, numbers: 50, tokens: 12, bins: 500, letters: 200 }

/** A query of a sequence, as `HeadContext` has those that are drawn: its tokens are known by what they say alone. */
const HeadVisContext = z.object({
  label: z.string(),
  window: z.int(),
  score: z.number(),
  query: z.int(),
  start: z.int(),
  tokens: z.array(Token),
  /** [token]; null where no weight is kept. */
  weights: z.array(z.number().nullable()),
  outside: z.number(),
  strongest: z.object({ key: z.int(), token: Token, weight: z.number() })
})
type HeadVisContext = z.output<typeof HeadVisContext>

const TokenWeight = z.object({ token: z.string(), weight: z.number() })

/** What all of a HeadVis folder is of. */
export const HeadVisFacts = z.object({
  model: z.string(),
  /** What its texts are called. */
  texts: z.string(),
  /** How many heads it has, and the first of them. */
  heads: z.int(),
  first: z.object({ layer: z.int(), head: z.int() }).nullable(),
  intervals: z.int(),
  /** Of the model, where Lamella wrote it. */
  fingerprint: z.string().nullable()
})
export type HeadVisFacts = z.output<typeof HeadVisFacts>

/** What a HeadVis folder tells of one head, as far as a window shows it. */
export const HeadVisProfile = z.object({
  facts: HeadVisFacts,
  /** Its numbers by HeadVis's names. */
  numbers: z.array(z.object({ name: z.string(), about: z.string(), value: z.number().nullable() })),
  /** Sequences by their activation; none where the file has no such histogram. */
  cells: z.array(z.object({ low: z.number(), high: z.number(), count: z.number() })),
  /** The mean of their activations; null where the file does not say it. */
  mean: z.number().nullable(),
  /** Intervals that have sequences, the lowest first. */
  parts: z.array(
    z.object({
      interval: z.int(),
      low: z.number(),
      high: z.number(),
      /** In the file; of many the highest are `contexts`. */
      sequences: z.int(),
      contexts: z.array(HeadVisContext)
    })
  ),
  queries: z.array(TokenWeight),
  keys: z.array(TokenWeight)
})
export type HeadVisProfile = z.output<typeof HeadVisProfile>

export function headVisFacts(config: HeadVisConfig): HeadVisFacts {
  const { model_name: model, dataset_name: texts, heads, n_intervals: intervals } = config
  const made = z.object({ fingerprint: z.string() }).safeParse(config['pipeline_config'])
  const [layer, head] = heads[0] ?? []
  return {
    model: cut(model),
    texts: cut(texts),
    heads: heads.length,
    first: layer === undefined || head === undefined ? null : { layer, head },
    intervals,
    fingerprint: made.success ? cut(made.data.fingerprint) : null
  }
}

/** @param row its numbers; none where the folder has no row of it */
export function headVisProfile(
  config: HeadVisConfig,
  row: HeadVisRow | undefined,
  { sequences, histogram, statistics, ...tables }: HeadVisHead
): HeadVisProfile {
  const intervals = Map.groupBy(sequences, ({ interval }) => interval)
  const { mean_max_activation: mean } = statistics
  return {
    facts: headVisFacts(config),
    numbers: config.metrics.slice(0, most.numbers).map(name => ({
      name: cut(name),
      about: cut(own(config.metric_descriptions, name) ?? ''),
      value: own(row ?? {}, name) ?? null
    })),
    cells: cellsOf(histogram),
    mean: typeof mean === 'number' && Number.isFinite(mean) ? mean : null,
    parts: [...intervals]
      .sort(([a], [b]) => a - b)
      .map(([interval, all]) => {
        const byActivation = all.toSorted((a, b) => a.max_activation - b.max_activation)
        return {
          interval,
          low: byActivation[0]!.max_activation,
          high: byActivation.at(-1)!.max_activation,
          sequences: all.length,
          contexts: byActivation.slice(-most.contexts).map(contextOf)
        }
      }),
    queries: tables.top_query_tokens.slice(0, most.tokens).map(shortToken),
    keys: tables.top_key_tokens.slice(0, most.tokens).map(shortToken)
  }
}

/** Where the largest weight of a sequence is, as activations are taken: but for the first query and the first key; null where no such one is kept. */
export function strongestWeight(
  sequence: HeadVisSequence
): { readonly query: number; readonly key: number; readonly weight: number } | null {
  let strongest: { query: number; key: number; weight: number } | null = null
  eachWeight(sequence, ({ query, key }, weight) => {
    if (query > 0 && key > 0 && weight > (strongest?.weight ?? -1))
      strongest = { query, key, weight }
  })
  return strongest
}

/** The query of the largest weight, and the text around it. */
function contextOf(sequence: HeadVisSequence): HeadVisContext {
  const { sequence_id: window, seq_len: size, max_activation: score } = sequence
  const { query, key, weight } = strongestWeight(sequence) ?? { query: 0, key: 0, weight: 0 }
  const start = Math.max(0, query - most.around)
  const end = Math.min(size, query + most.around + 1)
  const weights = Array<number | null>(end - start).fill(null)
  let outside = 0
  eachWeight(sequence, (at, own) => {
    if (at.query !== query) return
    if (at.key >= start && at.key < end) weights[at.key - start] = own
    else outside += own
  })
  const token = (place: number) => tokenOf(sequence.tokens[place]!)
  return {
    ...{ label: `sequence ${window}`, window, score, query, start, weights, outside },
    tokens: Array.from({ length: end - start }, (_, i) => token(start + i)),
    strongest: { key, token: token(key), weight }
  }
}

/** Nothing is known of it but what it says. */
function tokenOf(said: string): Token {
  const text = cut(said)
  return { id: -1, piece: text, text, start: 0, end: 0, special: false }
}

/** The bars of a histogram; none where its edges do not rise or are not those of its counts. */
function cellsOf({ bin_edges: edges = [], bin_values: counts = [] }: HeadVisHead['histogram']) {
  const isWhole =
    counts.length > 0 &&
    counts.length <= most.bins &&
    edges.length === counts.length + 1 &&
    counts.every(count => count >= 0) &&
    counts.some(count => count > 0) &&
    counts.every((_, i) => edges[i]! < edges[i + 1]!)
  if (!isWhole) return []
  return counts.map((count, i) => ({ low: edges[i]!, high: edges[i + 1]!, count }))
}

function shortToken({ token, weight }: z.output<typeof TokenWeight>) {
  return { token: cut(token), weight }
}

/** What a stranger named, not what every object has, such as `constructor`. */
function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

function cut(text: string): string {
  return text.length <= most.letters ? text : `${firstLetters(text, most.letters)}…`
}
