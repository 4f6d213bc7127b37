import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { timelineLines, timelinePlot, timelineSteps } from '#common/figure/views/timeline-lines.ts'

const steps = [0, 10, 100]
const variable = (axes: string[], data: number[]) => ({
  ...{ axes: ['checkpoint', ...axes], unit: '', about: '' },
  data: Float64Array.from(data)
})

/** Two layers of two heads at three checkpoints. */
const ofHeads = dataset(
  { checkpoint: axis(['a', 'b', 'c']), layer: axis(['0', '3']), head: axis(2) },
  {
    step: variable(
      ['layer', 'head'],
      steps.flatMap(step => [step, step, step, step])
    ),
    value: variable(['layer', 'head'], [0, 1, 2, 3, 4, 1, NaN, 3, 5, 1, 9, 2])
  }
)

it('has a line a head, which says when it rises most', () => {
  const lines = timelineLines(ofHeads, 'each')
  expect(lines.map(({ name, rise }) => [name, rise])).toEqual([
    ['Head 0.0', 1],
    ['Head 0.1', null],
    ['Head 3.0', null],
    ['Head 3.1', null]
  ])
  expect([...lines[0]!.values]).toEqual([0, 4, 5])
  expect(lines[2]).toMatchObject({ layer: 3, head: 0 })
  expect([...timelineSteps(ofHeads)]).toEqual(steps)
})

it('has by layer the mean of the lines that there are', () => {
  const lines = timelineLines(ofHeads, 'layer')
  expect(lines.map(({ name, values }) => [name, ...values])).toEqual([
    ['Layer 0', 0.5, 2.5, 3],
    ['Layer 3', 2.5, 3, 5.5]
  ])
})

it('names tensors by themselves, with the layer and head that they are of', () => {
  const result = dataset(
    { checkpoint: axis(['a']), tensor: axis(['W_E', 'W_Q 1.2']), quartile: axis(['min', 'max']) },
    {
      step: variable(['tensor', 'quartile'], [7, 7, 7, 7]),
      layer: variable(['tensor', 'quartile'], [NaN, NaN, 1, 1]),
      head: variable(['tensor', 'quartile'], [NaN, NaN, 2, 2]),
      value: variable(['tensor', 'quartile'], [1, 2, 3, 4])
    }
  )
  expect(timelineLines(result, 'each').map(({ name, layer, head }) => [name, layer, head])).toEqual(
    [
      ['W_E · min', null, null],
      ['W_E · max', null, null],
      ['W_Q 1.2 · min', 1, 2],
      ['W_Q 1.2 · max', 1, 2]
    ]
  )
})

it('gives five lines a colour each, and of six none to one without numbers', () => {
  const colorsOf = (lasts: number[]) => {
    const width = lasts.length
    const result = dataset(
      { checkpoint: axis(['a', 'b']), head: axis(width) },
      {
        step: variable(
          ['head'],
          [...Array<number>(width).fill(1), ...Array<number>(width).fill(2)]
        ),
        value: variable(['head'], [...lasts.map(last => (Number.isNaN(last) ? NaN : 0)), ...lasts])
      }
    )
    const look = { words: 'score', title: null, log: false }
    return timelinePlot(timelineLines(result, 'each'), timelineSteps(result), look)
      .series.filter(({ name }) => name !== null)
      .map(({ name }) => name)
  }
  expect(colorsOf([1, 2, 3, 4, 5])).toEqual([0, 1, 2, 3, 4].map(head => `head ${head}`))
  expect(colorsOf([NaN, 1, 2, 3, 4, 5])).toEqual([
    '2 others',
    ...[5, 4, 3, 2].map(head => `head ${head}`)
  ])
})

it('draws of many lines those that move most in colours, and the selected one last', () => {
  const count = 9
  const many = dataset(
    { checkpoint: axis(['a', 'b']), head: axis(count) },
    {
      step: variable(['head'], [...Array<number>(count).fill(1), ...Array<number>(count).fill(2)]),
      value: variable(
        ['head'],
        [...Array<number>(count).fill(0), ...Array.from({ length: count }, (_, i) => -i)]
      )
    }
  )
  const look = { words: 'score', title: null, log: false }
  const named = (selected: number | null) =>
    timelinePlot(timelineLines(many, 'each'), timelineSteps(many), { ...look, selected })
      .series.filter(({ name }) => name !== null)
      .map(({ name, color }) => [name, color])
  expect(named(null)).toEqual([
    ['5 others', 'faint'],
    ['head 8', 0],
    ['head 7', 1],
    ['head 6', 2],
    ['head 5', 3]
  ])
  expect(named(1).at(-1)).toEqual(['head 1', 'accent'])
  expect(named(1)[0]).toEqual(['4 others', 'faint'])
})
