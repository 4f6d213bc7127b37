import { computed } from 'vue'
import { variable, type Dataset, type NumberArray } from '#common/data/dataset.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { pointClustersOf } from '../../stores/analyses.ts'
import { useResults, type Asked } from '../../stores/results.ts'
import { coloringOf } from '#common/figure/point-colorings.ts'
import type { ProjectorOptions } from './projector-options.ts'
import { namedClusters, type NamedClusters } from '#common/figure/point-colors.ts'
import type { PointTexts } from '../../stores/analyses.ts'
import { pointParamsOf, type Projection } from './use-projection.ts'

/** Points in clusters, and what is known of these. */
export interface ShownClusters extends NamedClusters {
  readonly result: Dataset
  readonly params: Readonly<Record<string, unknown>>
  /** Names that were given, by the numbers of clusters. */
  readonly given: Readonly<Record<string, string>>
  /** [cluster] each. */
  readonly sizes: NumberArray
  readonly centres: NumberArray
  /** Share of the variance that lies between them. */
  readonly between: number
}

/** Clusters of the points that are shown, once colours tell them. */
export function useClusters(
  subject: () => ViewSubject,
  shown: () => Projection | null,
  from: () => PointTexts | null,
  options: ProjectorOptions
) {
  const results = useResults()
  const asked = computed(() => {
    const points = shown()?.points
    const { model, layer } = subject()
    if (!points || model === null) return null
    if (coloringOf(points, options.color) !== 'cluster') return null
    const { clusters, set } = options
    // A sample is the one that is shown: as many drawn by the same seed.
    const params = { ...pointParamsOf(options, layer), points: points.index.length, clusters }
    return points.set === set ? pointClustersOf(model, from(), params) : null
  })
  /** Which points they are of, whatever their number. */
  const pointsOf = ({ params, of }: Asked<Dataset>) =>
    JSON.stringify([{ ...params, clusters: null }, of])
  const latest = useLatest(
    () => asked.value && JSON.stringify([asked.value.params, asked.value.of]),
    async (key, signal) => {
      const own = asked.value!
      const of = { key, params: own.params, pointsOf: pointsOf(own) }
      return { ...of, result: await results.ask(own, signal) }
    }
  )
  const clusters = computed<ShownClusters | null>(() => {
    const [own, points] = [latest.standing.value, shown()?.points]
    if (!own || !points || asked.value === null) return null
    // Those of other vectors may be as many, with the same places.
    if (own.pointsOf !== pointsOf(asked.value)) return null
    const { result, params, key } = own
    const index = variable(result, 'index').data
    const isOfThese =
      index.length === points.index.length && index.every((at, i) => at === points.index[i])
    if (!isOfThese) return null
    const given = options.clusterNames?.of === key ? options.clusterNames.names : {}
    return {
      ...{ result, params, given, ...namedClusters(points, result, given) },
      centres: variable(result, 'centre').data,
      sizes: variable(result, 'size').data,
      between: variable(result, 'between').data[0]!
    }
  })

  /** @param name as it was found where it is empty */
  function rename(cluster: number, name: string): void {
    const key = latest.value.value?.key
    if (key === undefined) return
    const before = options.clusterNames?.of === key ? options.clusterNames.names : {}
    const named = Object.entries<string>({ ...before, [cluster]: name.trim() })
    options.clusterNames = {
      of: key,
      names: Object.fromEntries(named.filter(([, own]) => own !== ''))
    }
  }

  return {
    ...{ clusters, rename, error: latest.error, retry: () => latest.retry() },
    working: computed(() => results.workOf(asked.value))
  }
}
