import type { z } from 'zod'
import { findingReadAs } from '#common/analysis/head-atlas/kept-finding.ts'
import { parseSessionWindow, type SessionWindow } from '#common/contract/session-window.ts'
import { packedContent, panelContent } from '#common/figure/panels/panel-content.ts'
import { SessionFigure, type FigurePanel } from '#common/figure/panels/session-figure.ts'
import { Json } from '#common/model/json.ts'
import {
  asShared,
  freeName,
  isAskedFor,
  itemKey,
  sharedContent,
  type ItemRef,
  type LibraryItem
} from '#common/model/library.ts'
import type { SessionContent } from '#common/model/session.ts'
import { readAs } from './named-reads.ts'

/** What a session brings, by the names that it has in the library here. */
export interface Brought extends Pick<SessionContent, 'findings' | 'figures'> {
  /** What the library does not have yet. */
  readonly items: readonly LibraryItem[]
  /** Null where its tabs are of another version. */
  readonly window: SessionWindow | null
}

/**
 * A session as it is read here: what has a name in it is what the library has of the same content, whatever that is called, or comes
 * under its name, or one like it where the library has another thing of that. The session's tabs, findings and panels read what
 * it brings, and nothing that is called the same here, also where it brings nothing of a name.
 */
export async function broughtInto(
  library: readonly LibraryItem[],
  session: Omit<SessionContent, 'runs' | 'notes'>
): Promise<Brought> {
  const names = new Map<string, string>()
  const items: LibraryItem[] = []
  /** Where the library has the name, another; it stands for the same throughout the session. */
  function nameOf(ref: ItemRef): string {
    const known = names.get(itemKey(ref))
    if (known !== undefined) return known
    const name = freeName([...library, ...items], ref.kind, ref.name)
    names.set(itemKey(ref), name)
    return name
  }
  for (const item of session.library) {
    const there = likeOf(library, item)
    if (there) names.set(itemKey(item), there.name)
    else items.push({ ...asBrought(item, library), name: nameOf(item) })
  }
  const window = parseSessionWindow(session.window)
  const tabs = window?.tabs.map(tab => readAs(tab, nameOf)) ?? []
  const findings = session.findings.map(finding =>
    findingReadAs(finding, name => nameOf({ kind: 'corpus', name }))
  )
  const isRenamed = session.library.some(item => nameOf(item) !== item.name)
  const figures: SessionContent['figures'] = []
  for (const figure of session.figures) figures.push(await figureReadAs(figure, nameOf, isRenamed))
  return { items, window: window && { ...window, tabs }, findings, figures }
}

/** What the library has of the same content: what is called the same rather than others. */
function likeOf(library: readonly LibraryItem[], item: LibraryItem): LibraryItem | undefined {
  const content = sharedContent(item)
  const alike = library.filter(known => sharedContent(known) === content)
  return alike.find(({ name }) => name === item.name) ?? alike[0]
}

/** What has a name in a session, which has no files looked for that nobody here has asked for. */
function asBrought(item: LibraryItem, library: readonly LibraryItem[]): LibraryItem {
  const own = asShared(item)
  if (own.kind !== 'corpus' || !('path' in own.of) || isAskedFor(library, own.of.path)) return own
  return { ...own, of: { ...own.of, unasked: true } }
}

/**
 * A figure, which a later version may have kept, whose panels are drawn anew of the same under other names.
 * @param isRenamed whether anything that the session brings has another name here
 */
async function figureReadAs(
  figure: z.output<typeof Json>,
  nameOf: (ref: ItemRef) => string,
  isRenamed: boolean
): Promise<z.output<typeof Json>> {
  const read = SessionFigure.safeParse(figure).data
  if (read === undefined) return figure
  const panels: FigurePanel[] = []
  for (const panel of read.panels) panels.push(await panelReadAs(panel, nameOf, isRenamed))
  return panels.every((panel, i) => panel === read.panels[i])
    ? figure
    : Json.parse({ ...read, panels })
}

/** To read what a panel is drawn of takes a while, which only one needs that reads what goes by another name here. */
async function panelReadAs(
  panel: FigurePanel,
  nameOf: (ref: ItemRef) => string,
  isRenamed: boolean
): Promise<FigurePanel> {
  const reads = panel.reads?.map(ref => ({ ...ref, name: nameOf(ref) }))
  // One of an earlier version does not say what it reads.
  const isOther = reads?.some(({ name }, i) => name !== panel.reads?.[i]?.name) ?? isRenamed
  if (!isOther) return panel
  const content = await contentReadAs(panel.content, nameOf)
  return { ...panel, content, ...(reads && { reads }) }
}

async function contentReadAs(packed: string, nameOf: (ref: ItemRef) => string): Promise<string> {
  // What cannot be read is said where it is shown.
  const content = await panelContent(packed).catch(() => null)
  if (content === null) return packed
  const { view: type, context } = content.made
  const now = readAs({ type, context }, nameOf)
  if (now.context === context) return packed
  return packedContent({ ...content, made: { ...content.made, context: now.context } })
}
