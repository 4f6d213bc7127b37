import { defineStore } from 'pinia'
import { computed, nextTick, shallowRef, watch } from 'vue'
import type { Dataset } from '#common/data/dataset.ts'
import { drawingOf } from '#common/figure/drawing-of.ts'
import {
  packedContent,
  readPanels,
  type PanelContent
} from '#common/figure/panels/panel-content.ts'
import { panelHeading, panelLetter, panelMark } from '#common/figure/panels/panel-letter.ts'
import { noNumbers, type PanelNumbers } from '#common/figure/panels/panel-numbers.ts'
import { panelTitles } from '#common/figure/panels/panel-words.ts'
import { figureLimits, type FigurePanel } from '#common/figure/panels/session-figure.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import type { ItemRef } from '#common/model/library.ts'
import { useExports, type SavedFigure } from './exports.ts'
import { useFigures } from './figures.ts'
import { panelNumbersBeside } from './panel-numbers-beside.ts'
import { usePanelStanding } from './panel-standing.ts'
import { useTabs, type Tab } from './tabs.ts'
import { useTasks } from './tasks.ts'
import { useWorkspace } from './workspace.ts'

/** A panel that waits for its view to show what it is drawn of. */
interface Awaited {
  readonly figure: string
  readonly panel: string
  readonly content: PanelContent
  /** The tab of its view, and the one that is shown again then. */
  readonly tab: string
  readonly back: string | null
}

/** What of the library a tab reads, by what it is called. */
type ReadsOf = (tab: Pick<Tab, 'type' | 'context'>) => ItemRef[]

/** What panels are drawn of, by what is kept of it, of those that can be read. */
async function contentsOf(panels: readonly FigurePanel[]): Promise<Map<string, PanelContent>> {
  const contents = new Map<string, PanelContent>()
  for await (const [packed, read] of readPanels(panels.map(({ content }) => content)))
    if (!(read instanceof LamellaError)) contents.set(packed, read.content)
  return contents
}

/** Where a panel takes more than so many characters, some of its numbers may stay with its view. */
const mostWhole = 2 ** 17

