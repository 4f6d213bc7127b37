import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { DrawnFigure } from '#common/figure/drawn-figure.ts'
import { figureDocument } from '#common/figure/figure-content.ts'
import { toLamellaError, type LamellaError } from '#common/model/errors.ts'
import { figureHost } from '../../ui/figure/saved-figure.ts'

/** Drawn once nothing has changed for so long, in ms. */
const pause = 120

/**
 * A figure as it will be in its file, as the address of a picture.
 * @param draw null where there is nothing to draw
 */
export function usePreview(draw: () => (() => DrawnFigure) | null) {
  const drawn = shallowRef<DrawnFigure | null>(null)
  const address = ref<string | null>(null)
  const error = shallowRef<LamellaError | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let latest = 0

  function show(svg: string | null): void {
    if (address.value !== null) URL.revokeObjectURL(address.value)
    const type = 'image/svg+xml'
    address.value = svg === null ? null : URL.createObjectURL(new Blob([svg], { type }))
  }
  async function update(make: () => DrawnFigure): Promise<void> {
    const mine = ++latest
    try {
      const figure = make()
      const svg = await figureDocument(figure, figureHost)
      if (mine !== latest) return
      drawn.value = figure
      error.value = null
      show(svg)
    } catch (thrown) {
      if (mine === latest) error.value = toLamellaError(thrown)
    }
  }
  watch(
    draw,
    make => {
      clearTimeout(timer)
      latest++
      if (make === null) {
        drawn.value = null
        show(null)
      } else timer = setTimeout(() => void update(make), drawn.value === null ? 0 : pause)
    },
    { immediate: true }
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    latest++
    show(null)
  })
  return { drawn, address, error }
}
