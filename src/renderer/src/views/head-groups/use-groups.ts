import { computed } from 'vue'
import { headAtlas, type HeadAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import { byPatterns, byScores } from '#common/analysis/head-distances/grouped-heads.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { nothingTells, type GroupedBy } from '#common/figure/views/groups-figures.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { headDistancesOf, headStatisticsOf, type ScoredOver } from '../../stores/analyses.ts'
import { useResults } from '../../stores/results.ts'
import { patternLayers } from '../../ui/head-scores/pattern-layers.ts'
import { useScoredOver } from '../../ui/head-scores/use-scored-over.ts'
import { groupingBeside } from './grouping-beside.ts'
import type { GroupsOptions } from './groups-options.ts'

/** Heads of a model as they were grouped, and over what. */
export interface ShownGroups extends GroupedBy {
  readonly model: ModelInfo
  readonly run: Run
  readonly over: ScoredOver & { readonly window: number }
}

/** The heads of a subject's model, grouped by their patterns or by scores; of no subject, none. */
export function useGroups(
  subject: () => ViewSubject | null,
  options: GroupsOptions,
  mayAsk: () => boolean
) {
  const results = useResults()
  const over = useScoredOver(() => subject() ?? nobody, options)

  const missing = computed(() => patternLayers(subject()?.model ?? null))
  const wanted = computed(() => {
    const { model, run } = subject() ?? {}
    const { rest, scored: layers } = missing.value
    if (!model || !run || rest.length === 0 || !mayAsk()) return null
    return {
      ...{ model, run },
      over: over.value,
      statistics: headStatisticsOf(run, over.value, { layers, classes: {} }),
      distances: headDistancesOf(run, over.value, layers)
    }
  })
  /** Scores of all heads: what groups are told by, and may be made by. */
  const scored = useLatest(
    () => wanted.value,
    async ({ run, over, statistics }, signal) => {
      const result = await results.ask(statistics, signal)
      return { run, over, atlas: headAtlas(result, null) }
    }
  )
  // As text: an object that is parsed anew is not another one.
  const scores = computed(() => JSON.stringify(options.scores))
  const latest = useLatest(
    () =>
      wanted.value && {
        ...wanted.value,
        by: options.by,
        scores: options.by === 'scores' ? scores.value : '[]'
      },
    async (
      { model, run, over, statistics, distances, by, scores },
      signal
    ): Promise<ShownGroups> => {
      const of = { model, run, over, by, scores: JSON.parse(scores) as string[] }
      if (by === 'patterns') {
        const result = await results.ask(distances, signal)
        return { ...of, left: [], result, ...byPatterns(result) }
      }
      const result = await results.ask(statistics, signal)
      const { used, left, ...found } = byScores(headAtlas(result, null), of.scores)
      if (used === 0) throw nothingTells()
      const n = found.heads.length
      const grouping = await groupingBeside({ distances: found.distances, n }, signal)
      return { ...of, left, result, ...found, grouping, unit: 'standard deviations' }
    }
  )
  const working = computed(() => {
    const { statistics = null, distances = null } = wanted.value ?? {}
    return (
      (options.by === 'patterns' ? results.workOf(distances) : null) ?? results.workOf(statistics)
    )
  })
  /** Scores of what is shown; null while they are of something else. */
  const atlas = computed<HeadAtlas | null>(() => {
    const { run, over, atlas } = scored.value.value ?? {}
    const shown = latest.value.value
    return atlas && shown && shown.run === run && shown.over === over ? atlas : null
  })
  return { over, missing, wanted, latest, scored, atlas, working }
}

/** Of no model. */
const nobody = { model: null } as ViewSubject