/** Takes what views show into figures. */
export const useFigurePanels = defineStore('figure-panels', () => {
  const exports = useExports()
  const figures = useFigures()
  const tabs = useTabs()
  const tasks = useTasks()
  const standing = usePanelStanding()
  const workspace = useWorkspace()
  const awaited = shallowRef<Awaited | null>(null)
  const error = shallowRef<LamellaError | null>(null)
  /** The tab that was opened for the panel that is drawn anew; null for none. */
  const opened = shallowRef<string | null>(null)
  let readsOf: ReadsOf | null = null

  /** Takes panels from now on. @param reads what tells of a tab what it reads, as the window does, which knows views */
  function start(reads: ReadsOf): void {
    readsOf = reads
  }

  /** What is kept of a panel. @throws LamellaError where there is no room for it */
  async function keptOf(content: PanelContent, instead?: string) {
    if (readsOf === null) throw new Error('The window has not said what its tabs read')
    const { view: type, context } = content.made
    const { packed, left } = await packedWithin(content, instead)
    return { part: { content: packed, reads: readsOf({ type, context }) }, left }
  }

  /**
   * Takes a figure of a tab as one more panel.
   * @param into the figure that gets it, by its id; a new one for null
   * @returns that figure, by its id, what stands above the panel there, and which of its view's numbers it does not keep
   * @throws LamellaError where there is no room for it
   */
  async function take(
    into: string | null,
    tab: Tab,
    format: SavedFigure
  ): Promise<{
    readonly figure: string
    readonly heading: string
    readonly left: readonly string[]
  }> {
    const content = contentOf(tab, format)
    const { part, left } = await keptOf(content)
    const beside = await contentsOf(into === null ? [] : (figures.find(into)?.panels ?? []))
    // Once nothing is waited for any more: a new figure and its panel are one thing that is done, and taken back.
    const id = into ?? figures.add(workspace.version)
    const figure = figures.find(id)
    if (!figure) throw new LamellaError('not-found', 'The figure was removed meanwhile')
    const { panels, name, lettering } = figure
    if (panels.length >= figureLimits.panels)
      throw new LamellaError(
        'unsupported',
        `“${name}” has ${panels.length} panels, the most that a figure may have`,
        'Make another one.'
      )
    const words = { title: null, caption: null }
    const panel: FigurePanel = { id: crypto.randomUUID(), columns: 1, ...words, ...part }
    const all = [...panels, panel]
    figures.change(id, { panels: all })
    const contents = [...panels.map(other => beside.get(other.content) ?? null), content]
    const title = panelTitles(all, contents).at(-1)!
    return { figure: id, heading: panelHeading(panels.length, lettering, title), left }
  }

  /** Takes what the view of a panel shows now in its place; one that is not open is opened, and waited for. */
  function drawAnew(figure: string, panel: string, content: PanelContent): void {
    const { view, context } = content.made
    const { on, with: other, options = {} } = context
    const same = tabs.tabs.filter(
      tab => tab.type === view && isAlike([tab.context.on, tab.context.with], [on, other])
    )
    const open = same.find(tab => isAlike(tab.context.options ?? {}, options)) ?? same[0]
    const back = tabs.activeId
    error.value = null
    const tab = open?.id ?? tabs.open(view, on, { other, options })
    opened.value = open ? null : tab
    awaited.value = { figure, panel, content, tab, back }
    if (shown.value === null) tabs.show(tab)
  }

  /** What the view of the panel that waits shows; null before it shows what is there now: one that is hidden may have that of before. */
  const shown = computed(() => {
    const wanted = awaited.value
    const tab = wanted && tabs.find(wanted.tab)
    if (!tab) return null
    const formats = exports.formats.get(tab.id) ?? []
    const all = formats.filter(format => format.is === 'figure')
    const format = all.find(({ note }) => note === wanted.content.made.note) ?? all[0]
    if (!format || standing({ from: originOf(format), made: tab }) !== null) return null
    return { wanted, tab, format }
  })
  watch(shown, async found => {
    if (!found) return
    const { wanted, tab, format } = found
    awaited.value = null
    try {
      await replace(wanted, contentOf(tab, format))
      if (wanted.back !== null) tabs.show(wanted.back)
      exports.tell({ name: format.title, done: 'is drawn anew', without: [] })
    } catch (thrown) {
      error.value = toLamellaError(thrown)
    }
    // What was changed is seen by then.
    await nextTick()
    if (awaited.value === null) opened.value = null
  })
  // Its view was closed before it had anything to show.
  watch(
    () => tabs.tabs,
    open => {
      if (!open.some(({ id }) => id === awaited.value?.tab)) awaited.value = null
    }
  )

  async function replace(wanted: Awaited, content: PanelContent): Promise<void> {
    const { part } = await keptOf(content, wanted.panel)
    figures.changePanel(wanted.figure, wanted.panel, part)
  }

  /**
   * As a session keeps it, with as many of its numbers as it has room for.
   * @param instead the panel whose place it takes
   * @throws LamellaError where it is too much without any
   */
  async function packedWithin(
    content: PanelContent,
    instead?: string
  ): Promise<{ readonly packed: string; readonly left: readonly string[] }> {
    const { numbers } = content
    const kept = figures.all.flatMap(({ name, lettering, panels }) =>
      panels
        .map(({ id, content }, i) => ({
          id,
          content,
          name,
          mark: panelMark(i, panelLetter(i, lettering))
        }))
        .filter(({ id }) => id !== instead)
    )
    const others = kept.reduce((sum, { content }) => sum + content.length, 0)
    const room = figureLimits.characters - others
    const whole = await packedContent(content)
    const most = numbers === null ? room : Math.min(room, mostWhole)
    if (whole.length <= most) return { packed: whole, left: [] }
    let packed = whole
    for (const own of numbers === null
      ? []
      : [await fewerOf(content, numbers), noNumbers(numbers)]) {
      packed = await packedContent({ ...content, ...own })
      if (packed.length <= room) return { packed, left: own.left }
    }
    const mega = (characters: number) => `${(characters / 2 ** 20).toFixed(1)} MB`
    throw new LamellaError(
      'unsupported',
      `The figures of a session may take ${mega(figureLimits.characters)}: this panel would take ${mega(packed.length)}, the others take ${mega(others)}`,
      packed.length > figureLimits.characters
        ? 'It is too much for any: export it as a file, which may be larger, or take it of a shorter text.'
        : `Export a figure that is done as a file and remove panels of it${largestOf(kept)}.`
    )
  }

  function fewerOf({ title, drawing }: PanelContent, numbers: Dataset): Promise<PanelNumbers> {
    return tasks.track(`Choosing numbers of ${title}`, ({ signal }) =>
      panelNumbersBeside([drawing, numbers], signal)
    )
  }

  return { awaited, opened, error, start, take, drawAnew }
})

/** Names the panel that takes most. */
function largestOf(
  kept: readonly { readonly content: string; readonly name: string; readonly mark: string }[]
): string {
  const [most] = kept.toSorted((a, b) => b.content.length - a.content.length)
  return most === undefined ? '' : `; panel ${most.mark} of “${most.name}” takes most`
}

/** What a panel is drawn of when it is taken from a tab. @throws LamellaError where the tab shows a figure of panels itself */
function contentOf(tab: Tab, format: SavedFigure): PanelContent {
  const { title, note } = format
  const drawing = format.kept()
  if (drawing === null)
    throw new LamellaError('unsupported', `“${title}” cannot be a panel of a figure`)
  // What could not be read again is refused now.
  drawingOf(drawing)
  return {
    title,
    drawing,
    numbers: format.dataset?.() ?? null,
    left: [],
    from: originOf(format),
    made: { view: tab.type, context: tab.context, note }
  }
}

/** Where a figure is from; null of one that is made of panels. */
function originOf({ from }: SavedFigure): PanelContent['from'] {
  return 'panels' in from ? null : from
}

function isAlike(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
