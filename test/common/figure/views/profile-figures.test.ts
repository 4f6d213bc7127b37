import { expect, it } from 'vitest'
import { paperLook, type Look } from '#common/figure/look.ts'
import { scoreHistogram } from '#common/figure/score-histogram.ts'
import { histogramData, scoresExtent } from '#common/figure/views/profile-figures.ts'

const look: Look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: false,
  pooling: 'mean'
}
const cells = [0, 0, 0, 5, 3].map((count, i) => ({ low: i / 5, high: (i + 1) / 5, count }))

/** Where the first bar begins, and where uniform attention stands, in CSS pixels. */
function placesOf(baseline: number) {
  const found = { cells, baseline, mean: 0.75, bins: [] }
  const data = histogramData(found, 'max_beyond_first', null, null)
  const drawn = scoreHistogram.panel(data, look, scoreHistogram.natural(data, look))
  if (drawn.kind !== 'map') throw new Error('expected marks')
  const [bar] = drawn.marks.flatMap(mark => (mark.kind === 'rect' ? [mark.x] : []))
  const [line] = drawn.marks.flatMap(mark =>
    mark.kind === 'line' && mark.color === look.faint ? [mark.points[0]![0]] : []
  )
  return { bar: bar!, line: line! }
}

it('has room on its axis for uniform attention where all scores are above it', () => {
  const { bar, line } = placesOf(0.3)
  // Four cells from 0.2 on: 0.3 is half one in, the first bar begins at 0.6.
  expect(bar).toBeGreaterThan(58)
  expect((line - 58) / (bar - 58)).toBeCloseTo(0.5 / 2, 6)
  expect(placesOf(0.7).bar).toBe(58)
})

it('shares its axis with one beside it, uniform attention included', () => {
  expect(scoresExtent({ cells, baseline: 0.3 })).toEqual({ low: 0.3, high: 1 })
  expect(scoresExtent({ cells, baseline: null })).toEqual({ low: 0.6, high: 1 })
})
