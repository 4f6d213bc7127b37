import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { useWindow } from './window.ts'

/** The signs by which the palette is asked for one kind of thing. */
export const paletteSigns = ['>', '@', '#', '%', '~'] as const
export type PaletteSign = (typeof paletteSigns)[number]

/** Something that can be chosen in the palette. */
export interface PaletteItem {
  readonly id: string
  readonly sign: PaletteSign
  readonly title: string
  /** What kind of thing it is, in a word. */
  readonly group: string
  /** What tells it from others that are called the same. */
  readonly note?: string | undefined
  /** By what else it is found. */
  readonly words?: string | undefined
  readonly keys?: readonly string[] | undefined
  run(): void
}

/** Things to choose one from, in place of everything there is. */
export interface Choosing {
  readonly title: string
  readonly items: readonly PaletteItem[]
  /** What is typed can be chosen itself, too. */
  readonly typed?: ((query: string) => PaletteItem) | undefined
}

/** What the palette is open for. */
export const usePalette = defineStore('palette', () => {
  const panels = useWindow()
  const query = ref('')
  const choosing = shallowRef<Choosing | null>(null)

  function open(begin = ''): void {
    query.value = begin
    choosing.value = null
    panels.dialog = 'palette'
  }

  function choose(next: Choosing): void {
    query.value = ''
    choosing.value = next
    panels.dialog = 'palette'
  }

  return { query, choosing, open, choose }
})
