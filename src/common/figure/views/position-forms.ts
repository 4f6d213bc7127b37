import type { Dataset } from '../../data/dataset.ts'

/** What positions are drawn as: first what is a map, then what is a plot of numbers. */
export const positionMaps = ['matrix', 'similarity'] as const
export const positionPlots = [
  'curves',
  'spectrum',
  'components',
  'neighbours',
  'wavelengths',
  'decay',
  'slopes',
  'biases'
] as const
export const positionForms = [...positionMaps, ...positionPlots] as const
export type PositionMap = (typeof positionMaps)[number]
export type PositionPlot = (typeof positionPlots)[number]
export type PositionForm = PositionMap | PositionPlot

/** Whether a form is a map. */
export function isPositionMap(form: PositionForm): form is PositionMap {
  return positionMaps.some(map => map === form)
}

/** What there is to show of how a model tells positions. */
export function positionFormsOf({ variables }: Dataset): PositionForm[] {
  const of = (name: string, ...forms: PositionForm[]) => (name in variables ? forms : [])
  return [
    ...of('matrix', 'matrix', 'similarity', 'curves', 'spectrum', 'components', 'neighbours'),
    ...of('wavelength', 'wavelengths', 'decay'),
    ...of('slopes', 'slopes'),
    ...of('bias', 'biases')
  ]
}

/** Positions and dimensions of the matrix that is added to embeddings; null where none is. */
export function matrixShape({ axes, variables }: Dataset): { rows: number; width: number } | null {
  if (!('matrix' in variables)) return null
  return { rows: axes['position']!.length, width: axes['dimension']!.length }
}
