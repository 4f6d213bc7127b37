import type { HeadAtlas } from '../../analysis/head-atlas/head-atlas.ts'
import {
  headGroups,
  tellingScore,
  type HeadGroups
} from '../../analysis/head-distances/head-groups.ts'
import { dendrogram, type DendrogramData } from '../dendrogram.ts'
import { distanceMatrix, type DistanceMatrixData } from '../distance-matrix.ts'
import { headScatter, type HeadScatterData } from '../head-scatter.ts'
import type { Leaves } from '../leaf-axis.ts'
import type { Look } from '../look.ts'
import { lostShare, type GroupedHeads } from '../../analysis/head-distances/grouped-heads.ts'
import { windowScores } from '../../analysis/head-statistics/window-scores.ts'
import { precisionOf } from '../../analysis/result-precision.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { axis, dataset, withDrawn, type Dataset } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import type { FigureOrigin } from '../provenance.ts'
import type { ViewFigure } from './figure-view.ts'
import { headTree, treeLeaves } from './head-tree.ts'
import { runOrigin, type RunRead } from './origin.ts'

/** What groups are drawn as. */
export const groupForms = ['dendrogram', 'map', 'matrix'] as const
export type GroupForm = (typeof groupForms)[number]
/** What colours of the map tell apart. */
export const groupColors = ['group', 'layer'] as const
export type GroupColor = (typeof groupColors)[number]
/** More are hardly told apart by their colours. */
export const mostGroups = 24
/** Scores that heads are compared by where nobody chooses. */
export const usualScores: readonly string[] = windowScores.map(({ name }) => name)

/** Heads as they were grouped, and by what. */
export interface GroupedBy extends GroupedHeads {
  readonly by: 'patterns' | 'scores'
  /** Scores that they were grouped by. */
  readonly scores: readonly string[]
  /** Of these, those that tell nothing apart. */
  readonly left: readonly string[]
  /** What the distances were made of. */
  readonly result: Dataset
}

export function nothingTells(): LamellaError {
  return new LamellaError(
    'invalid-argument',
    'None of the scores that are chosen tells the heads apart',
    'Choose others, or a longer text.'
  )
}

/** Heads in groups, as they are drawn. */
export interface DrawnGroups extends HeadGroups {
  readonly of: GroupedHeads
  /** Along the leaves. */
  readonly leaves: Leaves
}

export function drawnGroups(of: GroupedHeads, most: number): DrawnGroups {
  const own = headGroups(of.grouping, most)
  return { ...own, of, leaves: treeLeaves(of.grouping, own, of.heads) }
}

/** How far figures reach, the same for all that are compared. */
export interface Reach {
  readonly height: number
  readonly distance: number
  /** From one end of the map to the other. */
  readonly map: { readonly x: number; readonly y: number }
}

export function reachOf(all: readonly GroupedHeads[]): Reach {
  const across = (axis: 0 | 1) =>
    Math.max(
      0,
      ...all.map(({ grouping: { map } }) => {
        const along = map.places.filter((_, i) => i % 2 === axis)
        return along.reduce((a, b) => Math.max(a, b)) - along.reduce((a, b) => Math.min(a, b))
      })
    )
  return {
    height: Math.max(0, ...all.map(({ grouping }) => grouping.merges.at(-1)?.height ?? 0)),
    distance: Math.max(
      0,
      ...all.map(({ distances }) => distances.reduce((a, b) => Math.max(a, b)))
    ),
    map: { x: across(0), y: across(1) }
  }
}

export function treeData({ of, leaves, cut }: DrawnGroups, { height }: Reach): DendrogramData {
  return headTree(of.grouping, leaves, { name: `height, ${of.unit}`, cut, highest: height })
}

export function matrixData({ of, leaves }: DrawnGroups): DistanceMatrixData {
  const n = leaves.length
  const order = of.grouping.leaves
  const distances = new Float32Array(n * n)
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++)
      distances[row * n + column] = of.distances[order[row]! * n + order[column]!]!
  return { title: null, name: `distance, ${of.unit}`, leaves, distances, view: null }
}

/** A look with the range of distances, which of divergences goes to ln 2 where it is fixed. */
export function matrixLook(
  look: Omit<Look, 'range'>,
  { unit }: Pick<GroupedHeads, 'unit'>,
  { distance }: Reach
): Look {
  const follows = look.follows || unit !== 'nats a query'
  // Distances are no weights: what is twice as far is shown as far as twice.
  const range = { low: 0, high: follows ? distance || 1 : Math.LN2 }
  return { ...look, scale: 'linear', follows, range }
}

export function placesData(
  { of, groupOf }: DrawnGroups,
  { map }: Reach,
  color: GroupColor,
  nLayers: number
): HeadScatterData {
  const { places } = of.grouping.map
  return {
    title: null,
    x: { name: '', baselines: [] },
    y: { name: '', baselines: [] },
    nLayers,
    points: of.heads.map(({ layer, head }, i) => ({
      ...{ layer, head, x: places[2 * i]!, y: places[2 * i + 1]! },
      group: color === 'group' ? groupOf[i]! : null
    })),
    distances: { unit: of.unit, reach: map }
  }
}

/** What is said of a group. */
export interface ToldGroup {
  /** From 0. */
  readonly group: number
  /** Their places among all, in the order of the leaves. */
  readonly heads: readonly number[]
  /** The score that tells it from the rest, such as `previous token 0.62 against 0.08`; null where none does. */
  readonly told: string | null
}

