import type { HeadAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import { axis, dataset, type Dataset } from '#common/data/dataset.ts'
import { dendrogram } from '#common/figure/dendrogram.ts'
import { distanceMatrix } from '#common/figure/distance-matrix.ts'
import { headScatter } from '#common/figure/head-scatter.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { runOrigin } from '#common/figure/views/run-origin.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { lostShare } from './grouped-heads.ts'
import {
  matrixData,
  matrixLook,
  placesData,
  treeData,
  type DrawnGroups,
  type Reach,
  type ToldGroup
} from './groups-figures.ts'
import type { GroupsOptions } from './groups-options.ts'
import type { ShownGroups } from './use-groups.ts'

/** What groups are saved of. */
export interface GroupsToSave {
  readonly model: ModelInfo
  /** What the model is called among those that are open. */
  readonly modelName: string
  readonly shown: ShownGroups
  readonly drawn: DrawnGroups
  readonly told: readonly ToldGroup[]
  readonly atlas: HeadAtlas | null
  readonly reach: Reach
  /** What tells it from what it is compared with; null where it stands alone. */
  readonly caption: string | null
  /** What was read, such as `12 windows of 128 tokens of the text`. */
  readonly read: string
}

/** The files that groups of heads can be saved as: the form that is seen, and all numbers. */
export function groupsFormats(
  whole: GroupsToSave,
  options: GroupsOptions,
  look: Omit<Look, 'range'>,
  version: string
): ExportFormat[] {
  const { model, modelName, shown, drawn, caption, reach, read } = whole
  const place = `Heads in ${drawn.groups.length} groups by ${waysOf(shown)}, over ${read}`
  const from: Provenance = {
    version,
    of: runOrigin(model, shown.run, place),
    less: null,
    precision: 'float32'
  }
  const of = caption === null ? modelName : caption
  const file = (what: string) => `${of} · heads by ${shown.by} · ${what}`
  const title = `${model.name} · heads by ${shown.by} · ${read}`
  const onPaper = { ...look, ...paperLook, range: { low: 0, high: 1 } }
  const noted = (what: string) => (caption === null ? what : `${what}, ${caption}`)
  const wishes = { from, note: caption ?? '' }
  const figures = () => {
    if (options.form === 'map') {
      const data = placesData(drawn, reach, options.color, model.config?.nLayers ?? 1)
      return figureFormats(headScatter, file('map'), { ...data, title }, onPaper, wishes)
    }
    if (options.form === 'matrix') {
      const own = matrixLook(onPaper, shown, reach, caption !== null)
      const data = () => ({ ...matrixData(drawn), title })
      return figureFormats(distanceMatrix, file('distances'), data, own, wishes)
    }
    return figureFormats(
      dendrogram,
      file('dendrogram'),
      { ...treeData(drawn, reach), title },
      onPaper,
      wishes
    )
  }
  const all = groupsDataset(whole)
  const data = (what: string, names: readonly string[]) =>
    dataFormats(file(what), some(all, names), from, noted(what))
  return [
    ...figures(),
    ...dataFormats(file('groups'), all, from, noted('groups and places')),
    ...data('distances', ['distance']),
    ...data('linkage', ['ward'])
  ]
}

function waysOf({ by, scores, left }: ShownGroups): string {
  if (by === 'patterns') return 'their patterns'
  return scores.filter(name => !left.includes(name)).join(', ')
}

/** All numbers of groups as arrays; what is said of each is among the attributes. */
export function groupsDataset({ shown, drawn, told }: GroupsToSave): Dataset {
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

const distanceWords: Readonly<Record<ShownGroups['by'], string>> = {
  patterns: 'mean over queries of the Jensen-Shannon divergence of two heads',
  scores: 'Euclidean distance by standardised scores'
}

/** Some of a dataset's variables. */
function some({ axes, variables, attributes }: Dataset, names: readonly string[]): Dataset {
  const kept = Object.fromEntries(names.map(name => [name, variables[name]!]))
  const used = new Set(Object.values(kept).flatMap(({ axes }) => axes))
  return {
    axes: Object.fromEntries(Object.entries(axes).filter(([name]) => used.has(name))),
    variables: kept,
    attributes
  }
}
