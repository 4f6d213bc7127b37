import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'

/** A picture that can be looked at more closely. */
export interface Zoomable {
  /** Less than all of it is seen. */
  readonly zoomedIn: boolean
  zoomBy(factor: number): void
  fit(): void
}

/** One step of a key or a button. */
export const zoomStep = 1.5

/** The pictures of the open tabs that can be zoomed; those of a tab are zoomed together. */
export const useZooms = defineStore('zooms', () => {
  const all = shallowReactive(new Map<Zoomable, string>())

  /** Takes in a picture of a tab, until the function that comes back is called. */
  function add(tabId: string, picture: Zoomable): () => void {
    all.set(picture, tabId)
    return () => all.delete(picture)
  }
  function of(tabId: string): Zoomable[] {
    return [...all].filter(([, own]) => own === tabId).map(([picture]) => picture)
  }

  return { add, of }
})
