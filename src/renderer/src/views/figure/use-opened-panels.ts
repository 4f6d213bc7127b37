import { computed, shallowReactive, watch } from 'vue'
import { openedPanels, type CaptionedPanel } from '#common/figure/panels/opened-figure.ts'
import {
  readPanels,
  type PanelContent,
  type ReadPanel
} from '#common/figure/panels/panel-content.ts'
import type { SessionFigure } from '#common/figure/panels/session-figure.ts'
import { LamellaError } from '#common/model/errors.ts'

/** The panels of a figure, read from what the session keeps of them. @param most bytes that they may take together */
export function useOpenedPanels(figure: () => SessionFigure | null, most?: number) {
  /** By what is kept: what it says, or why it cannot be read. */
  const read = shallowReactive(new Map<string, ReadPanel | LamellaError>())
  let reading = Promise.resolve()

  async function readAll(): Promise<void> {
    const known = new Map<string, ReadPanel>()
    for (const [packed, own] of read) if (!(own instanceof LamellaError)) known.set(packed, own)
    const all = figure()?.panels.map(({ content }) => content) ?? []
    // What was refused has room where others went.
    for await (const [packed, own] of readPanels(all, known, most)) read.set(packed, own)
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
  function contentOf(packed: string): PanelContent | string | null {
    const own = read.get(packed)
    if (own === undefined) return null
    return own instanceof LamellaError ? own.message : own.content
  }

  /** Null until all are read. */
  const opened = computed<CaptionedPanel[] | null>(() => {
    const own = figure()
    const contents = own?.panels.map(({ content }) => contentOf(content)) ?? []
    const isWhole = (all: typeof contents): all is (PanelContent | string)[] => !all.includes(null)
    return own && isWhole(contents) ? openedPanels(own, contents) : null
  })

  return { opened, contentOf }
}
