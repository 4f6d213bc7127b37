import type { HeadAtlas } from '../head-atlas/head-atlas.ts'
import type { Grouping } from './grouping.ts'
import { scoreDistances } from './score-distances.ts'
import { shapeOf, variable, type Dataset } from '../../data/dataset.ts'

/** A head by its place. */
interface Head {
  readonly layer: number
  readonly head: number
}

/** How far apart heads are, and what that comes to. */
export interface GroupedHeads {
  /** Layer by layer. */
  readonly heads: readonly Head[]
  /** [head, other head] */
  readonly distances: Float64Array
  readonly grouping: Grouping
  /** Of the distances. */
  readonly unit: 'nats a query' | 'standard deviations'
}

/** What `head-distances` came to, as means over queries. */
export function byPatterns(result: Dataset): GroupedHeads {
  const queries = variable(result, 'queries').data[0]!
  const ward = variable(result, 'ward')
  const [merges = 0, parts = 1] = shapeOf(result, ward)
  const mean = (of: ArrayLike<number>) => Float64Array.from(of, value => value / queries)
  return {
    heads: result.axes['head']!.labels!.map(headOf),
    distances: mean(variable(result, 'js').data),
    grouping: {
      merges: Array.from({ length: merges }, (_, i) => {
        const [first = 0, second = 0, height = 0, size = 0] = ward.data.subarray(i * parts)
        return { first, second, height: height / queries, size }
      }),
      leaves: Array.from(variable(result, 'ward_leaves').data),
      map: {
        places: mean(variable(result, 'map').data),
        stress: variable(result, 'mds_stress').data[0]! / queries ** 2
      }
    },
    unit: 'nats a query'
  }
}

function headOf(name: string): Head {
  const [layer = 0, head = 0] = name.split('.').map(Number)
  return { layer, head }
}

/** Heads by some of their scores, before they are grouped. */
export interface ScoredDistances extends Pick<GroupedHeads, 'heads' | 'distances'> {
  /** Scores that tell nothing apart, by their names. */
  readonly left: readonly string[]
  /** How many do. */
  readonly used: number
}

/** Distances by some scores of `head-statistics`; of those that it does not have nothing is made. */
export function byScores(atlas: HeadAtlas, chosen: readonly string[]): ScoredDistances {
  const { heads } = atlas
  const names = chosen.filter(name => atlas.scores.some(score => score.name === name))
  const values = names.map(name => heads.map(({ scores }) => scores[name]!.value))
  const { distances, left } = scoreDistances(values, heads.length)
  return {
    heads: heads.map(({ layer, head }) => ({ layer, head })),
    distances,
    left: left.map(place => names[place]!),
    used: names.length - left.length
  }
}

/**
 * How much of the distances a map loses: √(Σ (distance on it − distance)² / Σ distance²) over all pairs.
 * @source Kruskal 1964, normalised by the distances that are wanted
 */
export function lostShare({ distances, grouping }: GroupedHeads): number {
  // Each pair stands there twice.
  const all = distances.reduce((sum, distance) => sum + distance ** 2, 0) / 2
  return all === 0 ? 0 : Math.sqrt(grouping.map.stress / all)
}

/** The same in a word or two. @source Kruskal 1964, his verbal scale */
export function lossWords(share: number): string {
  if (share <= 0.05) return 'keeps the distances very well'
  if (share <= 0.1) return 'keeps the distances well'
  if (share <= 0.2) return 'keeps the distances roughly'
  return 'keeps the distances badly'
}
