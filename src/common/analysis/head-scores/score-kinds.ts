import { shapeOf, variable, type Dataset } from '../../data/dataset.ts'

/** One number about a head, beside what a head that attends to all it may see alike would get. */
export interface HeadScore {
  readonly name: string
  readonly value: number
  /** Null where there is none. */
  readonly uniform: number | null
  readonly unit: string
  readonly formula: string
}

/** One score of `head-scores`: its variable, and where along the last axis of that. */
export interface HeadScoreKind {
  readonly id: string
  readonly name: string
  readonly of: string
  readonly at: number
}

/** What is shown of `head-scores`. */
export const headScoreKinds = [
  { id: 'previous', name: 'Previous token', of: 'offset', at: 1 },
  { id: 'itself', name: 'Itself', of: 'offset', at: 0 },
  { id: 'first', name: 'First token', of: 'sink', at: 0 },
  { id: 'duplicate', name: 'Duplicate token', of: 'duplicate', at: 0 },
  { id: 'induction', name: 'Induction', of: 'induction', at: 0 },
  { id: 'entropy', name: 'Entropy', of: 'entropy', at: 0 },
  { id: 'distance', name: 'Distance', of: 'distance', at: 0 }
] as const satisfies readonly HeadScoreKind[]
export type HeadScoreId = (typeof headScoreKinds)[number]['id']

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
  return headScoreKinds.map(kind => {
    const { name, of, at } = kind
    const { unit, about } = variable(result, of)
    return {
      name,
      unit,
      formula: about,
      value: headScore(result, kind, row, head),
      uniform: known ? baselineAt(result, of, row, at) : null
    }
  })
}

/** One score of one head; NaN beyond the end of a text of one token, and where no token repeats. */
export function headScore(
  result: Dataset,
  { of, at }: HeadScoreKind,
  row: number,
  head: number
): number {
  const found = variable(result, of)
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
