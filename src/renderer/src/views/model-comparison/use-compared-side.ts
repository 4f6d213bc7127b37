import { computed } from 'vue'
import { headAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import type { ReadSide } from '#common/figure/views/compared-heads-figures.ts'
import { readOfRun } from '#common/figure/views/origin.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { headStatisticsOf } from '../../stores/analyses.ts'
import { useResults } from '../../stores/results.ts'
import { patternLayers } from '../../ui/head-scores/pattern-layers.ts'
import { useAskedRun } from '../../ui/head-scores/use-asked-run.ts'
import { useScoredOver, type OverOptions } from '../../ui/head-scores/use-scored-over.ts'

/** What the heads of one of two models do, over its text or a corpus. */
export function useComparedSide(subject: () => ViewSubject, options: OverOptions) {
  const results = useResults()

  const { mayAsk, ask } = useAskedRun(() => subject().run)
  const over = useScoredOver(subject, options)
  const missing = computed(() => patternLayers(subject().model))
  const asked = computed(() => {
    const { model, run } = subject()
    const { rest, scored: layers } = missing.value
    if (!model || !run || rest.length === 0 || !mayAsk.value) return null
    const own = over.value
    return { model, run, over: own, of: headStatisticsOf(run, own, { layers, classes: {} }) }
  })
  const latest = useLatest(
    () => asked.value,
    async ({ of, model, run, over }, signal): Promise<ReadSide> => {
      const result = await results.ask(of, signal)
      const read = { run: readOfRun(run, over), tokens: run.tokens.length }
      return { model, ...read, over, result, atlas: headAtlas(result, null) }
    }
  )
  const working = computed(() => results.workOf(asked.value?.of ?? null))
  return { options, over, missing, mayAsk, ask, latest, working }
}
export type ComparedSide = ReturnType<typeof useComparedSide>
