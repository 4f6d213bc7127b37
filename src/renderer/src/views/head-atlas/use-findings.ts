import { computed } from 'vue'
import { findingBounds, findingsOf } from '#common/analysis/head-atlas/findings.ts'
import type { Dataset } from '#common/data/dataset.ts'
import type { Run } from '#common/contract/schemas.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { headAblationOf, type ScoredOver } from '../../stores/analyses.ts'
import { missingPredictions } from '../../stores/model-facts.ts'
import { useResults } from '../../stores/results.ts'
import type { AtlasOptions } from './atlas-options.ts'

/** What was found, and in which windows of what. */
interface Scored {
  readonly run: Run
  readonly over: ScoredOver
  readonly result: Dataset
}

/** The findings of an atlas, each with the loss without its head where that is asked for. */
export function useFindings(
  subject: () => ViewSubject,
  scored: () => Scored | null,
  options: AtlasOptions
) {
  const results = useResults()

  /** Why there is no loss to ablate by; null where there is. */
  const noLoss = computed(() => {
    const { model } = subject()
    if (!model) return null
    const missing = missingPredictions(model)
    if (missing !== null || model.predicts === 'next') return missing
    return `${model.name} does not predict the next token: analyse ablation on the command line takes the positions that are masked.`
  })
  const layers = computed(() => {
    const { result } = scored() ?? {}
    const found = result?.variables['finding.layer']?.data ?? []
    return [...new Set(found)].sort((a, b) => a - b)
  })
  const asked = computed(() => {
    const { run, over } = scored() ?? {}
    const nothing = !options.ablated || layers.value.length === 0 || noLoss.value !== null
    return nothing || !run || !over ? null : headAblationOf(run, over, layers.value)
  })
  const ablation = useLatest(
    () => asked.value,
    async (own, signal) => ({ asked: own, result: await results.ask(own, signal) })
  )
  /** That of the same windows alone. */
  const without = computed(() => {
    const { value } = ablation.value
    return value !== null && value.asked === asked.value ? value.result : null
  })
  const working = computed(() => results.workOf(asked.value))
  const findings = computed(() => {
    const { result } = scored() ?? {}
    return result ? findingsOf(result, without.value) : []
  })
  const bounds = computed(() => {
    const { result } = scored() ?? {}
    return result ? findingBounds(result) : null
  })
  return { findings, bounds, noLoss, ablation, without, working }
}
