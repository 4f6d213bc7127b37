import { computed, shallowRef, watch } from 'vue'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import {
  projectionOf,
  type AnalysisParams,
  type PointTexts,
  type ReadTexts
} from '../../stores/analyses.ts'
import { useResults, type Asked } from '../../stores/results.ts'
import { pointLimit } from '#common/analysis/project/point-counts.ts'
import { isOfTexts, isOfTokens } from '#common/analysis/project/point-sets.ts'
import { methodWords } from '#common/figure/views/projector-words.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { useComparedTexts } from '../../ui/compared-texts/use-compared-texts.ts'
import {
  hasLayer,
  isOfLengthOne,
  isVocabulary,
  type ProjectorOptions
} from './projector-options.ts'
import { pointsAt, shownPoints, type ShownPoints } from '#common/analysis/project/shown-points.ts'

/** Points, and what asked for them. */
export interface Projection {
  readonly key: string
  readonly points: ShownPoints
}

/** Why there is nothing to lay out yet, in words; null where there is. */
export type Missing = 'run' | 'texts' | 'words' | null

/** Lines or sentences of the text that are points at most. */
const mostParts = 5000

/** Whether there are as many texts as can be laid out; of files and sentences nobody knows before they are read. */
function areEnough(texts: ReadTexts | null): texts is ReadTexts {
  return texts !== null && (texts.sentences || 'path' in texts.of || texts.of.texts.length >= 3)
}

/** Which vectors are points, for the layer that is chosen. @param layer the selected one */
export function pointParamsOf(options: ProjectorOptions, layer: number) {
  const { set, seed, layer: own, sentence } = options
  const chosen = own === 'selected' ? layer : own
  return {
    ...{ set, unit: isOfLengthOne(options), seed },
    ...(isOfTexts(set) && hasLayer(set) && { layer: chosen === 'all' ? layer : chosen }),
    ...(set === 'sentences' && { sentence }),
    ...(hasLayer(set) &&
      !isOfTexts(set) && { layers: typeof chosen === 'number' ? [chosen] : null })
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
  const isFirst = method === 'pca' && options.method !== 'pca'
  return {
    ...{ set: options.set, method },
    ...pointParamsOf(options, layer),
    // Of the points that the other method lays out, so that its steps go on from there.
    points: isFirst ? finite(pointLimit(options.method, points)) : points,
    dimensions,
    // Until another method's picture is there, the first ones are shown.
    ...(method === 'pca' && options.method === 'pca' && others && { components }),
    ...(method === 'axis' && { axes: [[from, to]] }),
    ...(method === 'umap' && { neighbours }),
    ...(method === 'tsne' && { perplexity })
  }
}

const finite = (count: number) => (Number.isFinite(count) ? count : null)

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
  const { texts, lost } = useComparedTexts(subject, () => options.texts, mostParts)
  /** What is read for the points; null where nothing is, or there is nothing yet. */
  const from = computed<PointTexts | null>(() => {
    const { run } = subject()
    if (!isOfTexts(options.set) || run === null) return null
    if (isOfTokens(options.set)) return { run, texts: null }
    return areEnough(texts.value) ? { run, texts: texts.value } : null
  })
  const missing = computed<Missing>(() => {
    if (isOfTexts(options.set) && subject().run === null) return 'run'
    if (options.set === 'sentences' && !areEnough(texts.value)) return 'texts'
    if (method.value === 'axis' && (options.from === '' || options.to === '')) return 'words'
    return null
  })
  function asked(how: ProjectorOptions['method']): Asked<Dataset> | null {
    const { model, layer } = subject()
    const isReady = !isOfTexts(options.set) || (from.value !== null && mayAsk())
    return model && isReady
      ? projectionOf(model, from.value, projectParams(options, how, layer))
      : null
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

  /** How a layout stands that is still on its way, or was when it was stopped. */
  const steps = shallowRef<(Projection & { readonly share: number }) | null>(null)
  watch(
    () => results.workOf(wanted.value)?.progress,
    progress => {
      const [key, before] = [keyOf(wanted.value), early.value.value]
      if (!progress?.places || key === null || before?.key !== keyOf(first.value)) return
      const points = pointsAt(before.points, progress.places, methodWords[method.value])
      if (points) steps.value = { key, points, share: progress.done / progress.total }
    }
  )

  /** What is there of what is asked for: it, how it stands by now, its principal components, or what was there before. */
  const shown = computed<Projection | null>(() => {
    const [own, before] = [latest.value.value, early.value.value]
    if (own?.key === keyOf(wanted.value)) return own
    if (steps.value?.key === keyOf(wanted.value)) return steps.value
    if (before?.key === keyOf(first.value)) return before
    return own ?? before
  })
  const standing = computed<'own' | 'steps' | 'early' | 'before'>(() => {
    if (shown.value !== null && shown.value === steps.value) return 'steps'
    if (shown.value?.key === keyOf(wanted.value)) return 'own'
    return shown.value?.key === keyOf(first.value) ? 'early' : 'before'
  })
  const working = computed(
    () => results.workOf(wanted.value) ?? (shown.value ? null : results.workOf(first.value))
  )
  return { method, missing, from, lost, wanted, latest, shown, standing, steps, working }
}
