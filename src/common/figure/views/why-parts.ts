import { partName } from '../../analysis/why/part-name.ts'
import { axis, dataset, shapeOf, variable, type Dataset } from '../../data/dataset.ts'

const measures = ['direct', 'ablation', 'gradient'] as const
const suffixes = ['', '_sd', '_p'] as const

/**
 * Every part that a result of `why` has numbers of, in one table: embeddings, heads, MLPs and biases, which the difference is the
 * sum of, the difference, and neurons, which are in their MLPs' numbers, too. Ablation and gradient are of those that were looked at.
 * Beside it stand the heads as their map has them.
 */
export function whyPartsDataset(result: Dataset): Dataset {
  const parts = result.axes['part']!.labels!
  const rows = [...summandRows(result), ...neuronRows(parts)]
  const isPooled = result.variables['difference_p'] !== undefined
  const of = (measure: (typeof measures)[number], suffix: (typeof suffixes)[number]) => {
    const own = variable(result, `part.${measure}${suffix}`)
    const data = Float64Array.from(rows, ({ label, summand, at }) => {
      if (measure === 'direct' && summand !== null)
        return variable(result, `${summand}${suffix}`).data[at]!
      return own.data[parts.indexOf(label)] ?? NaN
    })
    return { [`${measure}${suffix}`]: { ...own, axes: ['part'], data } }
  }
  const { layer, head } = result.axes
  const heads = suffixes.flatMap(suffix => {
    const own = result.variables[`head${suffix}`]
    return own === undefined ? [] : [[`head${suffix}`, own] as const]
  })
  return dataset(
    { part: axis(rows.map(({ label }) => label)), layer: layer!, head: head! },
    Object.assign(
      Object.fromEntries(heads),
      ...measures.flatMap(measure =>
        suffixes.filter(suffix => isPooled || suffix === '').map(suffix => of(measure, suffix))
      )
    ) as Dataset['variables'],
    result.attributes
  )
}

interface PartRow {
  readonly label: string
  /** The variable that says what it gives directly, and where in it; null of a neuron. */
  readonly summand: string | null
  readonly at: number
}

function summandRows(result: Dataset): PartRow[] {
  const [layers = 0, heads = 1] = shapeOf(result, variable(result, 'head'))
  const one = (label: string, summand: string): PartRow => ({ label, summand, at: 0 })
  const each = (summand: string, count: number, label: (i: number) => string) =>
    Array.from({ length: count }, (_, at): PartRow => ({ label: label(at), summand, at }))
  return [
    one('embedding', 'embed'),
    one('positions', 'pos_embed'),
    ...each('head', layers * heads, i =>
      partName({ kind: 'head', layer: Math.floor(i / heads), index: i % heads })
    ),
    ...each('attn_bias', layers, layer => `biases of attention ${layer}`),
    ...each('mlp', layers, layer => partName({ kind: 'MLP', layer, index: null })),
    one('shifts of norms', 'ln_bias'),
    one('bias of the unembedding', 'unembed_bias'),
    one('rounding', 'rest'),
    one('difference', 'difference')
  ]
}

function neuronRows(parts: readonly string[]): PartRow[] {
  return parts
    .filter(label => label.startsWith('neuron'))
    .map(label => ({ label, summand: null, at: 0 }))
}
