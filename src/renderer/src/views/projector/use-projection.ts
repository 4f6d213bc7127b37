import { computed } from 'vue'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { projectionOf, type AnalysisParams } from '../../stores/analyses.ts'
import { useResults, type Asked } from '../../stores/results.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { hasLayer, isVocabulary, type ProjectorOptions } from './projector-options.ts'
import { shownPoints, type ShownPoints } from './shown-points.ts'

/** Points, and what asked for them. */
export interface Projection {
  readonly key: string
  readonly points: ShownPoints
}

/** Why there is nothing to lay out yet, in words; null where there is. */
export type Missing = 'run' | 'words' | null

/** Which vectors are points, for the layer that is chosen. @param layer the selected one */
export function pointParamsOf({ set, unit, seed, layer: own }: ProjectorOptions, layer: number) {
  const chosen = own === 'selected' ? layer : own
  return {
    ...{ set, unit, seed },
    ...(set === 'tokens' && { layer: chosen === 'all' ? layer : chosen }),
    ...(hasLayer(set) &&
      set !== 'tokens' && { layers: typeof chosen === 'number' ? [chosen] : null })
  }
}

/** What the analysis is asked. @param layer the selected one */
export function projectParams(
  options: ProjectorOptions,
  method: ProjectorOptions['method'],
  layer: number
): AnalysisParams {
  const { points, neighbours, perplexity, from, to, dimensions } = options
  const components = options.components.slice(0, dimensions)
  const others = components.some((one, i) => one !== i + 1)
  return {
    ...{ set: options.set, method },
    ...pointParamsOf(options, layer),
    ...{ points, dimensions },
    // Until another method's picture is there, the first ones are shown.
    ...(method === 'pca' && options.method === 'pca' && others && { components }),
    ...(method === 'axis' && { axes: [[from, to]] }),
    ...(method === 'umap' && { neighbours }),
    ...(method === 'tsne' && { perplexity })
  }
}

/** The points of a subject's model or text, as they are set to be laid out; principal components until then. */
export function useProjection(
  subject: () => ViewSubject,
  options: ProjectorOptions,
  mayAsk: () => boolean
) {
  const results = useResults()

  /** Words have places in an embedding alone. */
  const method = computed(() =>
    options.method === 'axis' && !isVocabulary(options.set) ? 'pca' : options.method
  )
  const missing = computed<Missing>(() => {
    if (options.set === 'tokens' && subject().run === null) return 'run'
    if (method.value === 'axis' && (options.from === '' || options.to === '')) return 'words'
    return null
  })
  function asked(how: ProjectorOptions['method']): Asked<Dataset> | null {
    const { model, run, layer } = subject()
    if (model === null || (options.set === 'tokens' && (run === null || !mayAsk()))) return null
    return projectionOf(
      model,
      options.set === 'tokens' ? run : null,
      projectParams(options, how, layer)
    )
  }
  // By their keys: what is asked for is made anew with much that does not change it.
  const wanted = computed(() => (missing.value === 'words' ? null : asked(method.value)))
  const first = computed(() => (method.value === 'pca' ? null : asked('pca')))
  const keyOf = (one: Asked<Dataset> | null) => one && JSON.stringify([one.params, one.of])
  const load = (one: () => Asked<Dataset> | null) =>
    useLatest(
      () => keyOf(one()),
      async (key, signal): Promise<Projection> => ({
        key,
        points: shownPoints(await results.ask(one()!, signal))
      })
    )
  const latest = load(() => wanted.value)
  const early = load(() => first.value)

  /** What is there of what is asked for: it, its principal components, or what was there before. */
  const shown = computed<Projection | null>(() => {
    const [own, before] = [latest.value.value, early.value.value]
    if (own?.key === keyOf(wanted.value)) return own
    if (before?.key === keyOf(first.value)) return before
    return own ?? before
  })
  const standing = computed<'own' | 'early' | 'before'>(() => {
    if (shown.value?.key === keyOf(wanted.value)) return 'own'
    return shown.value?.key === keyOf(first.value) ? 'early' : 'before'
  })
  const working = computed(
    () => results.workOf(wanted.value) ?? (shown.value ? null : results.workOf(first.value))
  )
  return { method, missing, wanted, latest, shown, standing, working }
}
