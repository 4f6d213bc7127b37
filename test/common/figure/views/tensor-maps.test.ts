import { describe, expect, it } from 'vitest'
import type { Region } from '#common/analysis/tensor-map/region.ts'
import { axis, dataset, variable, type Dataset } from '#common/data/dataset.ts'
import { barRoom } from '#common/figure/color-bar.ts'
import { drawingOf } from '#common/figure/drawing-of.ts'
import { figureSvg } from '#common/figure/figure-svg.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { plainWish } from '#common/figure/presets.ts'
import type { FigureSource } from '#common/figure/views/figure-view.ts'
import { weightRange } from '#common/figure/views/tensor-figures.ts'
import { tensorMaps } from '#common/figure/views/tensor-maps.ts'
import { tensorView } from '#common/figure/views/tensor-view.ts'

const whole = { rows: 10, columns: 20 }
const names = { model: 'm', tensor: 'w' }

/** As `tensor-map` gives it: cell (i, j) holds i + j / 8. */
function mapOf({ rows, columns }: Region, each = 1): Dataset {
  const firsts = ([from, to]: Region['rows']) =>
    Int32Array.from({ length: Math.ceil((to - from) / each) }, (_, i) => from + i * each)
  const [down, across] = [firsts(rows), firsts(columns)]
  const map = Float32Array.from([...down].flatMap(i => [...across].map(j => i + j / 8)))
  const one = (value: number) => ({ axes: [], unit: '', about: '', data: Float64Array.of(value) })
  return dataset(
    { row: axis(down.length), column: axis(across.length) },
    {
      map: { axes: ['row', 'column'], unit: '', about: '', data: map },
      first_row: { axes: ['row'], unit: '', about: '', data: down },
      first_column: { axes: ['column'], unit: '', about: '', data: across },
      rows_each: one(each),
      columns_each: one(each),
      rows_to: one(rows[1]),
      columns_to: one(columns[1]),
      low: one(Math.min(...map)),
      high: one(Math.max(...map)),
      nan: one(0),
      infinite: one(0)
    }
  )
}
const first: Region = { rows: [0, 2], columns: [0, 3] }
const second: Region = { rows: [6, 9], columns: [10, 12] }
const maps = [first, second].map(region => ({ region, result: mapOf(region) }))
const look: Look = {
  ...paperLook,
  ...{ colorMap: 'magma', scale: 'linear', follows: true, pooling: 'maximum' },
  range: weightRange(maps.map(({ result }) => result))
}

describe('parts of a tensor side by side', () => {
  const made = tensorMaps(names, whole, maps, look)
  const svg = figureSvg(made.draw(plainWish))

  it('are each under their range, below what all are of, with one bar of colours', () => {
    expect(made.what).toBe('w [0:2, 0:3; 6:9, 10:12]')
    expect([...svg.matchAll(/>(m · w|[\d:, ]+:[\d:, ]+)</g)].map(([, text]) => text)).toEqual([
      'm · w',
      '0:2, 0:3',
      '6:9, 10:12'
    ])
    expect(svg.match(/>shared range</g)).toHaveLength(1)
    // The highest of all: row 8, column 11.
    expect(look.range).toEqual({ low: -9.375, high: 9.375 })
    expect(svg).toContain('>9.38<')
  })

  it('are the same once they were kept, and lose their title where none is wanted', () => {
    const kept = made.kept()!
    expect(figureSvg(drawingOf(kept).draw(plainWish))).toBe(svg)
    expect(figureSvg(made.draw({ ...plainWish, title: false }))).not.toContain('>m · w<')
  })

  it('fill a width that is asked for, each as it is wide beside the others', () => {
    const drawn = made.draw({ ...plainWish, widthMm: 150 })
    expect(drawn.widthMm).toBeCloseTo(150)
    const widths = (panel: typeof drawn.panel) =>
      panel.kind === 'row' ? panel.parts.map(part => part.panel.width) : []
    const [one = 0, other = 0] = widths(drawn.panel)
    const [own = 0, beside = 0] = widths(made.draw(plainWish).panel)
    // On a page the bar of both lies below the last, which has a margin in its place.
    expect(one / other).toBeCloseTo(own / (beside - barRoom(look) + 8))
  })

  it('have a row a cell as data, with what it stands for', () => {
    const pooled = [first, second].map(region => ({ region, result: mapOf(region, 2) }))
    const data = tensorMaps(names, whole, pooled, look).dataset()
    const read = (name: string) => [...variable(data, name).data]
    expect(data.axes['part']!.labels).toEqual(['0:2, 0:3', '6:9, 10:12'])
    expect(read('of_part')).toEqual([0, 0, 1, 1])
    expect(read('first_row')).toEqual([0, 0, 6, 8])
    expect(read('rows')).toEqual([2, 2, 2, 1])
    expect(read('first_column')).toEqual([0, 2, 10, 10])
    expect(read('columns')).toEqual([2, 1, 2, 2])
    expect(variable(data, 'map').data).toEqual(Float32Array.of(0, 0.25, 7.25, 9.25))
  })
})

it('one part is as the analysis gives it, named where it is not all', () => {
  const made = tensorMaps(names, whole, maps.slice(0, 1), look)
  expect(made.what).toBe('w [0:2, 0:3]')
  expect(made.dataset()).toBe(maps[0]!.result)
  expect(figureSvg(made.draw(plainWish))).toContain('>m · w [0:2, 0:3]<')
  const all = { rows: [0, 10], columns: [0, 20] } as const
  expect(tensorMaps(names, whole, [{ region: all, result: mapOf(all) }], look).what).toBe('w')
})

it('colours of parts without a finite number go as far as those of the others', () => {
  const none = dataset(
    {},
    Object.fromEntries(
      ['low', 'high'].map(name => [
        name,
        { axes: [], unit: '', about: '', data: Float64Array.of(NaN) }
      ])
    )
  )
  expect(weightRange([none, mapOf(first)])).toEqual({ low: -1.25, high: 1.25 })
  expect(weightRange([none])).toEqual({ low: -1, high: 1 })
})

it('the command asks for a map of as many cells as it is told, else of the usual', async () => {
  const asked: unknown[] = []
  const source = {
    ...{
      version: '1',
      model: { name: 'm', fingerprint: 'f', tensors: [{ name: 'w', shape: [10, 20] }] }
    },
    analysis(_: string, params: Readonly<Record<string, unknown>>) {
      asked.push(params.cells)
      return Promise.resolve(mapOf({ rows: [0, 10], columns: [0, 20] }, 4))
    }
  } as unknown as FigureSource
  await tensorView.make(source, { tensor: 'w', cells: [3, 5] })
  await tensorView.make(source, { tensor: 'w' })
  expect(asked).toEqual([
    [3, 5],
    [512, 512]
  ])
})
