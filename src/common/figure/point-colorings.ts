import type { ShownPoints } from '../analysis/project/shown-points.ts'

export const colorings = [
  'kind',
  'norm',
  'length',
  'place',
  'frequency',
  'layer',
  'cluster',
  'nothing'
] as const
export type Coloring = (typeof colorings)[number]

/** Clusters that colours tell apart: a colour each. */
export const mostClusters = 8

/** What points may be told apart by, what suits them best first. */
export function coloringsOf({ set, kind, layer }: ShownPoints): Coloring[] {
  const several = layer !== null && layer.some(own => own !== layer[0])
  const length: Coloring[] = kind === null ? [] : ['length']
  switch (set) {
    case 'input':
    case 'output':
      return ['kind', 'norm', 'length', 'place', 'frequency', 'cluster', 'nothing']
    case 'tokens':
    case 'token-layers':
    case 'positions':
      return [
        'place',
        ...(kind === null ? [] : (['kind'] as const)),
        'norm',
        ...length,
        ...(set === 'positions' ? [] : (['frequency'] as const)),
        // Of all layers together these would tell layers.
        ...(set === 'token-layers' ? [] : (['cluster'] as const)),
        'nothing'
      ]
    case 'sentences':
      return ['place', 'norm', 'cluster', 'nothing']
    case 'W_in':
    case 'W_out':
      return [...(several ? (['layer'] as const) : []), 'norm', 'place', 'cluster', 'nothing']
    default:
      return [...(several ? (['layer'] as const) : []), 'norm', 'cluster', 'nothing']
  }
}

/** What points are told apart by: as is wanted, or what suits them where they cannot be told apart by that. */
export function coloringOf(points: ShownPoints, wanted: Coloring | null): Coloring {
  const offered = coloringsOf(points)
  return wanted !== null && offered.includes(wanted) ? wanted : offered[0]!
}
