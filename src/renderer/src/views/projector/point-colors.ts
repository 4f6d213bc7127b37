import { tokenKinds } from '#common/text/token-kinds.ts'
import type { NumberArray } from '#common/data/dataset.ts'
import { numberSteps, type PointColors } from '#common/figure/point-scatter.ts'
import { isOfTokens } from '#common/analysis/project/point-sets.ts'
import { coloringOf } from './colorings.ts'
import type { Coloring } from './projector-options.ts'
import type { ShownPoints } from './shown-points.ts'
import type { TokenRanks } from './use-frequencies.ts'
import type { ShownClusters } from './use-clusters.ts'

/** What colours of points stand for, and the colour of each by its place in the palette: [point]. */
export interface ColoredPoints {
  readonly colored: PointColors
  readonly colors: Uint8Array
}

/**
 * @param wanted as `coloringOf` has it
 * @param clusters null until they are found: points are alike so long
 * @param frequencies alike
 */
export function coloredPoints(
  points: ShownPoints,
  wanted: Coloring | null,
  clusters: Pick<ShownClusters, 'cluster' | 'names'> | null = null,
  frequencies: TokenRanks | null = null
): ColoredPoints {
  const coloring = coloringOf(points, wanted)
  const { index, norm, layer, kind, labels } = points
  switch (coloring) {
    case 'kind':
      return byKind(kind!)
    case 'norm':
      return byNumber('norm', norm)
    case 'length':
      return byNumber('letters', Float64Array.from(labels, letterCount))
    case 'place':
      return byNumber(placeName(points), index)
    case 'layer':
      return byNumber('layer', layer!)
    case 'frequency':
      return frequencies === null
        ? alike(index.length)
        : byFrequency(points.token ?? index, frequencies)
    case 'cluster':
      return clusters === null ? alike(index.length) : byCluster(clusters)
    case 'nothing':
      return alike(index.length)
  }
}

/** What the numbers of points are of. */
export function placeName({ set }: Pick<ShownPoints, 'set'>): string {
  if (isOfTokens(set) || set === 'positions') return 'position'
  if (set === 'sentences') return 'text'
  return set === 'input' || set === 'output' ? 'token id' : 'neuron'
}

function byNumber(name: string, values: NumberArray): ColoredPoints {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  const span = high - low || 1
  return {
    colored: { by: 'number', name, low, high },
    colors: Uint8Array.from(values, value => Math.round(((value - low) / span) * (numberSteps - 1)))
  }
}

function alike(count: number): ColoredPoints {
  return { colored: { by: 'nothing' }, colors: new Uint8Array(count) }
}

function byCluster({ cluster, names }: Pick<ShownClusters, 'cluster' | 'names'>): ColoredPoints {
  return {
    colored: { by: 'class', name: 'cluster', classes: names },
    colors: Uint8Array.from(cluster)
  }
}

/** By the logarithm of ranks: of frequencies there are few high ones. @param ids [point] */
function byFrequency(ids: NumberArray, { name, ranks }: TokenRanks): ColoredPoints {
  const logarithms = Float64Array.from(ids, id => Math.log10(ranks?.[id] ?? id + 1))
  return byNumber(`log₁₀ of frequency rank ${name}`, logarithms)
}

/** The kinds that there are, each a colour. */
function byKind(kinds: NumberArray): ColoredPoints {
  const present = tokenKinds.map((_, kind) => kinds.includes(kind))
  const places = tokenKinds.map((_, kind) => present.slice(0, kind).filter(Boolean).length)
  return {
    colored: {
      by: 'class',
      name: 'kind',
      classes: tokenKinds.filter((_, kind) => present[kind])
    },
    colors: Uint8Array.from(kinds, kind => places[kind]!)
  }
}

function letterCount(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : [...text].length
}
