import { z } from 'zod'
import { axis, type Dataset, variable } from '../data/dataset.ts'
import { LamellaError } from '../model/errors.ts'
import {
  nothing,
  type Analysis,
  type Given,
  type ModelFacts,
  type State,
  type Window
} from './analysis.ts'
import { givenDataset } from './given.ts'
import { divergences } from './kl-divergence.ts'
import { logSumExp, topProbabilities } from './softmax.ts'

const ComparePredictionsParams = z.strictObject({
  /** How many of the most probable tokens are compared. */
  top: z.int().min(1).max(100).default(5)
})
type ComparePredictionsParams = z.infer<typeof ComparePredictionsParams>

const ofPosition = (name: string, unit: string, about: string): Given => ({
  name,
  axes: ['pos'],
  unit,
  about
})
const ofAll = (name: string, unit: string, about: string): Given => ({
  name,
  axes: [],
  unit,
  about
})

const gives: readonly Given[] = [
  ofPosition('kl', 'nats', 'KL(first ‖ second) of what is predicted there'),
  ofPosition('kl_reverse', 'nats', 'KL(second ‖ first)'),
  ofPosition('top_shared', '', "share of the first's top tokens that are among the second's"),
  ofPosition('surprisal_first', 'nats', '−ln p of the token that comes next; NaN of the last'),
  ofPosition('surprisal_second', 'nats', 'the same in the second'),
  ...['first', 'second'].map(side => ({
    name: `top_${side}`,
    axes: ['pos', 'rank'],
    unit: '',
    about: `ids of the most probable tokens of the ${side}`
  })),
  ofAll('mean_kl', 'nats', 'mean of kl over the positions of all windows'),
  ofAll('mean_kl_reverse', 'nats', 'mean of kl_reverse'),
  ofAll('same_top', '', 'share of positions whose most probable token is the same'),
  ofAll('loss_first', 'nats', 'mean of surprisal_first over the tokens that are predicted'),
  ofAll('loss_second', 'nats', 'mean of surprisal_second')
]

/** All windows so far. */
interface Compared extends State {
  readonly sums: Record<'kl' | 'reverse' | 'sameTop' | 'first' | 'second', number>
  positions: number
  predicted: number
  windows: number
  /** Of the last window, which is the only one as long as there is one. */
  window: ComparedWindow
}

interface ComparedWindow extends State {
  readonly kl: Float64Array
  readonly reverse: Float64Array
  readonly shared: Float64Array
  /** [side][pos] */
  readonly surprisal: readonly [Float64Array, Float64Array]
  /** [side][pos, rank] */
  readonly top: readonly [Int32Array, Int32Array]
}

