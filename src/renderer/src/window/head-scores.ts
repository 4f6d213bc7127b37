import { shapeOf, variable, type Dataset } from '#common/data/dataset.ts'
import type { Tensor } from '#common/model/tensor.ts'

/** One number about a head, beside what a head that attends to all it may see alike would get. */
export interface HeadScore {
  readonly name: string
  readonly value: number
  /** Null where there is none. */
  readonly uniform: number | null
  readonly unit: string
  readonly formula: string
}

/** What is shown of `head-scores`: the name it goes by here, the variable, and where along its last axis. */
const shown: readonly { readonly name: string; readonly of: string; readonly at: number }[] = [
  { name: 'Previous token', of: 'offset', at: 1 },
  { name: 'Itself', of: 'offset', at: 0 },
  { name: 'First token', of: 'sink', at: 0 },
  { name: 'Duplicate token', of: 'duplicate', at: 0 },
  { name: 'Induction', of: 'induction', at: 0 },
  { name: 'Entropy', of: 'entropy', at: 0 },
  { name: 'Distance', of: 'distance', at: 0 }
]

/**
 * The scores of one head, each with its baseline: that of what its layer lets a query see, where layers have windows.
 * @param result of `head-scores`
 * @param row of the head's layer in it
 * @param known whether the model's declaration says what a query sees; where it does not, there is no baseline
 */
export function headScores(
  result: Dataset,
  row: number,
  head: number,
  known: boolean
): HeadScore[] {
  return shown.map(({ name, of, at }) => {
    const { unit, about } = variable(result, of)
    return {
      name,
      unit,
      formula: about,
      value: numberAt(result, of, row, head, at),
      uniform: known ? baselineAt(result, of, row, at) : null
    }
  })
}

/** Of a variable [layer, head, …]; NaN beyond the end of a text of one token. */
function numberAt(result: Dataset, name: string, row: number, head: number, at: number): number {
  const found = variable(result, name)
  const [, heads = 1, length = 1] = shapeOf(result, found)
  return at < length ? found.data[(row * heads + head) * length + at]! : NaN
}

function baselineAt(result: Dataset, name: string, row: number, at: number): number | null {
  const visible = result.variables[`visible.${name}`]
  const own = visible ?? result.variables[`baseline.${name}`]
  if (own === undefined) return null
  const [, length = 1] = visible === undefined ? [] : shapeOf(result, visible)
  return own.data[(visible === undefined ? 0 : row * length) + at] ?? NaN
}

/** The strongest keys of one query, strongest first. */
export function strongestKeys(
  pattern: Tensor,
  query: number,
  count: number
): { key: number; weight: number }[] {
  const [size = 0] = pattern.shape
  const row = pattern.data.subarray(query * size, (query + 1) * size)
  return [...row]
    .map((weight, key) => ({ key, weight }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, count)
}
