import { z } from 'zod'
import { axis } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import type { Edit } from '../../model/edit.ts'
import { LamellaError } from '../../model/errors.ts'
import { nothing, type Analysis, type Given, type Window } from '../analysis.ts'
import { describedTokens } from '../described-tokens.ts'
import { givenDataset } from '../given.ts'
import { widthsOf } from '../model-widths.ts'
import { rowNorms, rowSums } from '../row-sums.ts'
import { largest, logSumExp } from '../softmax.ts'

/** Tokens of a text at most: there is a number for each two, and a run or a gradient for each. */
const mostTokens = 512

export const mapMethods = ['grad_x_input', 'saliency', 'occlusion'] as const
export type MapMethod = (typeof mapMethods)[number]

const SaliencyMapParams = z.strictObject({
  /**
   * The number at each position: the logit or the probability of the most probable token, of the next one of the text, or
   * of one token by its id.
   */
  of: z
    .string()
    .regex(
      /^(logit|probability):(top|next|\d{1,9})$/,
      'expected logit or probability, of top, next or a token id, such as logit:top'
    )
    .default('logit:top'),
  method: z.enum(mapMethods).default('grad_x_input')
})
type SaliencyMapParams = z.infer<typeof SaliencyMapParams>

const gives: readonly Given[] = [
  {
    name: 'map',
    axes: ['query', 'key'],
    unit: '',
    about: 'how the number at each position depends on each token; NaN where there is no number'
  },
  { name: 'value', axes: ['query'], unit: '', about: 'f at each position' },
  {
    name: 'token',
    axes: ['query'],
    unit: '',
    about: 'whose logit or probability it is; −1 where there is none'
  }
]

/** How a number at every position depends on every token. */
export const saliencyMap: Analysis<SaliencyMapParams> = {
  name: 'saliency-map',
  version: 1,
  of: 'window',
  compares: false,
  keeps: true,
  continues: true,
  params: SaliencyMapParams,
  about: {
    what: 'How the logit or the probability of a token at each position of a text depends on each token before it: a map of target positions by tokens, by gradients or by occlusion.',
    formulas: [
      'f_q = logits[q, t_q], or softmax(logits[q])[t_q]; t_q: the most probable token at q, the next one of the text, or one that is chosen',
      'grad_x_input[q, k] = Σ_d x_k ∂f_q/∂x_k; saliency[q, k] = ‖∂f_q/∂x_k‖₂; x = hook_embed',
      'occlusion[q, k] = f_q(x) − f_q(x with x_k ← 0); its position stays'
    ],
    sources: [
      'Simonyan, Vedaldi & Zisserman 2013; Zeiler & Fergus 2014; Li, Monroe & Jurafsky 2016'
    ],
    read: 'A row is what `saliency` says of one position. Gradients take a way back through the model for each position, occlusion one run for each token, which gives all rows at once.',
    baseline:
      'A number that does not depend on a token has 0 there, as of tokens that come after it.'
  },
  gives,

  needs({ of }, model, tokens) {
    if (model.ofText)
      throw new LamellaError(
        'invalid-argument',
        'of: this model says one thing of the text as a whole, and there is no map of positions',
        'Ask for saliency of position 0.'
      )
    const token = Number(of.split(':')[1])
    if (!Number.isNaN(token))
      checkIndex('token', token, model.labels?.length ?? widthsOf(model).dVocab)
    if (tokens > mostTokens)
      throw new LamellaError(
        'invalid-argument',
        `A map is of at most ${mostTokens} tokens, and there are ${tokens}`,
        'Shorten the text, or ask for saliency of one position.'
      )
    return { ...nothing, logits: 'every' }
  },

  start({ of, method }) {
    const [kind, token] = of.split(':') as ['logit' | 'probability', string]
    let window: Window | null = null
    let count = 0
    let tokens = new Int32Array(0)
    let values = new Float64Array(0)
    let map = new Float64Array(0)
    /** Positions whose number is still to be differentiated. */
    let queries: number[] = []
    let query = -1
    let isErased = false

    function numberOf(own: Float32Array, id: number): number {
      return kind === 'logit' ? own[id]! : Math.exp(own[id]! - logSumExp(own))
    }
    /** The token that is asked for at a position; −1 for none. */
    function tokenAt(position: number, own: Float32Array): number {
      if (token === 'top') return largest(own, 1)[0]!
      return token === 'next' ? (window!.ids[position + 1] ?? -1) : Number(token)
    }
    return {
      begin(next) {
        window = next
        count = next.ids.length
        tokens = new Int32Array(count).fill(-1)
        values = new Float64Array(count).fill(NaN)
        map = new Float64Array(count * count).fill(NaN)
        queries = []
        isErased = false
      },
      take(taken) {
        if (taken.kind === 'logits' && !isErased) {
          const width = taken.data.length / taken.positions.length
          for (const [row, position] of taken.positions.entries()) {
            const own = taken.data.subarray(row * width, (row + 1) * width)
            tokens[position] = tokenAt(position, own)
            if (tokens[position] < 0) continue
            values[position] = numberOf(own, tokens[position])
            queries.push(position)
          }
        } else if (taken.kind === 'gradient' && taken.hook === 'hook_embed') {
          const { value, data } = taken
          const row =
            method === 'saliency'
              ? rowNorms(data, count)
              : rowSums(
                  Float64Array.from(value, (own, i) => own * data[i]!),
                  count
                )
          map.set(row, query * count)
        } else if (taken.kind === 'edited') {
          const width = taken.data.length / taken.positions.length
          for (const [row, position] of taken.positions.entries()) {
            const id = tokens[position]!
            if (id < 0) continue
            const own = taken.data.subarray(row * width, (row + 1) * width)
            map[position * count + taken.place] = values[position]! - numberOf(own, id)
          }
        }
      },
      more() {
        if (method === 'occlusion') {
          if (isErased) return null
          isErased = true
          const edited = Array.from({ length: count }, (_, pos): Edit[] => [
            { hook: 'hook_embed', at: { pos: [pos] }, scale: 0, add: null }
          ])
          return { ...nothing, logits: 'every', edited }
        }
        const next = queries.shift()
        if (next === undefined) return null
        query = next
        const target = { kind, position: query, token: tokens[query]! }
        return { ...nothing, gradient: { target, hooks: ['hook_embed'] } }
      },
      result() {
        const labels = [...window!.ids].map((id, i) => window!.texts?.[i] ?? `#${id}`)
        return givenDataset(
          gives,
          { query: axis(labels), key: axis(labels) },
          { map, value: values, token: tokens }
        )
      },
      state: () => ({})
    }
  },

  described: (result, { tokens, labels }) => describedTokens(result, ['token'], labels ?? tokens)
}