/** How what two subjects predict differs: other models, or one model with and without edits. */
export const comparePredictions: Analysis<ComparePredictionsParams> = {
  name: 'compare-predictions',
  version: 1,
  of: 'windows',
  compares: true,
  keeps: true,
  params: ComparePredictionsParams,
  about: {
    what: 'How much the predictions of two models of one vocabulary, or of one model with and without edits, differ at each position of the same tokens: the divergence of their distributions, what they hold most probable, and how well each predicts what comes.',
    formulas: ['KL(p ‖ q) = Σ over tokens of p (ln p − ln q)', 'surprisal = −ln p(next token)'],
    sources: ['Kullback & Leibler 1951, "On Information and Sufficiency"'],
    read: 'KL is 0 where the two agree and is not the same both ways: KL(first ‖ second) is what the second loses where the first is right. Of several windows there are means alone, and every position counts alike. Surprisals and losses are of models that predict the next token.',
    baseline: 'Of a subject and itself every KL is 0.'
  },
  gives,

  needs: (_, model) => ({ ...nothing, logits: isOfText(model) ? [0] : 'every' }),

  start({ top }, model, state) {
    const isNext = model.predicts === 'next'
    const ranks = Math.min(top, model.labels?.length ?? model.config?.dVocab ?? top)
    const all = (state as Compared | null) ?? {
      sums: { kl: 0, reverse: 0, sameTop: 0, first: 0, second: 0 },
      positions: 0,
      predicted: 0,
      windows: 0,
      window: noPositions(0, 0)
    }
    let ids: Window['ids'] = new Int32Array(0)
    let first: Float32Array | null = null

    function addPosition(pos: number, rows: readonly [Float32Array, Float32Array]): void {
      const { sums, window } = all
      const { kl, reverse } = divergences(...rows)
      window.kl[pos] = kl
      window.reverse[pos] = reverse
      sums.kl += kl
      sums.reverse += reverse
      const tops = rows.map(row => topProbabilities(row, ranks).map(({ index }) => index))
      tops.forEach((top, side) => window.top[side]!.set(top, pos * ranks))
      window.shared[pos] = tops[0]!.filter(id => tops[1]!.includes(id)).length / ranks
      if (tops[0]![0] === tops[1]![0]) sums.sameTop++
      all.positions++
      if (!isNext || pos + 1 >= ids.length) return
      const surprisals = rows.map(row => logSumExp(row) - row[ids[pos + 1]!]!)
      surprisals.forEach((surprisal, side) => (window.surprisal[side]![pos] = surprisal))
      sums.first += surprisals[0]!
      sums.second += surprisals[1]!
      all.predicted++
    }

    return {
      begin(window) {
        ids = window.ids
        all.windows++
        all.window = noPositions(isOfText(model) ? 1 : ids.length, ranks)
      },
      take(taken, side) {
        if (taken.kind !== 'logits') return
        if (side === 0) {
          first = taken.data.slice()
          return
        }
        const { positions, data } = taken
        const width = data.length / positions.length
        for (const [row, pos] of positions.entries()) {
          const of = (data: Float32Array) => data.subarray(row * width, (row + 1) * width)
          addPosition(pos, [of(first!), of(data)])
        }
        first = null
      },
      result() {
        const { sums, positions, predicted, windows, window } = all
        const mean = (sum: number, count: number) => Float64Array.of(sum / count)
        const isOne = windows === 1
        return givenDataset(
          gives,
          isOne ? { pos: axis(window.kl.length), rank: axis(ranks) } : {},
          {
            ...(isOne && {
              kl: window.kl,
              kl_reverse: window.reverse,
              top_shared: window.shared,
              top_first: window.top[0],
              top_second: window.top[1]
            }),
            ...(isOne &&
              isNext && {
                surprisal_first: window.surprisal[0],
                surprisal_second: window.surprisal[1]
              }),
            mean_kl: mean(sums.kl, positions),
            mean_kl_reverse: mean(sums.reverse, positions),
            same_top: mean(sums.sameTop, positions),
            ...(predicted > 0 && {
              loss_first: mean(sums.first, predicted),
              loss_second: mean(sums.second, predicted)
            })
          }
        )
      },
      state: () => all
    }
  },

  async described(result, naming) {
    if (!Object.hasOwn(result.variables, 'top_first')) return result
    const both = ['top_first', 'top_second'].flatMap(name => [...variable(result, name).data])
    const ids = [...new Set(both)].sort((a, b) => a - b)
    const tokens = await (naming.labels ?? naming.tokens)(ids)
    const vocabulary = tokens.map(({ piece }, i) => [ids[i]!, piece] as const)
    return {
      ...result,
      attributes: {
        ...result.attributes,
        vocabulary: vocabulary as unknown as Dataset['attributes'][string]
      }
    }
  }
}

function noPositions(count: number, ranks: number): ComparedWindow {
  const each = () => new Float64Array(count)
  const none = () => each().fill(NaN)
  const top = () => new Int32Array(count * ranks)
  return {
    ...{ kl: each(), reverse: each(), shared: each() },
    surprisal: [none(), none()],
    top: [top(), top()]
  }
}

/** Whether its logits are of the text as a whole. @throws LamellaError `unsupported` where they are no distribution */
function isOfText({ name, ofText, labels }: ModelFacts): boolean {
  if (labels?.length === 1)
    throw new LamellaError(
      'unsupported',
      `${name}: has a single label, which is no distribution to compare`
    )
  return ofText
}
