import { computed } from 'vue'
import type { Latest } from './use-latest.ts'

/** Something that was asked for, as far as it may fail. */
type Failing = Pick<Latest<unknown>, 'error' | 'retry'>

/**
 * Why what is made of several answers is not there, and a way to ask anew. That asks for all that failed: which is told first need
 * not be what the others wait for.
 * @param answers what is to be told first at the front
 */
export function useFailure(answers: () => readonly Failing[]) {
  const error = computed(
    () => answers().find(({ error }) => error.value !== null)?.error.value ?? null
  )
  function retry(): void {
    for (const each of answers()) if (each.error.value !== null) each.retry()
  }
  return { error, retry }
}
