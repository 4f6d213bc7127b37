import { NotebookPen } from '@lucide/vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import NotesThumbnail from './NotesThumbnail.vue'
import NotesView from './NotesView.vue'

/** What was written in the session. It is of the session, so that there is nothing to be compared. */
export const notesView: View = {
  type: 'notes',
  icon: NotebookPen,
  name: 'Notes',
  group: 'Notes and figures',
  question: 'What was found so far?',
  words: 'markdown journal findings',
  accepts: [],
  of: 'session',
  compares: false,
  thumbnail: NotesThumbnail,
  empty: 'Notes of the session appear',
  help: () => help,
  title: () => 'Notes',
  component: NotesView,
  tools: null
}
