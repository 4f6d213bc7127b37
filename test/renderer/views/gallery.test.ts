import { describe, expect, it } from 'vitest'
import { galleryGroups } from '../../../src/renderer/src/views/gallery.ts'
import type { View } from '../../../src/renderer/src/views/view.ts'

const view = (
  name: string,
  group: View['group'],
  question: string,
  accepts: View['accepts'],
  words = ''
) => ({ name, group, question, words, accepts }) as View
const views = [
  view('Overview', 'Model', 'What is this model made of?', ['model', 'tensor']),
  view('Head', 'Attention', 'What does each token attend to?', ['head', 'cell']),
  view('Attention', 'Attention', 'Which heads copy?', ['run', 'block'], 'BertViz')
]
const found = (query: string) =>
  galleryGroups(views, query).map(({ name, views }) => [name, ...views.map(({ name }) => name)])

describe('the gallery', () => {
  it('has every view in its group, groups in their order and none that is empty', () => {
    expect(found('')).toEqual([
      ['Model', 'Overview'],
      ['Attention', 'Head', 'Attention']
    ])
  })

  it('finds by name, question, group, what a view takes and what the field calls it', () => {
    expect(found('COPY')).toEqual([['Attention', 'Attention']])
    expect(found('tensor')).toEqual([['Model', 'Overview']])
    expect(found('attention cell')).toEqual([['Attention', 'Head']])
    expect(found('bertviz')).toEqual([['Attention', 'Attention']])
    expect(found('which tensor')).toEqual([])
  })
})
