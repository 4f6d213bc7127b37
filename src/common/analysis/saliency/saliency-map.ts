import { z } from 'zod'
import { axis } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { Seed } from '../../model/seed.ts'
import { nothing, type Analysis, type Given, type Needs, type Window } from '../analysis.ts'
import { describedTokens } from '../described-tokens.ts'
import { givenDataset } from '../given.ts'
import { widthsOf } from '../model-widths.ts'
import { rowNorms, rowSums } from '../row-sums.ts'
import { largest, logSumExp } from '../softmax.ts'
import {
  baselineEmbedding,
  baselineWeights,
  embeddingHook,
  noisyRuns,
  onPath,
  pathRuns,
  unseen,
  type WeighedRun
} from './altered-embeddings.ts'
import { beginsAtNothing, noDerivative, pathRules, pathSteps } from './path-steps.ts'
import { saliencyMethods, type MethodSettings, type SaliencyMethod } from './saliency-methods.ts'
import { Baseline, largeGap } from './saliency.ts'

/** Tokens of a text at most: there is a number for each two, and a run or a gradient for each. */
const mostTokens = 512

/** Entries of mean gradients that are held at once. */
const mostEntries = 2 ** 23

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
  method: z.enum(saliencyMethods).default('grad_x_input'),
  /** Of integrated gradients: steps, how they are laid, and where they begin, as `saliency` has them. */
  steps: z.int().min(1).max(4096).default(64),
  rule: z.enum(pathRules).default('midpoint'),
  baseline: Baseline,
  /** Of SmoothGrad, as `saliency` has them. */
  samples: z.int().min(1).max(1024).default(8),
  noise: z.number().min(0).max(10).default(0.1),
  seed: Seed
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
  },
  {
    name: 'relative_gap',
    axes: ['query'],
    unit: '',
    about: 'of integrated gradients: (Σ over key of map − (f(x) − f(x′))) / (f(x) − f(x′))'
  }
]

/**
 * What a map takes beside the run of its text.
 * @returns runs, and ways back through the model, each of some two runs more
 */
export function mapCost(
  method: SaliencyMethod,
  tokens: number,
  { steps, rule, samples }: Pick<MethodSettings, 'steps' | 'rule' | 'samples'>
): { readonly runs: number; readonly waysBack: number } {
  if (method === 'occlusion' || method === 'leave_one_out') return { runs: tokens, waysBack: 0 }
  if (method === 'smooth_saliency') return { runs: samples, waysBack: samples * tokens }
  if (method !== 'ig') return { runs: 0, waysBack: tokens }
  const { length } = pathSteps(rule, steps)
  return { runs: length + 1, waysBack: length * tokens }
}

