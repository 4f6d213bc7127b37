import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { useFocus } from './focus.ts'
import { useModels } from './models.ts'
import { useTabs } from './tabs.ts'

/** Something that was looked at. */
interface Stop {
  readonly tabId: string
  readonly modelId: string
  readonly layer: number
  readonly head: number
}

const kept = 100
/** What is passed through faster was not looked at. */
const settle = 250

/** What was looked at, to go back and forward through. */
export const useTrail = defineStore('trail', () => {
  const tabs = useTabs()
  const models = useModels()
  const { subject } = useFocus()
  const stops = shallowRef<readonly Stop[]>([])
  const at = ref(-1)
  let timer: ReturnType<typeof setTimeout> | undefined

  const now = computed<Stop | null>(() => {
    const { activeId } = tabs
    const { model, layer, head } = subject
    return activeId === null || !model ? null : { tabId: activeId, modelId: model.id, layer, head }
  })
  watch(now, () => {
    clearTimeout(timer)
    timer = setTimeout(note, settle)
  })

  function note(): void {
    const stop = now.value
    if (!stop || isSame(stop, stops.value[at.value])) return
    stops.value = [...stops.value.slice(0, at.value + 1), stop].slice(-kept)
    at.value = stops.value.length - 1
  }

  /** The nearest stop on one side whose tab and model are still there. */
  function next(by: 1 | -1): number | null {
    for (let i = at.value + by; i >= 0 && i < stops.value.length; i += by) {
      const { tabId, modelId } = stops.value[i]!
      if (tabs.find(tabId) && models.open.some(({ id }) => id === modelId)) return i
    }
    return null
  }

  function go(by: 1 | -1): void {
    note()
    const index = next(by)
    if (index === null) return
    at.value = index
    const { tabId, modelId, layer, head } = stops.value[index]!
    tabs.show(tabId)
    models.activate(modelId, tabs.scope)
    subject.selectHead(layer, head)
  }

  return {
    canGoBack: computed(() => next(-1) !== null),
    canGoForward: computed(() => next(1) !== null),
    back: () => go(-1),
    forward: () => go(1)
  }
})

function isSame(a: Stop, b: Stop | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
