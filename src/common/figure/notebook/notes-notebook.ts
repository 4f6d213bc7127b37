import type { Note } from '../../model/session.ts'
import { momentText } from '../../text/moment-text.ts'
import { markdownSource } from './markdown-source.ts'
import { markdownText } from './markdown-text.ts'
import { markdownCell, notebookFile } from './notebook-file.ts'

/**
 * Notes as a Jupyter notebook of cells that are read, none that is run: each under what it is of, with when it was written.
 * @param notes in the order that one reads them
 * @param textOf what a note is of, in words
 */
export function notesNotebook(
  title: string,
  notes: readonly Note[],
  textOf: (on: Note['on']) => string
): string {
  let place: string | null = null
  const cells = notes.flatMap(({ on, markdown, at }, i) => {
    const own = textOf(on)
    const isSame = own === place
    place = own
    const when = at > 0 ? `*${momentText(at)}*\n\n` : ''
    return [
      ...(isSame ? [] : [markdownCell(`place-${i}`, `## ${markdownText(own)}`)]),
      markdownCell(`note-${i}`, `${when}${markdownSource(markdown)}`)
    ]
  })
  return notebookFile([markdownCell('about', `# ${markdownText(title)}`), ...cells])
}
