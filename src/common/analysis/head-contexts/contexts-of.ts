import { variable, type Dataset } from '../../data/dataset.ts'
import type { Token } from '../../model/token.ts'
import { tokensOfResult } from '../described-tokens.ts'

/** The result of `head-contexts`, context by context. */
export interface HeadContexts {
  readonly queries: number
  readonly without: number
  readonly mean: number
  /** Null where it is not known what a query sees. */
  readonly baseline: number | null
  readonly unit: string
  readonly cells: readonly { readonly low: number; readonly high: number; readonly count: number }[]
  /** From the lowest score up. */
  readonly bins: readonly {
    readonly low: number
    readonly high: number
    readonly count: number
    readonly contexts: readonly HeadContext[]
  }[]
}

/** A query, the text around it, and what it gives that as keys. */
export interface HeadContext {
  /** Where it is, such as `play.txt, tokens 512 to 767, query 18`. */
  readonly label: string
  readonly window: number
  readonly score: number
  /** Of its query and of its first token, in the window. */
  readonly query: number
  readonly start: number
  readonly tokens: readonly Token[]
  /** [token]; null where the query does not see it. */
  readonly weights: readonly (number | null)[]
  /** On keys that are not among the tokens. */
  readonly outside: number
  readonly strongest: { readonly key: number; readonly token: Token; readonly weight: number }
}

export function headContextsOf(result: Dataset): HeadContexts {
  const data = (name: string) => variable(result, name).data
  const tokens = tokensOfResult(result)
  const width = result.axes['place']!.length
  const contexts = result.axes['context']!.labels!.map((label, row): HeadContext => {
    const ids = data('token').subarray(row * width, (row + 1) * width)
    const weights = data('weight').subarray(row * width, (row + 1) * width)
    const places = [...ids.keys()].filter(place => ids[place]! >= 0)
    return {
      ...{ label, window: data('context.window')[row]! },
      score: data('context.score')[row]!,
      query: data('context.query')[row]!,
      start: data('context.start')[row]!,
      tokens: places.map(place => tokens.get(ids[place]!)!),
      weights: places.map(place => (Number.isNaN(weights[place]!) ? null : weights[place]!)),
      outside: data('context.outside')[row]!,
      strongest: {
        key: data('context.strongest')[row]!,
        token: tokens.get(data('context.strongest_token')[row]!)!,
        weight: data('context.strongest_weight')[row]!
      }
    }
  })
  const rows = (bin: number) => contexts.filter((_, row) => data('context.bin')[row] === bin)
  return {
    queries: data('queries')[0]!,
    without: data('without')[0]!,
    mean: data('mean')[0]!,
    baseline: result.variables['baseline']?.data[0] ?? null,
    unit: variable(result, 'mean').unit,
    cells: [...data('cell.queries')].map((count, cell) => ({
      low: data('cell.low')[cell]!,
      high: data('cell.high')[cell]!,
      count
    })),
    bins: [...data('bin.queries')].map((count, bin) => ({
      low: data('bin.low')[bin]!,
      high: data('bin.high')[bin]!,
      count,
      contexts: rows(bin)
    }))
  }
}
