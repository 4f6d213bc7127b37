import { computed, shallowReactive, watch } from 'vue'
import type { OpenedPanel } from '#common/figure/panels/drawn-panels.ts'
import { openedPanels } from '#common/figure/panels/opened-figure.ts'
import {
  mostBytesTogether,
  readPanel,
  type PanelContent
} from '#common/figure/panels/panel-content.ts'
import type { SessionFigure } from '#common/figure/panels/session-figure.ts'
import { toLamellaError } from '#common/model/errors.ts'

/** The panels of a figure, read from what the session keeps of them. */
export function useOpenedPanels(figure: () => SessionFigure | null) {
  /** By what is kept: what it says, or why it cannot be read. */
  const read = shallowReactive(new Map<string, PanelContent | string>())
  const bytesOf = new Map<string, number>()
  let reading = Promise.resolve()

  /** One after the other: what the others take is not left for the next. */
  async function readAll(): Promise<void> {
    for (const { content } of figure()?.panels ?? []) {
      if (read.has(content)) continue
      const taken = [...read.keys()].reduce((sum, known) => sum + (bytesOf.get(known) ?? 0), 0)
      try {
        const { content: found, bytes } = await readPanel(content, mostBytesTogether - taken)
        bytesOf.set(content, bytes)
        read.set(content, found)
      } catch (thrown) {
        read.set(content, toLamellaError(thrown).message)
      }
    }
  }

  watch(
    () => figure()?.panels.map(({ content }) => content) ?? [],
    contents => {
      for (const known of [...read.keys()]) if (!contents.includes(known)) read.delete(known)
      reading = reading.then(readAll)
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
    return openedPanels(own, contents as readonly (PanelContent | string)[])
  })

  return { opened, contentOf }
}
