import { computed, inject, provide, reactive, type InjectionKey } from 'vue'
import type { z } from 'zod'
import { useTabs } from '../stores/tabs.ts'

const tabOfView: InjectionKey<() => string> = Symbol('the tab that a view is in')

/** Tells the views within which tab they are in. */
export function provideTab(id: () => string): void {
  provide(tabOfView, id)
}

/** The tab that a view is in, by its id. */
export function useTabId(): () => string {
  return inject(tabOfView)!
}

/**
 * What a view is set to. It is kept with its tab: over a reload, and in a duplicate of it. What is set to what it is already is not set.
 * @param schema each member with a `catch`: what is not there, or not understood, is that
 */
export function useViewOptions<T extends z.ZodObject>(schema: T): z.output<T> {
  const tabs = useTabs()
  const id = useTabId()
  const kept = computed(() => schema.parse(tabs.find(id())?.context.options ?? {}))
  const members = Object.keys(schema.shape).map(name => [
    name,
    computed({
      get: () => kept.value[name],
      set: value => {
        if (JSON.stringify(value) !== JSON.stringify(kept.value[name]))
          tabs.setOptions(id(), { [name]: value })
      }
    })
  ])
  return reactive(Object.fromEntries(members)) as z.output<T>
}
