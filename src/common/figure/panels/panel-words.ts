import { visibleText } from '../../text/visible-text.ts'
import { captionDraft } from '../caption.ts'
import type { Drawing } from '../drawing.ts'
import type { FigureOrigin } from '../provenance.ts'
import type { PanelContent } from './panel-content.ts'
import { areOfSeveral, modelsText } from './panel-models.ts'
import { panelTextLimits, type FigurePanel } from './session-figure.ts'
import { firstLetters } from '../../text/cut-short.ts'

/** What stands of a panel in words, where it is printed. */
export interface PanelWords {
  /** What stands beside its letter; empty for nothing. */
  readonly title: string
  readonly caption: string
}

/**
 * Titles of panels as they stand on a page: as they were written, else drafted, each with its view where one before it has that
 * title, and with its model where they are of several.
 * @param contents of each; a text or null where it cannot be read, of which no title is drafted
 */
export function panelTitles(
  panels: readonly Pick<FigurePanel, 'title'>[],
  contents: readonly (PanelContent | string | null)[]
): string[] {
  const read = contents.map(content => (typeof content === 'object' ? content : null))
  const isOfSeveral = areOfSeveral(read.map(content => content?.from ?? null))
  const titles: string[] = []
  for (const [i, { title }] of panels.entries()) {
    const content = read[i] ?? null
    const [own, told] =
      title === null && content !== null ? draftTitles(content, isOfSeveral) : ['', '']
    titles.push(title ?? (titles.includes(own) ? told : own))
  }
  return titles
}

/**
 * The caption of a panel as it is printed: as it was written, else a draft of what is drawn, such as of the range that it shares.
 * @param drawn as it stands beside the others; a text where it cannot be drawn
 */
export function panelCaption(
  { caption }: Pick<FigurePanel, 'caption'>,
  { from }: Pick<PanelContent, 'from'>,
  drawn: Drawing | string
): string {
  if (caption !== null) return caption
  const shows = typeof drawn === 'string' ? '' : drawn.shows()
  return from === null ? '' : firstLetters(captionDraft(from, shows), panelTextLimits.caption)
}

/**
 * What a panel is of, and that with what shows it, such as `Head 1.3, both sides` and `Head 1.3, both sides, lines`.
 * @param isOfSeveral whether the panels of its page are of several models: `Head 1.3 of gpt2`
 */
export function draftTitles(
  { from, made, title }: PanelContent,
  isOfSeveral = false
): readonly [own: string, told: string] {
  const note = made.note.replace(/(^|, )both sides$/, '')
  const model = isOfSeveral && from !== null ? ` of ${modelsText(from)}` : ''
  const place = from === null ? note || title : placesOf(from)
  const how = from?.beside ? 'both sides' : from?.less ? 'difference' : ''
  const view = note || title.split(' · ').at(-1)!
  const told = [...(view.startsWith(how) ? [] : [how]), ...(place === view ? [] : [view])]
  const short = (parts: readonly string[]) =>
    firstLetters(visibleText(parts.filter(part => part !== '').join(', ')), panelTextLimits.title)
  return [short([`${place}${model}`, how]), short([`${place}${model}`, ...told])]
}

function placesOf({ of, less, beside }: FigureOrigin): string {
  const other = beside ?? less
  return other === null || other.place === of.place ? of.place : `${of.place} and ${other.place}`
}
