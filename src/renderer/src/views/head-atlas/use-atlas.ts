import { computed } from 'vue'
import { headAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import { usualWindow } from '#common/analysis/head-atlas/windows.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { toLamellaError } from '#common/model/errors.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { headStatisticsOf, randomRepeatOf } from '../../stores/analyses.ts'
import { useCorpora } from '../../stores/corpora.ts'
import { missingPattern } from '../../stores/model-facts.ts'
import { useResults } from '../../stores/results.ts'
import type { AtlasOptions } from './atlas-options.ts'

/** Every score of every head of a subject's model, over its text or a corpus. */
export function useAtlas(subject: () => ViewSubject, options: AtlasOptions, mayAsk: () => boolean) {
  const results = useResults()
  const corpora = useCorpora()

  const corpus = computed(() => corpora.all.find(({ name }) => name === options.over) ?? null)
  /** What the model takes at most bounds it. */
  const window = computed(() => {
    const { nCtx } = subject().model?.config ?? {}
    const wanted = options.window ?? corpus.value?.window ?? usualWindow(nCtx)
    return Math.min(wanted, nCtx ?? wanted)
  })
  /** Blocks without a pattern, and why the first has none. */
  const missing = computed(() => {
    const { model } = subject()
    const layers = [...Array(model?.config?.nLayers ?? 0).keys()]
    const without = layers.filter(layer => missingPattern(model!, layer) !== null)
    const rest = layers.filter(layer => !without.includes(layer))
    const why = without.length === 0 ? null : missingPattern(model!, without[0]!)
    return { layers: without, rest, why }
  })
  // As text: an object that is parsed anew is not another one.
  const classes = computed(() => JSON.stringify(options.classes))
  const asked = computed(() => {
    const { model, run } = subject()
    const { layers, rest } = missing.value
    if (!model || !run || rest.length === 0 || !mayAsk()) return null
    // Windows of another length follow one another.
    const stride = options.window === null ? (corpus.value?.stride ?? null) : null
    return {
      run,
      statistics: headStatisticsOf(
        run,
        { corpus: corpus.value, window: window.value, stride },
        {
          layers: layers.length === 0 ? null : rest,
          classes: JSON.parse(classes.value) as Record<string, string>
        }
      ),
      repeats: layers.length === 0 ? randomRepeatOf(run) : null
    }
  })
  const latest = useLatest(
    () => asked.value,
    async ({ run, statistics, repeats }, signal) => {
      const result = await results.ask(statistics, signal)
      let random: Dataset | null = null
      let unrepeated: string | null = null
      try {
        random = repeats && (await results.ask(repeats, signal))
      } catch (thrown) {
        const { code, message } = toLamellaError(thrown)
        if (code === 'cancelled') throw thrown
        // It stands beside the rest, which is as it is without.
        unrepeated = message
      }
      return { run, result, atlas: headAtlas(result, random), unrepeated }
    }
  )
  /** What is computed for it now. */
  const working = computed(() => {
    const { statistics, repeats } = asked.value ?? {}
    const underWay = [statistics, repeats].find(
      each => each && results.stateOf(each)?.kind === 'working'
    )
    const state = underWay && results.stateOf(underWay)
    return state?.kind === 'working' ? { ...state, cancel: () => results.cancel(underWay!) } : null
  })
  return { corpus, window, missing, asked, latest, working }
}
