import { computed } from 'vue'
import { extent } from '#common/figure/heat-map-pixels.ts'
import type { ValueRange } from '#common/figure/value-scale.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Visibility } from '#common/model/visibility.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import { useReadingDirection } from '../../reactive/use-reading-direction.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { patternOf } from '../../stores/analyses.ts'
import { inputText } from '../../stores/carried.ts'
import { missingPattern } from '../../stores/model-facts.ts'
import { useResults } from '../../stores/results.ts'
import { headName } from '../../stores/selection.ts'
import { useSettings } from '../../stores/settings.ts'
import { useStreaming } from '../../stores/streaming.ts'
import { writtenTokens, type WrittenToken } from '../written-tokens.ts'

/** One head's pattern on one text, and what of it is known. */
export interface HeadPattern {
  readonly model: ModelInfo
  readonly run: Run
  readonly layer: number
  readonly head: number
  /** [query, key] */
  readonly data: Float32Array
  readonly tokens: readonly WrittenToken[]
  /** Null where it is not known which keys a query sees. */
  readonly visibility: Visibility | null
  /** The first key is left out, and each row is divided by what is left of it. */
  readonly firstHidden: boolean
  /** The lowest and the highest weight. */
  readonly extent: ValueRange
}

/** The pattern of the head that a subject is at; of no subject, none. */
export function useHeadPattern(subject: () => ViewSubject | null) {
  const results = useResults()
  const settings = useSettings()
  const streaming = useStreaming()

  const name = computed(() => {
    const { layer = 0, head = 0 } = subject() ?? {}
    return headName(layer, head)
  })
  /** Why there is none; null where there may be one. */
  const missing = computed(() => {
    const { model, layer } = subject() ?? {}
    return model && layer !== undefined ? missingPattern(model, layer) : null
  })
  /** The block is read from disk only when somebody asks for it. */
  const unasked = computed(() => {
    const { run, layer } = subject() ?? {}
    return !!run && layer !== undefined && missing.value === null && !streaming.mayAsk(run, layer)
  })
  const latest = useLatest<
    Pick<HeadPattern, 'model' | 'run' | 'layer' | 'head' | 'firstHidden'>,
    HeadPattern
  >(
    () => {
      const { model, run, layer, head } = subject() ?? {}
      if (!model || !run || layer === undefined || head === undefined) return null
      if (missing.value !== null || unasked.value) return null
      return { model, run, layer, head, firstHidden: settings.firstToken === 'hidden' }
    },
    async ({ model, run, layer, head, firstHidden }, signal) => {
      const firstToken = firstHidden ? 'hidden' : 'shown'
      const { data } = await results.ask(patternOf(run, layer, head, firstToken), signal)
      const size = run.tokens.length
      const visibility = model.visibility?.[layer] ?? null
      return {
        model,
        run,
        layer,
        head,
        data,
        tokens: writtenTokens(run),
        visibility,
        firstHidden,
        extent: extent(data, size, size, visibility, firstHidden)
      }
    }
  )
  const mirrored = useReadingDirection(() =>
    latest.value.value ? inputText(latest.value.value.run.source.input) : ''
  )
  return { name, missing, unasked, latest, shown: latest.value, mirrored }
}
