import type { Edit } from '../../model/edit.ts'
import { blockHookName } from '../../model/hooks.ts'
import type { ModelFacts, Needs, Taken } from '../analysis.ts'
import { normalNumbers } from '../normal-numbers.ts'
import { pathSteps, type PathRule } from './path-steps.ts'

/** What a text’s tokens are replaced with: `zero`, `mean` or `token:ID`. */
export type BaselineName = string

export const embeddingHook = 'hook_embed'

/** An edited run whose gradient counts by a weight. */
export interface WeighedRun {
  readonly weight: number
  readonly edits: readonly Edit[]
}

/** The rows of W_E that a baseline is made of. */
export function baselineWeights(baseline: BaselineName): Needs['weights'] {
  if (baseline === 'zero') return []
  const all = { role: 'W_E', layer: null, head: null } as const
  return baseline === 'mean' ? [all] : [{ ...all, rows: [Number(baseline.slice('token:'.length))] }]
}

/** Makes an embedding of the rows that `baselineWeights` asks for: the mean of them, as the model scales it. */
export function baselineEmbedding({ embeddingScale = 1 }: Pick<ModelFacts, 'embeddingScale'>) {
  let sums = new Float64Array(0)
  let rows = 0
  return {
    take({ data, shape }: Extract<Taken, { kind: 'weight' }>): void {
      const columns = shape[1]!
      if (sums.length === 0) sums = new Float64Array(columns)
      data.forEach((own, i) => (sums[i % columns]! += own))
      rows += data.length / columns
    },
    /** [dim]; null where no rows were asked for. */
    found(): Float64Array | null {
      const scale = embeddingScale / rows
      return rows === 0 ? null : sums.map(sum => sum * scale)
    }
  }
}

/**
 * x′ + α (x − x′), as an edit of x.
 * @param mean the baseline’s embedding, where it is `mean`
 */
export function onPath(
  alpha: number,
  {
    baseline,
    mean,
    tokens
  }: {
    readonly baseline: BaselineName
    readonly mean: Float64Array | null
    readonly tokens: number
  },
  at: Edit['at'] = {}
): Edit {
  const edit = { hook: embeddingHook, at, scale: alpha }
  if (baseline === 'zero') return { ...edit, add: null }
  if (baseline === 'mean') return { ...edit, add: Array.from(mean!, own => (1 - alpha) * own) }
  const ids = new Array<number>(tokens).fill(Number(baseline.slice('token:'.length)))
  const from = { input: { ids }, edits: [] }
  return { ...edit, add: { from, hook: embeddingHook, times: 1 - alpha } }
}

/** The runs of integrated gradients; none where there are no steps. */
export function pathRuns(
  { rule, steps }: { readonly rule: PathRule; readonly steps: number },
  path: Parameters<typeof onPath>[1]
): WeighedRun[] {
  if (steps === 0) return []
  return pathSteps(rule, steps).map(({ alpha, weight }) => ({
    weight,
    edits: [onPath(alpha, path)]
  }))
}

/**
 * The runs of SmoothGrad.
 * @param x the embedding of each token, [pos, dim]
 * @param noise its standard deviation in ranges of x
 */
export function noisyRuns(
  x: Float32Array,
  {
    samples,
    noise,
    seed
  }: { readonly samples: number; readonly noise: number; readonly seed: number }
): WeighedRun[] {
  const least = x.reduce((least, own) => Math.min(least, own), Infinity)
  const most = x.reduce((most, own) => Math.max(most, own), -Infinity)
  const normal = normalNumbers(seed)
  const deviation = noise * (most - least)
  return Array.from({ length: samples }, () => {
    const add = Array.from(x, () => Math.fround(deviation * normal()))
    return { weight: 1 / samples, edits: [{ hook: embeddingHook, at: {}, scale: 1, add }] }
  })
}

/** No other token attends to one; none of a text of one token. */
export function unseen(pos: number, tokens: number, nLayers: number): Edit[] {
  const query = Array.from({ length: tokens }, (_, other) => other).filter(other => other !== pos)
  if (query.length === 0) return []
  return Array.from({ length: nLayers }, (_, layer) => ({
    hook: blockHookName(layer, 'attn.hook_attn_scores'),
    at: { query, key: [pos] },
    scale: 1,
    add: '-inf'
  }))
}
