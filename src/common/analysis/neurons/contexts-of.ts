import { variable, type Dataset } from '../../data/dataset.ts'
import type { Token } from '../../model/token.ts'
import { tokensOfResult } from '../described-tokens.ts'

/** What `neurons` says of one neuron's values, context by context. */
export interface NeuronContexts {
  readonly tokens: number
  readonly mean: number
  /** Share of the tokens at which it is above the threshold. */
  readonly active: number
  readonly cells: readonly { readonly low: number; readonly high: number; readonly count: number }[]
  /** From the lowest value up. */
  readonly bins: readonly NeuronBin[]
  /** Where it is highest, the highest first. */
  readonly top: readonly NeuronPlace[]
}

export interface NeuronBin {
  readonly low: number
  readonly high: number
  readonly count: number
  readonly contexts: readonly NeuronPlace[]
}

/** A token, the text around it, and what the neuron is at each. */
export interface NeuronPlace {
  /** Where it is, such as `play.txt, tokens 512 to 767, token 18`. */
  readonly label: string
  readonly window: number
  readonly value: number
  /** Of its token and of the first that is shown, in the window. */
  readonly query: number
  readonly start: number
  readonly tokens: readonly Token[]
  readonly values: readonly number[]
}

/** @param result of one neuron alone, whose layer alone is counted */
export function neuronContextsOf(result: Dataset): NeuronContexts {
  const data = (name: string) => variable(result, name).data
  const known = tokensOfResult(result)
  const width = result.axes['place']!.length
  const [, unit = 0] = data('neurons')
  const contexts = (result.axes['context']!.labels ?? []).map((label, row): NeuronPlace => {
    const ids = data('token').subarray(row * width, (row + 1) * width)
    const values = data('activation').subarray(row * width, (row + 1) * width)
    const places = [...ids.keys()].filter(place => ids[place]! >= 0)
    const query = data('context.pos')[row]!
    return {
      ...{ label, query, window: data('context.window')[row]! },
      value: data('context.value')[row]!,
      start: query - ((width - 1) / 2 - (places[0] ?? 0)),
      tokens: places.map(place => known.get(ids[place]!)!),
      values: places.map(place => values[place]!)
    }
  })
  const ofBin = (bin: number) => contexts.filter((_, row) => data('context.bin')[row] === bin)
  return {
    tokens: data('tokens')[0]!,
    mean: data('mean')[unit]!,
    active: data('active')[unit]!,
    cells: [...data('cell.tokens')].map((count, cell) => ({
      low: data('cell.low')[cell]!,
      high: data('cell.high')[cell]!,
      count
    })),
    bins: [...data('bin.tokens')].flatMap((count, bin) =>
      count === 0
        ? []
        : { low: data('bin.low')[bin]!, high: data('bin.high')[bin]!, count, contexts: ofBin(bin) }
    ),
    top: ofBin(-1)
  }
}
