import { defineStore } from 'pinia'
import { computed, markRaw } from 'vue'
import { useSubject } from '../reactive/use-subject.ts'
import { useTabs } from './tabs.ts'

/** What the focused tab is about: bars, inspector and commands are of it. */
export const useFocus = defineStore('focus', () => {
  const tabs = useTabs()
  const tab = computed(() => tabs.find(tabs.activeId ?? '') ?? null)
  const subject = markRaw(
    useSubject(
      () => tab.value?.context.on ?? tabs.group,
      () => tab.value?.id ?? '',
      next => tabs.move(tab.value?.id ?? '', 'on', next),
      // Its own view does.
      false
    )
  )
  return { tab, subject }
})
