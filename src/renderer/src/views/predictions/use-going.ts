import { computed } from 'vue'
import type { Run } from '#common/contract/schemas.ts'
import { variable } from '#common/data/dataset.ts'
import { continuationWeights } from '#common/figure/views/continuation-figure.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { Sampling } from '#common/model/sampling.ts'
import type { Token } from '#common/model/token.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import { tokenProbabilitiesOf } from '../../stores/analyses.ts'
import { generationOf } from '../../stores/continuations.ts'
import { useResults } from '../../stores/results.ts'
import { useRuns } from '../../stores/runs.ts'
import { goingSteps, goneOn } from '#common/figure/views/going-steps.ts'
import type { PredictionsOptions } from './predictions-options.ts'

/** How a run's text goes on, once it is asked for. */
export function useGoing(run: () => Run, options: PredictionsOptions) {
  const results = useResults()
  const runs = useRuns()
  /** What was begun is of one run. */
  const going = computed(() => options.going && options.of === run().id)
  const sampling = computed<Sampling | null>(() => {
    const { how, temperature, topK, topP, seed } = options
    return how === 'probable' ? null : { temperature, topK, topP, seed }
  })
  const asked = computed(() => {
    const { max, path } = options
    return going.value ? generationOf(run(), { max, sampling: sampling.value, path }) : null
  })
  // As text: a request that is put together anew is not another one.
  const latest = useLatest(
    () => (asked.value ? { run: run(), of: JSON.stringify(asked.value.params) } : null),
    async ({ run }, signal) => {
      const { taken, path, max } = options
      const of = { run, max, sampling: sampling.value }
      const generated = await results.ask(asked.value!, signal)
      // Tokens that it was to begin with were not drawn: how probable they are is asked of their run.
      const begun =
        path.length === 0 ? null : await runs.ensure(sourceOf(run, generated.prompt), signal)
      const held = begun && (await results.ask(tokenProbabilitiesOf(begun), signal))
      const probabilities = held && variable(held, 'probability').data
      return { ...of, generated, steps: goingSteps(generated, run, taken, probabilities) }
    }
  )
  const work = computed(() => (latest.pending.value ? results.workOf(asked.value) : null))
  const shown = computed(() => {
    const { value } = latest.value
    if (value === null) return null
    const { run, steps } = value
    const { input } = run.source
    const own = goneOn(writtenTokens(run), 'text' in input ? input.text : null, steps)
    return { ...value, ...own, weights: continuationWeights(run, steps) }
  })
  /** The text and so many tokens that came. */
  function sourceTo(count: number): RunSource {
    const { run, steps } = shown.value!
    return sourceOf(run, [...run.tokens, ...steps.slice(0, count).map(({ token }) => token)])
  }
  return { going, latest, work, shown, sourceTo }
}

function sourceOf({ source }: Run, tokens: readonly Token[]): RunSource {
  return { ...source, input: { ids: tokens.map(({ id }) => id) } }
}
