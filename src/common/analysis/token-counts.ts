import { z } from 'zod'
import { axis } from '../data/dataset.ts'
import { tokenLabel } from '../model/token.ts'
import { nothing, type Analysis, type Given, type State } from './analysis.ts'
import { givenDataset } from './given.ts'
import { widthsOf } from './model-widths.ts'

const TokenCountParams = z.strictObject({})

const gives: readonly Given[] = [
  {
    name: 'count',
    axes: ['token'],
    unit: 'tokens',
    about: 'how often the token stands in the texts'
  },
  {
    name: 'rank',
    axes: ['token'],
    unit: '',
    about:
      '1 + the number of tokens that stand there more often; of all that stand nowhere the same'
  }
]

interface Counts extends State {
  readonly counts: Int32Array
  read: number
}

/** How often each token of the vocabulary stands in texts. */
export const tokenCounts: Analysis<z.infer<typeof TokenCountParams>> = {
  name: 'token-counts',
  version: 1,
  of: 'windows',
  compares: false,
  keeps: true,
  params: TokenCountParams,
  about: {
    what: 'How often each token of the vocabulary stands in texts, and its rank by that. The model is not run.',
    formulas: ['rank = 1 + #{tokens whose count is higher}'],
    sources: ['Zipf 1935, “The Psycho-Biology of Language”: ranks by frequency'],
    read: 'Of these texts alone: in others tokens stand more or less often. What the model expects around a text is counted with each window, and with a stride what windows share is counted in each.',
    baseline: ''
  },
  gives,
  needs: () => nothing,
  start(_, model, state) {
    const all = (state as Counts | null) ?? {
      counts: new Int32Array(widthsOf(model).dVocab),
      read: 0
    }
    return {
      begin({ ids }) {
        for (const id of ids) all.counts[id]!++
        all.read += ids.length
      },
      take: () => undefined,
      result: () =>
        givenDataset(
          gives,
          { token: axis(all.counts.length) },
          { count: all.counts, rank: ranksOf(all.counts) },
          { tokens: all.read }
        ),
      state: () => all
    }
  },
  async described(result, naming) {
    const { length } = result.axes['token']!
    const tokens = await naming.tokens([...Array(length).keys()])
    return { ...result, axes: { ...result.axes, token: axis(tokens.map(tokenLabel)) } }
  }
}

/** The highest first: 1 + how many are higher. @param counts [n] */
export function ranksOf(counts: Int32Array): Int32Array {
  const order = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]!)
  const ranks = new Int32Array(counts.length)
  order.forEach((token, place) => {
    const before = order[place - 1]
    const isEqual = before !== undefined && counts[before] === counts[token]
    ranks[token] = isEqual ? ranks[before]! : place + 1
  })
  return ranks
}
