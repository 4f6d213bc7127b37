import { describe, expect, it } from 'vitest'
import { typedLabel } from '#common/model/labels.ts'

const labels = ['O', 'B-PER', 'b-per', 'I-ORG', '#2']
const idOf = (typed: string) => {
  const found = typedLabel(labels, typed)
  return typeof found === 'string' ? found : found.id
}

describe('a label that is typed', () => {
  it.each([
    ['B-PER', 1],
    ['b-per', 2],
    [' i-org ', 3],
    ['#3', 3],
    // A name before a number.
    ['#2', 4]
  ])('“%s” is number %i', (typed, id) => expect(idOf(typed)).toBe(id))

  it.each([
    ['LOC', 'There is no label “LOC”: this model has “O”, “B-PER”, “b-per”, “I-ORG” and 1 more'],
    ['#5', /no label “#5”/],
    ['B-Per', '2 labels are “B-Per” but for capitals: type one of them as it is']
  ])('“%s” is none', (typed, why) => expect(idOf(typed)).toMatch(why))

  it('has its name as text and spelling', () => {
    expect(typedLabel(labels, 'O')).toMatchObject({ id: 0, piece: 'O', text: 'O' })
  })
})
