import { parseSessionWindow } from '../contract/session-window.ts'
import type { Note } from '../model/session.ts'
import { listedNotes } from '../text/listed-notes.ts'
import { notePlaceText } from '../text/object-name.ts'
import { markdownBlocks } from './markdown-blocks.ts'
import { momentText } from '../text/moment-text.ts'
import { modelName } from './model-blocks.ts'
import { heading, muted, paragraph, type Block } from './report-document.ts'
import type { ReportedSession } from './reported-session.ts'
import { tabName } from './run-blocks.ts'

/** Notes as they are read: those of the session, then those of each place below its name. */
export function noteBlocks(session: ReportedSession): Block[] {
  const tabs = parseSessionWindow(session.content.window)?.tabs ?? []
  const nameOfTab = (id: string) => {
    const tab = tabs.find(own => own.id === id)
    return tab === undefined ? null : tabName(tab.type)
  }
  const placeOf = (on: Note['on']) => notePlaceText(on, ref => modelName(session, ref), nameOfTab)
  let place = placeOf(null)
  return listedNotes(session.content.notes, '', placeOf).flatMap(({ on, markdown, at }) => {
    const own = placeOf(on)
    const isSame = own === place
    place = own
    return [
      ...(isSame ? [] : [heading(2, own)]),
      // Above it: below, it would read as the heading of the next one.
      ...(at > 0 ? [paragraph(muted(momentText(at)))] : []),
      ...markdownBlocks(markdown)
    ]
  })
}
