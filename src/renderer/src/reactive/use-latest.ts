import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { ComputedRef, Ref, ShallowRef } from 'vue'
import { toLamellaError } from '#common/model/errors.ts'
import type { LamellaError } from '#common/model/errors.ts'
import { askAfterBreak } from '../stores/after-break.ts'
import { useInFront } from './use-in-front.ts'

export interface Latest<V> {
  /** The newest value; the one before stays until it comes, or failed: then it is of something else than what is asked for. */
  readonly value: ComputedRef<V | null>
  /** The newest value where it is of what is asked for now; null where the one before stands. */
  readonly current: ComputedRef<V | null>
  /** What stands for the answer: the value of before while the next is on its way, and none of before once that failed. */
  readonly standing: ComputedRef<V | null>
  /** Something newer is on its way. */
  readonly pending: Ref<boolean>
  readonly error: ShallowRef<LamellaError | null>
  retry(): void
}

/**
 * Loads a value for a key and again whenever the key changes: an object whose members are the same is the same key. Work
 * for an old key is abandoned, as all is when the component leaves. A null key empties the value. In a tab that is not in front a new
 * key waits until it is: what nobody sees is not computed.
 */
export function useLatest<K, V>(
  key: () => K | null,
  load: (key: K, signal: AbortSignal) => Promise<V>
): Latest<V> {
  /** The newest value with the key that it is of. */
  const newest = shallowRef<{ readonly of: K; readonly value: V } | null>(null)
  const asked = computed(key)
  const pending = ref(false)
  const error = shallowRef<LamellaError | null>(null)
  const attempt = ref(0)
  const isSeen = useInFront()
  let waits = false
  let controller: AbortController | null = null

  watch(
    [asked, attempt, isSeen],
    async ([next, tried, seen], [before, triedBefore]) => {
      // What is asked for is looked at anew with much that does not change it.
      if (triedBefore === tried && isSameKey(next, before) && !(waits && seen)) return
      controller?.abort()
      const own = (controller = new AbortController())
      waits = next !== null && !seen
      error.value = null
      if (next === null) {
        newest.value = null
        pending.value = false
        return
      }
      pending.value = true
      if (waits) return
      try {
        const value = await load(next, own.signal)
        if (controller === own) newest.value = { of: next, value }
      } catch (thrown) {
        if (controller === own) error.value = toLamellaError(thrown)
      } finally {
        if (controller === own) pending.value = false
      }
    },
    { immediate: true }
  )
  const retry = () => attempt.value++
  askAfterBreak(() => error.value, retry)
  onScopeDispose(() => controller?.abort())

  const value = computed(() => newest.value?.value ?? null)
  const current = computed(() =>
    newest.value !== null && isSameKey(newest.value.of, asked.value) ? newest.value.value : null
  )
  const standing = computed(() => (error.value === null ? value.value : current.value))
  return { value, current, standing, pending, error, retry }
}

function isSameKey(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const [own, other] = [Object.entries(a), Object.entries(b)]
  return (
    own.length === other.length &&
    own.every(([name, value]) => name in b && value === (b as Record<string, unknown>)[name])
  )
}
