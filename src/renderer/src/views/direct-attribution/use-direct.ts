import { computed } from 'vue'
import { useAskedTokens } from '../../reactive/use-asked-tokens.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { directOf } from '../../stores/analyses.ts'
import { useResults } from '../../stores/results.ts'
import type { DirectOptions } from './direct-options.ts'

/** Which logit is taken apart, and what it is the sum of. */
export function useDirect(
  subject: () => ViewSubject,
  options: DirectOptions,
  mayAsk: () => boolean
) {
  const results = useResults()
  const tokens = useAskedTokens(subject, options, { mayAsk, isPair: () => false })
  const wanted = computed(() => {
    const { run, model } = subject()
    if (!run || !model || tokens.asked.value === null) return null
    const { a, b } = tokens.asked.value
    const position = tokens.position.value
    return { run, model, position, at: `${position}:${a}${b === null ? '' : `-${b}`}` }
  })
  const latest = useLatest(
    () => wanted.value,
    async (asked, signal) => ({
      ...asked,
      result: await results.ask(directOf(asked.run, asked.at), signal)
    })
  )
  const work = computed(() => {
    const { run, at } = wanted.value ?? {}
    return run && at !== undefined ? results.workOf(directOf(run, at)) : null
  })
  return { ...tokens, latest, work }
}
