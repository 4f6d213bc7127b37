import type { Dataset } from '../../data/dataset.ts'
import { RotarySpec } from '../../model/attention-spec.ts'

/** What positions are drawn as: first what is a map, then what is a plot of numbers. */
export const positionMaps = ['matrix', 'similarity', 'table'] as const
export const positionPlots = [
  'curves',
  'spectrum',
  'components',
  'neighbours',
  'wavelengths',
  'frequencies',
  'decay',
  'slopes',
  'biases'
] as const
export const positionForms = [...positionMaps, ...positionPlots] as const
export type PositionMap = (typeof positionMaps)[number]
export type PositionPlot = (typeof positionPlots)[number]
export type PositionForm = PositionMap | PositionPlot

/** Forms of the matrix that is added to embeddings. */
const matrixForms: readonly PositionForm[] = [
  'matrix',
  'similarity',
  'curves',
  'spectrum',
  'components',
  'neighbours'
]

/** Whether a form is of the matrix that is added to embeddings, not of scores within attention. */
export function isOfMatrix(form: string): boolean {
  return matrixForms.some(own => own === form)
}

/** Whether a form is a map. */
export function isPositionMap(form: PositionForm): form is PositionMap {
  return positionMaps.some(map => map === form)
}

/** What there is to show of how a model tells positions. */
export function positionFormsOf({ variables }: Dataset): PositionForm[] {
  const of = (name: string, ...forms: readonly PositionForm[]) => (name in variables ? forms : [])
  return [
    ...of('matrix', ...matrixForms),
    ...of('wavelength', 'wavelengths', 'frequencies', 'decay'),
    ...of('slopes', 'slopes'),
    ...of('bias', 'biases'),
    ...of('relative_table', 'table')
  ]
}

/** Positions and dimensions of the matrix that is added to embeddings; null where none is. */
export function matrixShape({ axes, variables }: Dataset): { rows: number; width: number } | null {
  if (!('matrix' in variables)) return null
  return { rows: axes['position']!.length, width: axes['dimension']!.length }
}

/** From where on positions are beyond those that the model was trained on, and who says so. */
export interface TrainedLength {
  readonly tokens: number
  readonly by: 'hand' | 'config' | 'weights'
}

/**
 * The longest text that a model was trained on: as it is said by hand, by its config, of rotary positions that are scaled, or by
 * learned positions that are like none of their neighbours. Null where nothing tells.
 */
export function trainedLength(result: Dataset, byHand: number | null): TrainedLength | null {
  if (byHand !== null) return { tokens: byHand, by: 'hand' }
  const scaling = rotaryOf(result)?.scaling
  if (scaling && 'trained' in scaling) return { tokens: scaling.trained, by: 'config' }
  const { untrained_from: untrained } = result.attributes
  return typeof untrained === 'number' ? { tokens: untrained, by: 'weights' } : null
}

/** The first row of a matrix of positions that is beyond that; null where none is. */
export function firstBeyond(result: Dataset, byHand: number | null): number | null {
  const shape = matrixShape(result)
  const trained = shape && trainedLength(result, byHand)
  return trained && trained.tokens < shape.rows ? trained.tokens : null
}

/** How pairs of dimensions turn; null where none does. */
export function rotaryOf({ attributes }: Dataset): RotarySpec | null {
  // The text's length, of which some scalings are, stands among what a spec has.
  const told = Object.entries(Object(attributes['rotary']) as object)
  const rotary = Object.fromEntries(told.filter(([name]) => name !== 'length'))
  return RotarySpec.safeParse(rotary).data ?? null
}
