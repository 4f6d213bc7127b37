import { computed, hasInjectionContext, inject } from 'vue'
import type { ComputedRef, InjectionKey, Ref } from 'vue'

/** Whether a tab is in front of the others of its place: it provides that to what stands in it. */
export const inFront: InjectionKey<Readonly<Ref<boolean>>> = Symbol('in front')

/** Whether what asks is seen: it stands in no tab, or in one that is in front. */
export function useInFront(): ComputedRef<boolean> {
  const own = hasInjectionContext() ? inject(inFront, null) : null
  return computed(() => own?.value ?? true)
}
