import { computed } from 'vue'
import { headAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { toLamellaError } from '#common/model/errors.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { headStatisticsOf, randomRepeatOf } from '../../stores/analyses.ts'
import { useResults } from '../../stores/results.ts'
import { patternLayers } from '../../ui/head-scores/pattern-layers.ts'
import { useScoredOver } from '../../ui/head-scores/use-scored-over.ts'
import type { AtlasOptions } from './atlas-options.ts'

/** Every score of every head of a subject's model, over its text or a corpus; of no subject, none. */
export function useAtlas(
  subject: () => ViewSubject | null,
  options: AtlasOptions,
  mayAsk: () => boolean
) {
  const results = useResults()

  const over = useScoredOver(subject, options)
  /** Blocks without a pattern, and why the first has none. */
  const missing = computed(() => patternLayers(subject()?.model ?? null))
  // As text: an object that is parsed anew is not another one.
  const classes = computed(() => JSON.stringify(options.classes))
  const asked = computed(() => {
    const { model, run } = subject() ?? {}
    const { rest, scored: layers } = missing.value
    if (!model || !run || rest.length === 0 || !mayAsk()) return null
    const own = JSON.parse(classes.value) as AtlasOptions['classes']
    return {
      ...{ model, run, classes: own },
      over: over.value,
      statistics: headStatisticsOf(run, over.value, { layers, classes: own }),
      repeats: layers === null ? randomRepeatOf(run) : null
    }
  })
  const latest = useLatest(
    () => asked.value,
    async ({ statistics, repeats, ...of }, signal) => {
      const result = await results.ask(statistics, signal)
      let random: Dataset | null = null
      let unrepeated: string | null = null
      try {
        random = repeats && (await results.ask(repeats, signal))
      } catch (thrown) {
        const { code, message } = toLamellaError(thrown)
        if (code === 'cancelled' || code === 'disconnected') throw thrown
        // It stands beside the rest, which is as it is without.
        unrepeated = message
      }
      return { ...of, result, random, atlas: headAtlas(result, random), unrepeated }
    }
  )
  /** What is computed for it now. */
  const working = computed(() => {
    const { statistics, repeats } = asked.value ?? {}
    return results.workOf(statistics ?? null) ?? results.workOf(repeats ?? null)
  })
  return { over, missing, asked, latest, working }
}
