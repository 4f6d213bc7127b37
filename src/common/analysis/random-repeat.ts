import { z } from 'zod'
import { axis } from '../data/dataset.ts'
import { LamellaError } from '../model/errors.ts'
import { blockHookName, parseHookName } from '../model/hooks.ts'
import { Seed } from '../model/seed.ts'
import { nothing, type Analysis, type Given, type ModelFacts, type State } from './analysis.ts'
import { generator } from './generator.ts'
import { givenDataset } from './given.ts'
import { layersOf, widthsOf } from './model-widths.ts'

const RandomRepeatParams = z.strictObject({
  /** Tokens of a sequence before it comes again; null for 50, or as many as the model takes twice. */
  length: z.int().min(2).max(2048).nullable().default(null),
  /** Sequences, each twice in a window of its own. */
  batch: z.int().min(1).max(1000).default(4),
  /** Equal seeds give equal tokens. */
  seed: Seed
})
type RandomRepeatParams = z.infer<typeof RandomRepeatParams>

/** The diagonals: how far the key is before the query, for a sequence of `length` tokens. */
const diagonals = {
  previous: () => 1,
  duplicate: (length: number) => length,
  induction: (length: number) => length - 1
} as const
type Diagonal = keyof typeof diagonals
const kinds = Object.keys(diagonals) as Diagonal[]

const abouts: Readonly<Record<Diagonal, string>> = {
  previous: 'mean of A[q, q − 1] over the whole diagonal and all windows',
  duplicate: 'mean of A[q, q − T]: the same token, T before',
  induction: 'mean of A[q, q − T + 1]: what came after the same token, T before'
}

const gives: readonly Given[] = [
  ...kinds.map(name => ({ name, axes: ['layer', 'head'], unit: '', about: abouts[name] })),
  { name: 'tokens', axes: ['window', 'pos'], unit: '', about: 'the token ids that ran' }
]

/** All windows so far. */
interface Repeats extends State {
  /** [layer, head] each. */
  readonly sums: Record<Diagonal, Float64Array>
  readonly windows: Int32Array[]
}

/** Which heads attend as induction heads do where nothing but repetition helps. */
export const randomRepeat: Analysis<RandomRepeatParams> = {
  name: 'random-repeat',
  version: 1,
  of: 'windows',
  compares: false,
  keeps: true,
  params: RandomRepeatParams,
  about: {
    what: 'Previous-token, duplicate-token and induction heads on random tokens that come twice: T tokens, then the same T again, with no token before them. Nothing but the repetition tells what comes next.',
    formulas: kinds.map(kind => `${kind}: ${abouts[kind]}`),
    sources: [
      'Olsson et al. 2022; the demo of TransformerLens, pattern.diagonal(offset=1−T).mean()'
    ],
    read: 'Induction heads come near 1 on `induction`. The mean is over the whole diagonal, also over queries that have no earlier copy. Given windows are taken as they are; without any, `batch` of them are drawn from the vocabulary, each of 2 · `length` tokens: 50 or as many as the model takes twice, where `length` is not said.',
    baseline: ''
  },
  gives,

  needs: (_, model) => ({
    ...nothing,
    hooks: layersOf(model, null).map(layer => blockHookName(layer, 'attn.hook_pattern'))
  }),

  windows({ length: given, batch, seed }, model) {
    const { dVocab } = widthsOf(model)
    const length = sequenceLength(given, model)
    const next = generator(seed)
    return Array.from({ length: batch }, () => {
      const ids = Array.from({ length }, () => Math.floor(next() * dVocab))
      return [...ids, ...ids]
    })
  },

  start(_, model, state) {
    const { nLayers, nHeads } = widthsOf(model)
    const none = () => new Float64Array(nLayers * nHeads)
    const { sums, windows } = (state as Repeats | null) ?? {
      sums: { previous: none(), duplicate: none(), induction: none() },
      windows: []
    }
    return {
      begin({ ids, label }) {
        const length = ids.length / 2
        const first = windows[0]?.length ?? ids.length
        if (!ids.every((id, pos) => id === ids[(pos + length) % ids.length]))
          throw new LamellaError(
            'invalid-argument',
            `${label}: is no sequence that comes twice`,
            'Give windows that hold some tokens and the same again, or none.'
          )
        if (first !== ids.length)
          throw new LamellaError(
            'invalid-argument',
            `${label}: has ${ids.length} tokens, the first window ${first}`
          )
        windows.push(ids)
      },
      take(taken) {
        if (taken.kind !== 'hook') return
        const layer = parseHookName(taken.hook)?.layer ?? 0
        const size = windows.at(-1)!.length
        for (const kind of kinds) {
          const offset = diagonals[kind](size / 2)
          for (let head = 0; head < nHeads; head++) {
            const from = head * size * size
            let sum = 0
            for (let query = offset; query < size; query++)
              sum += taken.data[from + query * size + query - offset]!
            sums[kind][layer * nHeads + head]! += sum / (size - offset)
          }
        }
      },
      result() {
        const size = windows[0]?.length ?? 0
        const tokens = new Int32Array(windows.length * size)
        windows.forEach((ids, i) => tokens.set(ids, i * size))
        return givenDataset(
          gives,
          {
            layer: axis(nLayers),
            head: axis(nHeads),
            window: axis(windows.length),
            pos: axis(size)
          },
          {
            ...Object.fromEntries(
              kinds.map(kind => [kind, sums[kind].map(sum => sum / windows.length)])
            ),
            tokens
          },
          { length: size / 2 }
        )
      },
      state: () => ({ sums, windows })
    }
  }
}

const usualLength = 50

/** @throws LamellaError `invalid-argument` when the model does not take a sequence of so many tokens twice */
function sequenceLength(given: number | null, model: ModelFacts): number {
  const { nCtx } = widthsOf(model)
  const most = Math.floor(nCtx / 2)
  const length = given ?? Math.max(2, Math.min(usualLength, most))
  if (length <= most) return length
  throw new LamellaError(
    'invalid-argument',
    `random-repeat: ${length} tokens that come twice are ${2 * length}; ${model.name} takes at most ${nCtx}`,
    most < 2 ? undefined : `Set length to ${most} or less.`
  )
}
