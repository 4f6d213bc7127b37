import { visibleText } from '../../text/visible-text.ts'
import { captionDraft } from '../caption.ts'
import { drawingOf } from '../drawing-of.ts'
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
    caption: from === null ? '' : captionDraft(from, drawingOf(drawing).shows()).slice(0, 5000)
  }
}

/** What a panel is of, and that with what shows it, such as `Head 1.3` and `Head 1.3, lines`. */
export function draftTitles({
  from,
  made,
  title
}: PanelContent): readonly [own: string, told: string] {
  const place = from?.of.place ?? (made.note || title)
  const view = made.note || title.split(' · ').at(-1)!
  const short = (text: string) => visibleText(text).slice(0, 500)
  return [short(place), place === view ? short(place) : short(`${place}, ${view}`)]
}
