import type { Note } from '../model/session.ts'
import { hasWordsOf } from './has-words.ts'
import { momentText } from './moment-text.ts'

/**
 * Notes that have the words of a query, in the order that one reads them: those of the session, then those of each place
 * together, in the order in which they were begun: one that is written stays where it is.
 */
export function listedNotes(
  notes: readonly Note[],
  query: string,
  textOf: (on: Note['on']) => string
): Note[] {
  const places = new Map<string, Note[]>([['', []]])
  for (const note of notes) {
    const place = note.on === null ? '' : JSON.stringify(note.on)
    places.set(place, [...(places.get(place) ?? []), note])
  }
  return foundNotes([...places.values()].flat(), query, textOf)
}

/** Notes that have the words of a query. @param written the one that is being written, which stays whatever is in it */
export function foundNotes(
  notes: readonly Note[],
  query: string,
  textOf: (on: Note['on']) => string,
  written: string | null = null
): Note[] {
  const isFound = hasWordsOf(query)
  return notes.filter(
    ({ id, on, markdown }) => id === written || isFound(`${textOf(on)} ${markdown}`)
  )
}

/** Notes as a document in Markdown: each under what it is of, as it was written. */
export function notesMarkdown(
  title: string,
  notes: readonly Note[],
  textOf: (on: Note['on']) => string
): string {
  const parts = notes.map(({ on, markdown, at }, i) => {
    const place = textOf(on)
    const isFirst = i === 0 || textOf(notes[i - 1]!.on) !== place
    return `${isFirst ? `## ${place}\n\n` : ''}*${momentText(at)}*\n\n${markdown.trim()}\n`
  })
  return [`# ${title}\n`, ...parts].join('\n')
}
