import { expect, it } from 'vitest'
import { facesFor, figureFaces } from '../../../src/main/figure/fonts.ts'

const all = await figureFaces()
/** Of the face of each family that is looked at first. */
const weights = (names: string, weight: number) => {
  const faces = facesFor(all, names, weight).toReversed()
  return Object.fromEntries(faces.map(({ family, weight }) => [family, weight]))
}

it.each([
  [400, { Inter: 400, 'JetBrains Mono': 400, Tinos: 400, 'DejaVu Sans Mono': 400 }],
  [500, { Inter: 400, 'JetBrains Mono': 500, Tinos: 400, 'DejaVu Sans Mono': 400 }],
  [600, { Inter: 600, 'JetBrains Mono': 600, Tinos: 700, 'DejaVu Sans Mono': 700 }],
  [700, { Inter: 700, 'JetBrains Mono': 700, Tinos: 700, 'DejaVu Sans Mono': 700 }]
])('letters of weight %i are in the weight of each family that is nearest', (weight, expected) => {
  expect(weights("Inter, 'JetBrains Mono Variable', Tinos", weight)).toMatchObject(expected)
})

it.each(["Inter, 'Noto Sans Hebrew'", 'Tinos', "'JetBrains Mono'", "'CMU Serif', Tinos"])(
  'space the digits of a number in %s as beside a word',
  names => {
    const [face] = facesFor(all, names, 400)
    const advances = (text: string) =>
      face!.font.layout(text).positions.map(({ xAdvance }) => xAdvance)
    expect(advances('7.1')).toEqual(advances('a 7.1').slice(2))
    expect(advances('0.1')).toEqual(advances('a 0.1').slice(2))
  }
)
