import { visibleText } from '../../text/visible-text.ts'
import { captionDraft } from '../caption.ts'
import { drawingOf } from '../drawing-of.ts'
import type { Drawing } from '../drawing.ts'
import type { FigureOrigin } from '../provenance.ts'
import type { PanelContent } from './panel-content.ts'
import type { FigurePanel } from './session-figure.ts'

/**
 * Title and caption of a panel as they are drafted.
 * @param others beside which the title tells the view, too, where it is theirs already
 */
export function panelWords(
  content: PanelContent,
  others: readonly Pick<FigurePanel, 'title'>[] = []
): Pick<FigurePanel, 'title' | 'caption'> {
  const { from, drawing } = content
  const [own, told] = draftTitles(content)
  return {
    title: others.some(({ title }) => title === own) ? told : own,
    caption: captionOf(from, drawingOf(drawing))
  }
}

/**
 * The caption of a panel as it is printed: a draft that nobody changed is of the range that is drawn, which another panel may
 * have changed since.
 * @param drawn as it stands beside the others
 */
export function printedCaption(
  { caption }: Pick<FigurePanel, 'caption'>,
  { from, drawing }: Pick<PanelContent, 'from' | 'drawing'>,
  drawn: Drawing
): string {
  const isDraft = caption === captionOf(from, drawingOf(drawing))
  return isDraft ? captionOf(from, drawn) : caption
}

function captionOf(from: PanelContent['from'], drawing: Drawing): string {
  return from === null ? '' : captionDraft(from, drawing.shows()).slice(0, 5000)
}

/** What a panel is of, and that with what shows it, such as `Head 1.3, both sides` and `Head 1.3, both sides, lines`. */
export function draftTitles({
  from,
  made,
  title
}: PanelContent): readonly [own: string, told: string] {
  const note = made.note.replace(/(^|, )both sides$/, '')
  const place = from === null ? note || title : placesOf(from)
  const how = from?.beside ? 'both sides' : from?.less ? 'difference' : ''
  const view = note || title.split(' · ').at(-1)!
  const told = [place, ...(view.startsWith(how) ? [] : [how]), ...(place === view ? [] : [view])]
  const short = (parts: readonly string[]) =>
    visibleText(parts.filter(part => part !== '').join(', ')).slice(0, 500)
  return [short([place, how]), short(told)]
}

function placesOf({ of, less, beside }: FigureOrigin): string {
  const other = beside ?? less
  return other === null || other.place === of.place ? of.place : `${of.place} and ${other.place}`
}
