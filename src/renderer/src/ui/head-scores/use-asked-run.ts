import { computed, ref, type ComputedRef } from 'vue'
import type { Run } from '#common/contract/schemas.ts'

/**
 * Whether a run may be read as a whole: that of a streamed model only once somebody asks for it, since all of its blocks are
 * read from disk for that.
 */
export function useAskedRun(run: () => Run | null): {
  readonly mayAsk: ComputedRef<boolean>
  /** Asks for the run there is now. */
  readonly ask: () => void
} {
  const wanted = ref<string | null>(null)
  const mayAsk = computed(() => {
    const now = run()
    return now !== null && (now.complete || wanted.value === now.id)
  })
  return { mayAsk, ask: () => (wanted.value = run()?.id ?? null) }
}
