import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { DrawnFigure } from '#common/figure/drawn-figure.ts'
import { figureDocument } from '#common/figure/figure-content.ts'
import { toLamellaError, type LamellaError } from '#common/model/errors.ts'
import { figureHost } from './saved-figure.ts'

/** Drawn once nothing has changed for so long, in ms. */
const pause = 120

/**
 * A figure as it will be in its file, as the address of a picture.
 * @param draw null where there is nothing to draw
 */
export function usePreview<F extends DrawnFigure>(draw: () => (() => F) | null) {
  const drawn = shallowRef<F | null>(null)
  const address = ref<string | null>(null)
  const error = shallowRef<LamellaError | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let latest = 0
  /** What is drawn next, once the one that is being drawn is there; others on the way are left out. */
  let next: (() => F) | null = null
  let isDrawing = false
  /** Whether what is shown is of before the last change. */
  const isLate = ref(false)

  function show(svg: string | null): void {
    if (address.value !== null) URL.revokeObjectURL(address.value)
    const type = 'image/svg+xml'
    address.value = svg === null ? null : URL.createObjectURL(new Blob([svg], { type }))
  }
  async function update(make: () => F): Promise<void> {
    const mine = ++latest
    try {
      const figure = make()
      const svg = await figureDocument(figure, figureHost)
      if (mine !== latest) return
      isLate.value = false
      drawn.value = figure
      error.value = null
      show(svg)
    } catch (thrown) {
      if (mine !== latest) return
      isLate.value = false
      error.value = toLamellaError(thrown)
    }
  }
  async function drawNext(): Promise<void> {
    if (isDrawing) return
    isDrawing = true
    for (let make = next; make !== null; make = next) {
      next = null
      await update(make)
    }
    isDrawing = false
  }
  watch(
    draw,
    make => {
      clearTimeout(timer)
      latest++
      next = null
      isLate.value = make !== null
      if (make === null) {
        drawn.value = null
        show(null)
      } else
        timer = setTimeout(
          () => {
            next = make
            void drawNext()
          },
          drawn.value === null ? 0 : pause
        )
    },
    { immediate: true }
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    latest++
    next = null
    show(null)
  })
  return { drawn, address, error, isLate }
}
