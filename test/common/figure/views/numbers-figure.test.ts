import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { numbersFigure } from '#common/figure/views/numbers-figure.ts'

const variable = (axes: string[], data: Float64Array | Int32Array, unit = '') => ({
  ...{ axes, data, unit },
  about: 'what it is'
})
const axes = { a: axis(2), b: axis(3), one: axis(1), named: axis(['x', 'y']), long: axis(200) }
const kinds = (variables: Parameters<typeof dataset>[1]) => {
  const figure = numbersFigure(dataset(axes, variables), 'm')
  return figure && [figure.what, ...figure.kept()!.parts.map(({ kind }) => kind)]
}
const few = Float64Array.of(1, 2)

it('draws numbers by their axes: as bars with names, as dots or a line, as a map', () => {
  expect(kinds({ n: variable(['named'], few) })).toEqual(['n, what it is', 'signed-bars'])
  expect(kinds({ n: variable(['one', 'a'], few) })).toEqual(['n, what it is', 'line-plot'])
  const map = variable(['a', 'one', 'b'], Float64Array.of(1, 2, 3, 4, 5, -6))
  expect(kinds({ n: map })).toEqual(['n, what it is', 'weight-map'])
})

it('draws the first that says something, and ids only where there is nothing else', () => {
  const same = variable(['a'], Float64Array.of(50, 50))
  const ids = variable(['a'], Int32Array.of(7, 9))
  const none = variable(['a'], Float64Array.of(NaN, NaN))
  expect(kinds({ ids, same, none, p: variable(['named'], few) })?.[0]).toBe('p, what it is')
  expect(kinds({ same, ids })?.[0]).toBe('ids, what it is')
  const single = variable([], Float64Array.of(1))
  expect(kinds({ same, none, single })).toBeNull()
})

it('draws a long one as a line', () => {
  const data = numbersFigure(
    dataset(axes, {
      n: variable(
        ['long'],
        Float64Array.from({ length: 200 }, (_, i) => i),
        'nats'
      )
    }),
    'm'
  )!.kept()!.parts[0]!.data as { series: { shape: string }[]; y: { name: string }; title: string }
  expect(data.series.map(({ shape }) => shape)).toEqual(['line'])
  expect([data.y.name, data.title]).toEqual(['n, nats', 'm · n'])
})
