import type { Help } from '../view.ts'

export const help: Help = {
  what: 'Figures of views as panels (a), (b), (c) of one, on a page of a paper: what is seen here is what is saved. A figure is kept in the session, with all that its panels are drawn of, so that it opens and is drawn without the models.',
  formulas: [
    {
      name: 'width of a panel',
      formula: 'columns · (page + gap) / all columns − gap, gap = 4 mm'
    },
    {
      name: 'one colour scale',
      formula: 'from the lowest to the highest of the ranges of panels that show the same'
    }
  ],
  sources: ['widths, letters and lines: the instructions to authors, as in Export › For a paper'],
  reading: [
    'Add a panel by Export › Add to a figure in the tab that shows it. It is drawn in the width of its columns, with the letters of the page: what is small here is small in the paper.',
    'A panel that does not fit beside those before it begins the next row, or stands below one of them where another is much higher. Half a column is 0.5, a whole row as many as there are columns.',
    'A panel is as high as goes with its width, unless its height is given: charts and maps are drawn anew in that, their letters as large as before. What has rows of its own keeps their height, and the panel says so.',
    'Drag a panel onto another, on the page or by its letter in the list, and it takes its place; so do the arrows and Alt+↑ and Alt+↓. By touch, a finger moves the page until it has tapped the panel.',
    'A panel stays as it was when it was taken. Where its group has gone on to another model, text or edits, the panel says so; “Draw anew” takes what its view shows now. Where panels are of several models, each says its own instead.',
    'A panel keeps the numbers of its view, of many those that it is drawn of and the smallest of the others; it says which it has not. The Export menu of the view itself has all.',
    'Titles and captions are drafted of what stands there, until they are written by hand; what is written, or emptied, stays when a panel is drawn anew. “Draft the title” and “Draft the caption” take a draft again.',
    'The diagram of a model’s blocks cannot be drawn in another width, and what has more in it than there is room for is made smaller as well: the panel says how small its letters become. Tokens of a lens that could not be read then stand in bands, one below the other.',
    'The command in the files, and in Export › For a paper, draws it again from the saved session.'
  ],
  lookFor: [
    'Warnings in the line below: higher than the page, or letters smaller than asked for.',
    'Panels of one kind that show the same with ranges of their own: “One scale” makes their colours comparable, and maps of a row share one bar.',
    'The preview in grey: two panels that are told apart by colour alone.'
  ]
}