/** How a number at every position depends on every token. */
export const saliencyMap: Analysis<SaliencyMapParams> = {
  name: 'saliency-map',
  version: 3,
  of: 'window',
  compares: false,
  keeps: true,
  continues: true,
  params: SaliencyMapParams,
  about: {
    what: 'How the logit or the probability of a token at each position of a text depends on each token before it: a map of target positions by tokens, by gradients, by integrated or noisy ones, or without each token.',
    formulas: [
      'f_q = logits[q, t_q], or softmax(logits[q])[t_q]; t_q: the most probable token at q, the next one of the text, or one that is chosen',
      'grad_x_input[q, k] = Σ_d x_k ∂f_q/∂x_k; saliency[q, k] = ‖∂f_q/∂x_k‖₂; x: what transformers takes as inputs_embeds, which is hook_embed but where a family scales it later (Granite)',
      'occlusion[q, k] = f_q(x) − f_q(x with x_k ← 0); its position stays',
      'ig[q, k] = Σ_d (x_k − x′) Σ_j w_j ∂f_q/∂x_k at x′ + α_j (x − x′); smooth_saliency[q, k] = ‖mean of ∂f_q/∂x_k at x + ε‖₂; leave_one_out[q, k] = f_q(x) − f_q(no other token attends to k)'
    ],
    sources: [
      'Simonyan, Vedaldi & Zisserman 2013; Zeiler & Fergus 2014; Li, Monroe & Jurafsky 2016',
      'Sundararajan, Taly & Yan 2017; Smilkov et al. 2017'
    ],
    read: 'A row is what `saliency` says of one position. Gradients take a way back through the model for each position, integrated ones and SmoothGrad one for each position and step or sample; occlusion and leave one out take one run for each token, which gives all rows at once.',
    baseline:
      'A number that does not depend on a token has 0 there, as of tokens that come after it.'
  },
  gives,

  needs({ of, method, baseline }, model, tokens) {
    if (model.ofText)
      throw new LamellaError(
        'invalid-argument',
        'of: this model says one thing of the text as a whole, and there is no map of positions',
        'Ask for saliency of position 0.'
      )
    if (of.endsWith(':next') && model.predicts === 'labels')
      throw new LamellaError(
        'invalid-argument',
        `of: ${model.name} predicts labels, and the next token is none of them`,
        'Ask for the top label of each row, or for a label by its number.'
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
    const isVaried = method === 'ig' || method === 'smooth_saliency'
    return {
      ...nothing,
      ...{ logits: 'every', hooks: isVaried ? [embeddingHook] : [] },
      weights: method === 'ig' ? baselineWeights(baseline) : []
    }
  },

  start({ of, method, baseline, ...params }, model) {
    const [kind, token] = of.split(':') as ['logit' | 'probability', string]
    const isDefined = method !== 'ig' || !beginsAtNothing({ ...params, baseline }, model.hooks)
    let window: Window | null = null
    let count = 0
    let x = new Float32Array(0)
    let from = baselineEmbedding(model)
    let tokens = new Int32Array(0)
    let values = new Float64Array(0)
    let map = new Float64Array(0)
    /** f_q(x′) of integrated gradients. */
    let beginnings = new Float64Array(0)
    /** Positions whose number is differentiated, and those of them that are under way. */
    let queries: number[] = []
    let asked: readonly number[] = []
    /** What runs further, each weighed, and mean gradients by those that are under way: [pos, dim] each. */
    let runs: readonly WeighedRun[] = []
    let means: Float64Array[] = []
    let rounds: Iterator<Needs, undefined> | null = null
    let isFurther = false
    let isBeginning = false

    function numberOf(own: Float32Array, id: number): number {
      return kind === 'logit' ? own[id]! : Math.exp(own[id]! - logSumExp(own))
    }
    /** The token that is asked for at a position; −1 for none. */
    function tokenAt(position: number, own: Float32Array): number {
      if (token === 'top') return largest(own, 1)[0]!
      return token === 'next' ? (window!.ids[position + 1] ?? -1) : Number(token)
    }
    function gradientAt(positions: readonly number[]) {
      asked = positions
      const targets = asked.map(position => ({ kind, position, token: tokens[position]! }))
      return { targets, hooks: [embeddingHook] }
    }
    /** What is still to be asked, once the logits are there. */
    function* further(): Generator<Needs, undefined> {
      const places = Array.from({ length: count }, (_, pos) => pos)
      const path = { baseline, mean: from.found(), tokens: count }
      const zero = { ...path, baseline: 'zero' }
      if (method === 'occlusion') {
        const edited = places.map(pos => [onPath(0, zero, { pos: [pos] })])
        yield { ...nothing, logits: 'every', edited }
      } else if (method === 'leave_one_out') {
        const edited = places.map(pos => unseen(pos, count, widthsOf(model).nLayers))
        yield { ...nothing, logits: 'every', edited }
      } else if (method === 'ig') {
        // Where it is not defined it stays NaN.
        if (isDefined) {
          runs = pathRuns(params, path)
          for (const query of queries) map.fill(0, query * count, (query + 1) * count)
          const edited = runs.map(({ edits }) => edits)
          yield { ...nothing, edited, editedGradient: gradientAt(queries) }
        }
        isBeginning = true
        yield { ...nothing, logits: 'every', edited: [[onPath(0, path)]] }
      } else if (method === 'smooth_saliency') {
        runs = noisyRuns(x, params)
        const edited = runs.map(({ edits }) => edits)
        const most = Math.max(1, Math.floor(mostEntries / x.length))
        for (let start = 0; start < queries.length; start += most) {
          const part = queries.slice(start, start + most)
          means = part.map(() => new Float64Array(x.length))
          yield { ...nothing, edited, editedGradient: gradientAt(part) }
          for (const [i, query] of part.entries()) map.set(norms(means[i]!), query * count)
        }
      } else yield { ...nothing, gradient: gradientAt(queries) }
    }
    /** Of gradients by what transformers takes as `inputs_embeds`. */
    function norms(byEmbedding: ArrayLike<number>): Float64Array {
      return rowNorms(
        Float64Array.from(byEmbedding, own => own * (model.inputsScale ?? 1)),
        count
      )
    }
    function takeGradient(query: number, value: Float32Array, data: Float32Array): void {
      const products = (value: ArrayLike<number>) =>
        rowSums(
          Float64Array.from(data, (own, i) => own * value[i]!),
          count
        )
      map.set(method === 'saliency' ? norms(data) : products(value), query * count)
    }
    /** Of one of the further runs. */
    function takeFurther(weight: number, target: number, data: Float32Array): void {
      if (method === 'smooth_saliency') {
        const mean = means[target]!
        data.forEach((own, i) => (mean[i]! += weight * own))
        return
      }
      const beginning = from.found()
      const width = data.length / count
      const base = (i: number) => (beginning === null ? 0 : beginning[i % width]!)
      const row = rowSums(
        Float64Array.from(data, (own, i) => weight * own * (x[i]! - base(i))),
        count
      )
      row.forEach((own, key) => (map[asked[target]! * count + key]! += own))
    }
    /** How far each row of integrated gradients is from what it should sum to. */
    function relativeGaps(): Float64Array {
      return rowSums(map, count).map((sum, query) => {
        const whole = values[query]! - beginnings[query]!
        return (sum - whole) / whole
      })
    }
    return {
      begin(next) {
        window = next
        count = next.ids.length
        from = baselineEmbedding(model)
        tokens = new Int32Array(count).fill(-1)
        values = new Float64Array(count).fill(NaN)
        map = new Float64Array(count * count).fill(NaN)
        beginnings = new Float64Array(count).fill(NaN)
        queries = []
        isFurther = false
        isBeginning = false
        rounds = further()
      },
      take(taken) {
        if (taken.kind === 'weight') from.take(taken)
        else if (taken.kind === 'hook') x = taken.data as Float32Array<ArrayBuffer>
        else if (taken.kind === 'gradient') {
          if (taken.place === null) takeGradient(asked[taken.target]!, taken.value, taken.data)
          else takeFurther(runs[taken.place]!.weight, taken.target, taken.data)
        } else if (taken.kind === 'logits' || taken.kind === 'edited') {
          const width = taken.data.length / taken.positions.length
          for (const [row, position] of taken.positions.entries()) {
            const own = taken.data.subarray(row * width, (row + 1) * width)
            if (taken.kind === 'logits') {
              // The run's own come again with those of edited runs.
              if (isFurther) continue
              tokens[position] = tokenAt(position, own)
              if (tokens[position] < 0) continue
              values[position] = numberOf(own, tokens[position])
              queries.push(position)
            } else if (tokens[position]! >= 0) {
              const number = numberOf(own, tokens[position]!)
              if (isBeginning) beginnings[position] = number
              else map[position * count + taken.place] = values[position]! - number
            }
          }
        }
      },
      more() {
        isFurther = true
        return rounds?.next().value ?? null
      },
      result() {
        const labels = [...window!.ids].map((id, i) => window!.texts?.[i] ?? `#${id}`)
        const gaps = method === 'ig' ? relativeGaps() : null
        const large = queries.filter(query => gaps && !(Math.abs(gaps[query]!) <= largeGap))
        const far = `integrated gradients of ${large.length} of ${queries.length} positions are more than ${100 * largeGap} % from what they should sum to: take more steps, or another baseline`
        return givenDataset(
          gives,
          { query: axis(labels), key: axis(labels) },
          { map, value: values, token: tokens, ...(gaps && { relative_gap: gaps }) },
          large.length > 0 ? { warning: isDefined ? far : noDerivative } : {}
        )
      },
      state: () => ({})
    }
  },

  described: (result, { tokens, labels }) => describedTokens(result, ['token'], labels ?? tokens)
}
