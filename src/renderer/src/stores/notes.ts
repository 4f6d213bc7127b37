import { ref } from 'vue'
import type { Note } from '#common/model/session.ts'
import { useSession } from './session.ts'

/** Where notes are listed. */
export type NoteList = 'inspector' | 'findings' | 'notes'

/** The note that is being written, and in which list; null for none. */
export const editedNote = ref<{ readonly id: string; readonly list: NoteList } | null>(null)

/** Begins a note, to be written at once. @param on null for one of the whole session */
export function addNote(on: Note['on'], list: NoteList): void {
  const session = useSession()
  const note = { id: crypto.randomUUID(), on, markdown: '', at: Date.now() }
  session.notes = [...session.notes, note]
  editedNote.value = { id: note.id, list }
}

export function writeNote(id: string, markdown: string): void {
  const session = useSession()
  session.notes = session.notes.map(note =>
    note.id === id ? { ...note, markdown, at: Date.now() } : note
  )
}

export function removeNote(id: string): void {
  const session = useSession()
  session.notes = session.notes.filter(note => note.id !== id)
}

/** A note that is left with nothing in it goes. */
export function leaveNote(id: string): void {
  const { notes } = useSession()
  if (editedNote.value?.id === id) editedNote.value = null
  if (notes.find(note => note.id === id)?.markdown.trim() === '') removeNote(id)
}
