import { computed } from 'vue'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { QueryRow } from '#common/figure/views/query-key-figures.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { queryKeyOf } from '../../stores/analyses.ts'
import { missingPattern, missingVectors } from '../../stores/model-facts.ts'
import { useResults } from '../../stores/results.ts'
import { useStreaming } from '../../stores/streaming.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'

/** The weights of one query of a head, taken apart, and what they are of. */
export interface ShownQueryRow extends QueryRow {
  readonly model: ModelInfo
  readonly run: Run
}

/** Of a subject the query that is selected, else the last one. */
export function useQueryRow(
  subject: () => Pick<ViewSubject, 'model' | 'run' | 'layer' | 'head' | 'cell'>
) {
  const results = useResults()
  const streaming = useStreaming()
  /** Why there is nothing to take apart; null where there may be. */
  const missing = computed(() => {
    const { model, layer } = subject()
    return model && (missingPattern(model, layer) ?? missingVectors(model, layer))
  })
  /** The block is read from disk only when somebody asks for it. */
  const unasked = computed(() => {
    const { run, layer } = subject()
    return run !== null && missing.value === null && !streaming.mayAsk(run, layer)
  })
  /** Moved along its row, a cell asks for nothing new. */
  const query = computed(() => {
    const { run, cell } = subject()
    return run && (cell?.query ?? run.tokens.length - 1)
  })
  const latest = useLatest<Omit<ShownQueryRow, 'tokens' | 'result'>, ShownQueryRow>(
    () => {
      const { model, run, layer, head } = subject()
      if (!model || !run || query.value === null) return null
      if (missing.value !== null || unasked.value) return null
      return { model, run, layer, head, query: query.value }
    },
    async ({ model, run, layer, head, query }, signal) => {
      const result = await results.ask(queryKeyOf(run, layer, head, query), signal)
      return { model, run, layer, head, query, tokens: writtenTokens(run), result }
    }
  )
  return { missing, unasked, latest, shown: latest.value }
}
