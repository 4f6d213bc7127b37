import { expect, it } from 'vitest'
import { layersText } from '#common/text/layers-text.ts'

it.each([
  [[3], 'Layer 3'],
  [[0, 1, 2], 'Layers 0–2'],
  [[0, 2], 'Layers 0, 2'],
  [[0, 2, 4, 6], 'Layers 0, 2, … 6'],
  [[0, 1, 2, 4, 6, 7], 'Layers 0–2, 4, 6–7'],
  [[0, 2, 5, 7, 10, 12, 15, 17, 20], 'Layers 0, 2, 5, 7, 10, 12, 15, 17, …']
])('says layers %j as %s', (layers, words) => {
  expect(layersText(layers)).toBe(words)
})
