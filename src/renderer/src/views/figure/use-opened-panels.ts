import { computed, shallowReactive, watch } from 'vue'
import { drawingOf } from '#common/figure/drawing-of.ts'
import type { Drawing, KeptDrawing } from '#common/figure/drawing.ts'
import type { OpenedPanel } from '#common/figure/panels/drawn-panels.ts'
import { withOneScale } from '#common/figure/panels/one-scale.ts'
import { panelContent, type PanelContent } from '#common/figure/panels/panel-content.ts'
import type { SessionFigure } from '#common/figure/panels/session-figure.ts'
import { toLamellaError } from '#common/model/errors.ts'

/** The panels of a figure, read from what the session keeps of them. */
export function useOpenedPanels(figure: () => SessionFigure | null) {
  /** By what is kept: what it says, or why it cannot be read. */
  const read = shallowReactive(new Map<string, PanelContent | string>())

  watch(
    () => figure()?.panels.map(({ content }) => content) ?? [],
    contents => {
      for (const known of [...read.keys()]) if (!contents.includes(known)) read.delete(known)
      for (const content of contents) {
        if (read.has(content)) continue
        panelContent(content)
          .catch((thrown: unknown) => toLamellaError(thrown).message)
          .then(found => read.set(content, found))
          .catch(() => undefined)
      }
    },
    { immediate: true }
  )

  /** By the content of each; null while it is read, a text where it cannot be. */
  function contentOf(content: string): PanelContent | string | null {
    return read.get(content) ?? null
  }

  /** Null until all are read. */
  const opened = computed<OpenedPanel[] | null>(() => {
    const own = figure()
    const contents = own?.panels.map(({ content }) => read.get(content)) ?? []
    if (!own || contents.includes(undefined)) return null
    const kept = contents.flatMap(content => (typeof content === 'object' ? [content.drawing] : []))
    const scaled = own.oneScale
      ? withOneScale(kept)
      : kept.map(drawing => ({ drawing, scale: null }))
    let at = 0
    return own.panels.map(({ title, columns }, i) => {
      const content = contents[i]!
      if (typeof content === 'string') return { title, columns, drawing: content }
      const { drawing, scale } = scaled[at++]!
      return { title, columns, drawing: drawable(drawing), scale }
    })
  })

  return { opened, contentOf }
}

function drawable(kept: KeptDrawing): Drawing | string {
  try {
    return drawingOf(kept)
  } catch (thrown) {
    return toLamellaError(thrown).message
  }
}
