import { computed } from 'vue'
import type { RunSource } from '#common/model/run-source.ts'
import type { Token } from '#common/model/token.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import { predictionsOf } from '../../stores/analyses.ts'
import { useResults } from '../../stores/results.ts'
import { useRuns } from '../../stores/runs.ts'
import type { GoingStep } from '#common/figure/views/going-steps.ts'

/** A token that might have come, and how probable it was. */
export interface Candidate {
  readonly token: Token
  readonly probability: number
}

/**
 * What might have come at a step of how a text goes on.
 * @param before what a step came after
 * @param isSampled whether steps are drawn: what might have come is told by what it was drawn with
 */
export function useCandidates(
  step: () => GoingStep | null,
  before: () => RunSource,
  isSampled: () => boolean
) {
  const results = useResults()
  const runs = useRuns()
  /** Of a token that it was to begin with it is asked what else was expected: nothing was drawn there. */
  const expected = useLatest(
    () => {
      const own = step()
      return own && own.candidates === null ? JSON.stringify(before()) : null
    },
    async (source, signal): Promise<readonly Candidate[]> => {
      const run = await runs.ensure(JSON.parse(source) as RunSource, signal)
      return results.ask(predictionsOf(run, run.tokens.length - 1, 10), signal)
    }
  )
  const byDrawn = computed(() => isSampled() && Boolean(step()?.candidates))
  /** Those of the step; null while they are on their way, or could not be had. */
  const own = computed((): readonly Candidate[] | null => {
    const drawn = step()?.candidates?.map(({ token, probability, drawn }) => ({
      token,
      probability: byDrawn.value ? drawn : probability
    }))
    return drawn ?? expected.current.value
  })
  return {
    ...{ byDrawn, own, error: expected.error, retry: () => expected.retry() },
    /** Those that are listed: of the step before as long as its own are on their way. */
    listed: computed(() => own.value ?? expected.standing.value ?? [])
  }
}