/** @param atlas of the same heads; null where there are no scores yet */
export function toldGroups(
  { groups }: HeadGroups,
  atlas: HeadAtlas | null,
  text: (value: number) => string
): ToldGroup[] {
  const scores = atlas?.scores ?? []
  const values = scores.map(({ name }) => atlas!.heads.map(({ scores }) => scores[name]!.value))
  return groups.map((heads, group) => {
    const found = tellingScore(values, heads)
    if (found === null) return { group, heads, told: null }
    const { words, unit } = scores[found.score]!
    const of = unit === '' ? '' : ` ${unit}`
    return {
      ...{ group, heads },
      told: `${words} ${text(found.own)}${of} against ${text(found.rest)}`
    }
  })
}

/** Heads of a model in groups, and of what they were made. */
export interface FiguredGroups {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint' | 'config'>
  readonly run: RunRead
  readonly shown: GroupedBy
  readonly drawn: DrawnGroups
  readonly told: readonly ToldGroup[]
  readonly reach: Reach
  /** What was read, such as `12 windows of 128 tokens of the text`. */
  readonly read: string
}

/** Where groups come from. */
export function groupsOrigin(
  { model, run, shown, drawn, read }: FiguredGroups,
  version: string
): FigureOrigin {
  const place = `Heads in ${drawn.groups.length} groups by ${waysOf(shown)}, over ${read}`
  const precision = precisionOf(shown.result)
  return { version, of: runOrigin(model, run, place), less: null, precision }
}

/** The figure of groups in a form. @param use what is done with it and its look */
export function withGroupsFigure<T>(
  whole: FiguredGroups,
  { form, color }: { readonly form: GroupForm; readonly color: GroupColor },
  look: Omit<Look, 'range'>,
  version: string,
  use: <D extends { readonly title: string | null }>(figure: ViewFigure<D>, look: Look) => T
): T {
  const { model, shown, drawn, reach, read } = whole
  const title = `${model.name} · heads by ${shown.by} · ${read}`
  const of = (what: string) => ({
    what: `heads by ${shown.by} · ${what}`,
    from: groupsOrigin(whole, version),
    dataset: () => groupsNumbers(whole, form)
  })
  const plain = { ...look, range: { low: 0, high: 1 } }
  switch (form) {
    case 'map': {
      const data = placesData(drawn, reach, color, model.config?.nLayers ?? 1)
      return use({ ...of('map'), kind: headScatter, data: { ...data, title } }, plain)
    }
    case 'matrix': {
      const own = matrixLook(look, shown, reach)
      const data = { ...matrixData(drawn), title }
      return use({ ...of('distances'), kind: distanceMatrix, data }, own)
    }
    case 'dendrogram': {
      const data = { ...treeData(drawn, reach), title }
      return use({ ...of('dendrogram'), kind: dendrogram, data }, plain)
    }
  }
}

function waysOf({ by, scores, left }: GroupedBy): string {
  if (by === 'patterns') return 'their patterns'
  return scores.filter(name => !left.includes(name)).join(', ')
}

/** Of each form the variables that it draws. */
const drawnIn: Readonly<Record<GroupForm, readonly string[]>> = {
  map: ['x', 'y'],
  matrix: ['distance'],
  dendrogram: ['ward']
}

/** All numbers of groups, of which a form is drawn. */
export function groupsNumbers(whole: FiguredGroups, form: GroupForm): Dataset {
  return withDrawn(groupsDataset(whole), drawnIn[form])
}

/** All numbers of groups as arrays; what is said of each is among the attributes. */
function groupsDataset({ shown, drawn, told }: FiguredGroups): Dataset {
  const { heads, distances, grouping, unit, result } = shown
  const names = heads.map(({ layer, head }) => `${layer}.${head}`)
  const leafOf = new Int32Array(heads.length)
  grouping.leaves.forEach((head, place) => (leafOf[head] = place))
  const perHead = (about: string, data: Int32Array | Float64Array, unit = '') => ({
    axes: ['head'],
    ...{ unit, about, data }
  })
  return dataset(
    {
      head: axis(names),
      other_head: axis(names),
      merge: axis(grouping.merges.length),
      part: axis(['cluster', 'other cluster', 'height', 'size'])
    },
    {
      layer: perHead(
        'its layer',
        Int32Array.from(heads, ({ layer }) => layer)
      ),
      number: perHead(
        'its number in the layer',
        Int32Array.from(heads, ({ head }) => head)
      ),
      group: perHead(
        'from 1, along the leaves',
        drawn.groupOf.map(group => group + 1)
      ),
      leaf: perHead('its place along the leaves, from 0', leafOf),
      x: perHead(
        'place on the map',
        grouping.map.places.filter((_, i) => i % 2 === 0),
        unit
      ),
      y: perHead(
        'place on the map',
        grouping.map.places.filter((_, i) => i % 2 === 1),
        unit
      ),
      distance: {
        axes: ['head', 'other_head'],
        ...{ unit, about: distanceWords[shown.by], data: distances }
      },
      ward: {
        axes: ['merge', 'part'],
        unit: '',
        about:
          "Ward's linkage: the two clusters that are joined, heads by their number on the axis, at which height, and their size",
        data: Float64Array.from(
          grouping.merges.flatMap(({ first, second, height, size }) => [
            ...[first, second, height, size]
          ])
        )
      },
      stress: {
        axes: [],
        unit: '',
        about: '√(Σ (distance on map − distance)² / Σ distance²)',
        data: Float64Array.of(lostShare(shown))
      }
    },
    {
      ...result.attributes,
      groups: told.map(({ group, heads: own, told }) => ({
        group: group + 1,
        heads: own.map(place => names[place]!),
        told
      })),
      ...(shown.by === 'scores' && { scores: [...shown.scores], scores_left_out: [...shown.left] })
    }
  )
}

const distanceWords: Readonly<Record<GroupedBy['by'], string>> = {
  patterns: 'mean over queries of the Jensen-Shannon divergence of two heads',
  scores: 'Euclidean distance by standardised scores'
}
