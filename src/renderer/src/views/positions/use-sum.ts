import { computed } from 'vue'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { embeddingSumOf } from '../../stores/analyses.ts'
import { useResults } from '../../stores/results.ts'

/** What the tokens of a subject's text and their positions add up to. */
export function useSum(subject: () => ViewSubject) {
  const results = useResults()
  const asked = computed(() => {
    const { model, run } = subject()
    return model && run && { model, run, request: embeddingSumOf(run) }
  })
  const latest = useLatest(
    () => asked.value && JSON.stringify([asked.value.request.params, asked.value.run.id]),
    async (_, signal) => {
      const { model, run, request } = asked.value!
      return { model, run, result: await results.ask(request, signal) }
    }
  )
  return { latest, work: computed(() => results.workOf(asked.value?.request ?? null)) }
}
