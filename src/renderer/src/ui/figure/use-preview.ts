import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { DrawnFigure } from '#common/figure/drawn-figure.ts'
import { figureDocument } from '#common/figure/figure-content.ts'
import { cancelWork } from '#common/model/cancel.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
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
  let drawing: AbortController | null = null
  /** Whether what is shown is of before the last change. */
  const isLate = ref(false)

  function show(svg: string | null): void {
    if (address.value !== null) URL.revokeObjectURL(address.value)
    const type = 'image/svg+xml'
    address.value = svg === null ? null : URL.createObjectURL(new Blob([svg], { type }))
  }
  async function update(make: () => F): Promise<void> {
    const mine = ++latest
    const own = new AbortController()
    drawing = own
    error.value = null
    try {
      const figure = make()
      const svg = await figureDocument(figure, figureHost, [], own.signal)
      if (mine !== latest) return
      isLate.value = false
      drawn.value = figure
      show(svg)
    } catch (thrown) {
      if (mine !== latest) return
      isLate.value = false
      error.value = own.signal.aborted
        ? new LamellaError('cancelled', 'Drawing it was cancelled.')
        : toLamellaError(thrown)
    }
  }
  /** Draws it once more, after it could not be drawn. */
  function again(): void {
    next = draw()
    isLate.value = next !== null
    void drawNext()
  }
  async function drawNext(): Promise<void> {
    if (drawing !== null) return
    for (let make = next; make !== null; make = next) {
      next = null
      await update(make)
    }
    drawing = null
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
    cancel()
    show(null)
  })
  /** Gives up the one that is being drawn. */
  function cancel(): void {
    cancelWork(drawing)
  }
  return { drawn, address, error, isLate, cancel, again }
}
