import { computed } from 'vue'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import { patternOf, tokenProbabilitiesOf } from '../../stores/analyses.ts'
import { missingPattern } from '../../stores/model-facts.ts'
import { useResults } from '../../stores/results.ts'
import { useSettings } from '../../stores/settings.ts'
import { useStreaming } from '../../stores/streaming.ts'

/** The run that chips are positions of, and the head that shades them. */
export interface ChipsOf {
  readonly model: ModelInfo
  readonly run: Run
  readonly layer: number
  readonly head: number
}

/** How much of its shade a chip keeps that is still shaded by the head before. */
const ofBefore = 0.5

/**
 * What a head attends to, and how probable tokens are, chip by chip.
 * @param of null where chips are positions of no run
 * @param mayAsk whether probabilities are asked for
 */
export function useChipWeights(of: () => ChipsOf | null, mayAsk: () => boolean) {
  const results = useResults()
  const settings = useSettings()
  const streaming = useStreaming()

  const pattern = useLatest(
    () => {
      const { model, run, layer, head } = of() ?? {}
      if (!model || !run || layer === undefined || head === undefined) return null
      if (missingPattern(model, layer) !== null || !streaming.mayAsk(run, layer)) return null
      return { run, layer, head, firstToken: settings.firstToken }
    },
    async ({ run, layer, head, firstToken }, signal) => {
      const { shape, data } = await results.ask(patternOf(run, layer, head, firstToken), signal)
      return { runId: run.id, size: shape[0] ?? 0, data }
    }
  )
  const probabilities = useLatest(
    () => (mayAsk() ? (of()?.run ?? null) : null),
    (run, signal) => results.ask(tokenProbabilitiesOf(run), signal)
  )
  /** The weights by which chips are shaded: those of the head before stay, fainter, until its own have come, in the same run alone. */
  const shading = computed(() => {
    const { value } = pattern.standing
    if (value === null || value.runId !== of()?.run.id) return null
    return { ...value, strength: pattern.current.value === null ? ofBefore : 1 }
  })

  /** How a chip is shaded where a query is looked at, from 0 to 1. */
  function shadeOf(query: number | null): (index: number) => number {
    const weights = shading.value && rowOf(shading.value, query)
    const { strength = 1 } = shading.value ?? {}
    return index => {
      const weight = weights?.[index] ?? 0
      return weight > 0.004 ? strength * (0.15 + 0.85 * Math.sqrt(weight)) : 0
    }
  }
  /** The key that a query of the head attends to most; the query itself until that is known. */
  function strongestOf(query: number): number {
    const weights = pattern.current.value && rowOf(pattern.current.value, query)
    let key = query
    if (weights) for (const [i, weight] of weights.entries()) if (weight > weights[key]!) key = i
    return key
  }
  /** Null until it is known, and where there is none. */
  function probabilityOf(index: number): number | null {
    return probabilities.current.value?.variables['probability']?.data[index] ?? null
  }
  return { shading, shadeOf, strongestOf, probabilityOf }
}

function rowOf(
  { size, data }: { readonly size: number; readonly data: Float32Array },
  query: number | null
): Float32Array | null {
  return query === null || query >= size ? null : data.subarray(query * size, (query + 1) * size)
}
