import { isOfTokens } from '../analysis/project/point-sets.ts'
import { pointText, type ShownPoints } from '../analysis/project/shown-points.ts'
import { variable, type Dataset, type NumberArray } from '../data/dataset.ts'
import { visibleText } from '../text/visible-text.ts'
import { tokenKinds } from '../text/token-kinds.ts'
import { coloringOf, type Coloring } from './point-colorings.ts'
import { numberSteps, type PointColors } from './point-scatter.ts'

/** What colours of points stand for, and the colour of each by its place in the palette: [point]. */
export interface ColoredPoints {
  readonly colored: PointColors
  readonly colors: Uint8Array
}

/** Points in clusters, and what these are called. */
export interface NamedClusters {
  /** [point] */
  readonly cluster: NumberArray
  /** By the point in the middle, or as they were named. */
  readonly names: readonly string[]
}

/** Ranks of tokens by how frequent they are. */
export interface TokenRanks {
  /** What tells them, such as `in play.txt`. */
  readonly name: string
  /** By token id, from 1; null where the order of ids stands in. */
  readonly ranks: NumberArray | null
}

/** For want of a corpus in which they are counted. */
export const ranksByIds: TokenRanks = { name: 'by the order of ids', ranks: null }

/** Those of texts, by what `token-counts` came to. @param name of the texts */
export function ranksOfCounts(counts: Dataset, name: string): TokenRanks {
  return { name: `in ${visibleText(name)}`, ranks: variable(counts, 'rank').data }
}

/**
 * @param wanted as `coloringOf` has it
 * @param clusters null until they are found: points are alike so long
 * @param frequencies alike
 */
export function coloredPoints(
  points: ShownPoints,
  wanted: Coloring | null,
  clusters: NamedClusters | null = null,
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

/**
 * Clusters as colours tell them.
 * @param result of the analysis `point-clusters`, of these points
 * @param given names of clusters, by their numbers
 */
export function namedClusters(
  points: ShownPoints,
  result: Dataset,
  given: Readonly<Record<string, string>>
): NamedClusters {
  const centres = variable(result, 'centre').data
  return {
    cluster: variable(result, 'cluster').data,
    names: toldApart(points, centres).map((text, i) => given[i] ?? `near ${text}`)
  }
}

/** Texts of points, of equal ones with their numbers: many tokens of a text are alike. */
function toldApart(points: ShownPoints, at: NumberArray): string[] {
  const texts = Array.from(at, point => pointText(points, point))
  return texts.map((text, i) =>
    texts.indexOf(text) === texts.lastIndexOf(text) ? text : `${text} ${points.index[at[i]!]}`
  )
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

function byCluster({ cluster, names }: NamedClusters): ColoredPoints {
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
