import {
  computed,
  inject,
  onScopeDispose,
  provide,
  shallowReactive,
  type ComputedRef,
  type InjectionKey
} from 'vue'
import { spanning } from '#common/figure/heat-map-pixels.ts'
import type { ValueRange } from '#common/figure/value-scale.ts'

/** What values of a view span, by what they are. */
type Ranges = Readonly<Record<string, ValueRange>>

const sides: InjectionKey<Map<symbol, ComputedRef<Ranges>>> = Symbol('the sides of a tab')

/** Has the views within, which stand beside each other, know what each other's values span. */
export function provideSharedRanges(): void {
  provide(sides, shallowReactive(new Map()))
}

export interface SharedRanges {
  /** From the lowest to the highest of all sides that have such values; null where none has. */
  of(name: string): ValueRange | null
  /** Whether there is more than one side. */
  readonly shared: ComputedRef<boolean>
}

/**
 * What the values of a view span together with those of the one that stands beside it, so that a colour or a length means
 * the same in both. Of a view that stands alone it is its own.
 */
export function useSharedRanges(own: () => Ranges): SharedRanges {
  const all = inject(sides)!
  const side = Symbol('a side')
  all.set(side, computed(own))
  onScopeDispose(() => all.delete(side))
  return {
    of(name) {
      const known = [...all.values()].flatMap(({ value }) => value[name] ?? [])
      const finite = known.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high))
      return finite.length === 0 ? null : spanning(finite)
    },
    shared: computed(() => all.size > 1)
  }
}
