import type { Help } from '../view.ts'

export const help: Help = {
  what: 'All that was written in this session, to be read and written: notes on the session, on tabs, on heads and other objects.',
  formulas: [],
  sources: [
    'CommonMark 0.31, of which headings, lists, emphasis, code, quotations and links are shown'
  ],
  reading: [
    'Notes of the session come first, then those of each place, in the order in which they were begun.',
    'What a note is of stands above it; where that is open, it leads there.',
    'Notes are kept with the session, and taken back and done again as all that is done to it.',
    'Export saves all of them, each under what it is of, as Markdown or as a Jupyter notebook that holds nothing to run.',
    'Nothing in a note is markup of the page, nothing of it is fetched, and a link tells where it leads before it leads there.'
  ],
  lookFor: ['The same head in several notes.', 'A note on a tab that is closed: it is kept.']
}
