import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { toLamellaError, type LamellaError } from '#common/model/errors.ts'
import { askAfterBreak } from '../stores/after-break.ts'

export interface Newest<V> {
  /** The newest value; the one before stays until it comes. */
  readonly value: ShallowRef<V | null>
  /** Something newer is on its way. */
  readonly pending: Ref<boolean>
  readonly error: ShallowRef<LamellaError | null>
  readonly retry: () => void
}

/**
 * Loads a value for a key, one after the other: what is asked for while one is under way waits for it, and of several that wait the
 * newest is loaded. For what is moved through and quick to load, which would cost more to give up than to end.
 * @param key null empties the value
 * @param goes whether what is under way for one key is still worth its end once another is asked for
 */
export function useNewest<K, V>(
  key: () => K | null,
  load: (key: K, signal: AbortSignal) => Promise<V>,
  goes: (underWay: K, next: K) => boolean
): Newest<V> {
  const value = shallowRef<V | null>(null)
  const pending = ref(false)
  const error = shallowRef<LamellaError | null>(null)
  let underWay: { readonly key: K; readonly controller: AbortController } | null = null
  let wanted: K | null = null

  function want(next: K | null): void {
    wanted = next
    error.value = null
    if (underWay !== null && (next === null || !goes(underWay.key, next))) {
      underWay.controller.abort()
      underWay = null
    }
    if (next === null) {
      value.value = null
      pending.value = false
    } else if (underWay === null) void loadWanted()
  }

  async function loadWanted(): Promise<void> {
    pending.value = true
    while (wanted !== null) {
      const own = { key: wanted, controller: new AbortController() }
      underWay = own
      wanted = null
      try {
        const loaded = await load(own.key, own.controller.signal)
        if (underWay !== own) return
        value.value = loaded
      } catch (thrown) {
        if (underWay !== own) return
        error.value = toLamellaError(thrown)
      }
    }
    underWay = null
    pending.value = false
  }

  const retry = () => want(key())
  watch(key, want, { immediate: true })
  askAfterBreak(() => error.value, retry)
  onScopeDispose(() => {
    underWay?.controller.abort()
    underWay = null
    wanted = null
  })
  return { value, pending, error, retry }
}
