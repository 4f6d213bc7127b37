import { computed } from 'vue'
import { aggregateUnits } from '#common/figure/views/pattern-views.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import { useReadingDirection } from '../../reactive/use-reading-direction.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { aggregateOf, patternOf } from '../../stores/analyses.ts'
import { missingPattern } from '../../stores/model-facts.ts'
import { useResults } from '../../stores/results.ts'
import { headName } from '../../stores/selection.ts'
import { useSettings } from '../../stores/settings.ts'
import { useStreaming } from '../../stores/streaming.ts'
import { inputText } from '#common/text/input-text.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'
import { extentInTurns } from './extent-in-turns.ts'
import type { HeadPattern, PatternSource, ShownPattern } from './pattern.ts'

interface PatternKey extends Pick<ShownPattern, 'model' | 'run' | 'firstHidden'> {
  readonly layer: number
  readonly head: number
  /** It is the mean of all heads of the layer. */
  readonly mean: boolean
}

/**
 * The pattern of the head that a subject is at; of no subject, none.
 * @param mean whether it is the mean of all heads of the layer instead
 */
export function useHeadPattern(
  subject: () => ViewSubject | null,
  mean = () => false
): PatternSource {
  const results = useResults()
  const { missing, unasked, place } = usePatternPlace(subject)

  const name = computed(() => {
    const { layer = 0, head = 0 } = subject() ?? {}
    return patternName({ layer, head, mean: mean() })
  })
  const latest = useLatest<PatternKey, ShownPattern>(
    () => {
      const { head } = subject() ?? {}
      return place.value && head !== undefined ? { ...place.value, head, mean: mean() } : null
    },
    (key, signal) => readPattern(results, key, signal)
  )
  const mirrored = useReadingDirection(() =>
    latest.value.value ? inputText(latest.value.value.run.source.input) : ''
  )
  const lastLayer = computed(() => subject()?.layer ?? 0)
  return { name, missing, unasked, lastLayer, latest, shown: latest.value, mirrored }
}

/** The patterns of some heads of the layer that a subject is at; of no subject, none. */
export function useHeadPatterns(
  subject: () => ViewSubject | null,
  heads: () => readonly number[]
): PatternSource<HeadPattern[]> {
  const results = useResults()
  const { missing, unasked, place } = usePatternPlace(subject)

  const name = computed(() => `Block ${subject()?.layer ?? 0}`)
  const latest = useLatest<PatternKey[], HeadPattern[]>(
    () => place.value && heads().map(head => ({ ...place.value!, head, mean: false })),
    (keys, signal) => Promise.all(keys.map(key => readPattern(results, key, signal)))
  )
  const mirrored = useReadingDirection(() =>
    inputText(subject()?.run?.source.input ?? { text: '' })
  )
  const lastLayer = computed(() => subject()?.layer ?? 0)
  return { name, missing, unasked, lastLayer, latest, shown: latest.value, mirrored }
}

/** Whether there are patterns where a subject is, and of what they are. */
function usePatternPlace(subject: () => ViewSubject | null) {
  const settings = useSettings()
  const streaming = useStreaming()

  const missing = computed(() => {
    const { model, layer } = subject() ?? {}
    return model && layer !== undefined ? missingPattern(model, layer) : null
  })
  const unasked = computed(() => {
    const { run, layer } = subject() ?? {}
    return !!run && layer !== undefined && missing.value === null && !streaming.mayAsk(run, layer)
  })
  const place = computed(() => {
    const { model, run, layer } = subject() ?? {}
    if (!model || !run || layer === undefined) return null
    if (missing.value !== null || unasked.value) return null
    return { model, run, layer, firstHidden: settings.firstToken === 'hidden' }
  })
  return { missing, unasked, place }
}

async function readPattern(
  results: ReturnType<typeof useResults>,
  key: PatternKey,
  signal: AbortSignal
): Promise<HeadPattern> {
  const { model, run, layer, head, mean, firstHidden } = key
  const firstToken = firstHidden ? 'hidden' : 'shown'
  const every = Array.from({ length: model.config?.nHeads ?? 0 }, (_, own) => [layer, own] as const)
  const asked = mean
    ? aggregateOf(run, { how: 'mean', heads: every, firstToken }, patternName(key))
    : patternOf(run, layer, head, firstToken)
  const { data, precision } = await results.ask(asked, signal)
  const size = run.tokens.length
  const visibility = model.visibility?.[layer] ?? null
  return {
    ...{ model, run, layer, head, firstHidden, data, precision, visibility },
    name: patternName(key),
    unit: mean ? aggregateUnits.mean : null,
    again: mean
      ? { view: 'aggregate', params: { how: 'mean', layers: [layer] } }
      : { view: 'attention', params: { layer, head } },
    tokens: writtenTokens(run),
    baseline: true,
    extent: await extentInTurns(data, size, visibility, firstHidden)
  }
}

/** What a pattern is of. */
function patternName({ layer, head, mean }: Pick<PatternKey, 'layer' | 'head' | 'mean'>): string {
  return mean ? `Block ${layer}, mean of all heads` : headName(layer, head)
}
