import { visibleText } from '../../text/visible-text.ts'
import { captionDraft } from '../caption.ts'
import { drawingOf } from '../drawing-of.ts'
import type { Drawing } from '../drawing.ts'
import type { FigureOrigin } from '../provenance.ts'
import type { PanelContent } from './panel-content.ts'
import { modelsText } from './panel-models.ts'
import type { FigurePanel } from './session-figure.ts'

/**
 * Title and caption of a panel as they are drafted.
 * @param others beside which the title tells the view, too, where it is theirs already
 * @param isOfSeveral whether it and they are of several models
 */
export function panelWords(
  content: PanelContent,
  others: readonly Pick<FigurePanel, 'title'>[] = [],
  isOfSeveral = false
): Pick<FigurePanel, 'title' | 'caption'> {
  const { from, drawing } = content
  const [own, told] = draftTitles(content, isOfSeveral)
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

/** A title that was drafted before panels were of several models, with the name of its own; null for one that was not. */
export function titleOfSeveral(title: string, content: PanelContent): string | null {
  const drafted = draftTitles(content).indexOf(title)
  return draftTitles(content, true)[drafted] ?? null
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
    visibleText(parts.filter(part => part !== '').join(', ')).slice(0, 500)
  return [short([`${place}${model}`, how]), short([`${place}${model}`, ...told])]
}

function placesOf({ of, less, beside }: FigureOrigin): string {
  const other = beside ?? less
  return other === null || other.place === of.place ? of.place : `${of.place} and ${other.place}`
}
