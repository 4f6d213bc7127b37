import { ref, watch, type Ref } from 'vue'
import { LamellaError } from '#common/model/errors.ts'

/** Counts how often a connection that had broken was back, with the models that the window shows open there again. */
const returns = ref(0)

/** All that failed for want of the connection is asked for again, or told no more. */
export function endBreak(): void {
  returns.value++
}

/** Does something each time that a break is over. */
export function afterBreak(work: () => unknown): void {
  watch(returns, () => void work())
}

/** Asks again for what failed by a break, also where a new workbench did not have its model yet. */
export function askAfterBreak(
  error: () => LamellaError | null | undefined,
  ask: () => unknown
): void {
  afterBreak(() => {
    const { code } = error() ?? {}
    if (code === 'disconnected' || code === 'not-found') ask()
  })
}

/** Tells no more that something failed by a break which a person would have to ask for again. */
export function forgetAfterBreak(
  failure: Ref<LamellaError | { readonly error?: LamellaError } | null>
): void {
  afterBreak(() => {
    const { value } = failure
    const error = value instanceof LamellaError ? value : value?.error
    if (error?.code === 'disconnected') failure.value = null
  })
}
