import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import { weightMapOf } from '#common/figure/views/tensor-figures.ts'
import { mapFormats } from '../../../../src/renderer/src/views/tensor/tensor-formats.ts'
import { model } from '../../fake-client.ts'

it('tells of maps the range, the pooling and the cells that they were asked for with, whatever is chosen by now', () => {
  const one = (value: number) => ({ axes: [], unit: '', about: '', data: Float64Array.of(value) })
  const along = (axes: string[]) => ({ axes, unit: '', about: '', data: Int32Array.of(0) })
  const result = dataset(
    { row: axis(1), column: axis(1) },
    {
      map: { ...along(['row', 'column']), data: Float32Array.of(1) },
      ...{ first_row: along(['row']), first_column: along(['column']) },
      ...{ rows_each: one(1), columns_each: one(1), rows_to: one(1), columns_to: one(1) },
      ...{ low: one(1), high: one(1), nan: one(0), infinite: one(0) }
    }
  )
  const letters = model('letters')
  const region = { rows: [0, 1], columns: [0, 1] } as const
  const panes = [{ id: 1, region }]
  const shown = {
    ...{ model: letters, tensor: 'w', whole: { rows: 1, columns: 1 }, panes },
    ...{ down: 256, across: 896 },
    ...{ pooling: 'mean' as const, wholeRange: true, range: { low: -1, high: 1 } },
    maps: panes.map(pane => ({ ...pane, result, data: weightMapOf(result, null) }))
  }
  const saved = { model: letters, modelName: 'letters', tensor: 'w', version: '1.0.0' }
  const now = { ...plainLook, follows: true, pooling: 'maximum' as const }
  const [figure] = mapFormats(saved, shown, now).filter(format => format.is === 'figure')
  expect(figure).toMatchObject({
    from: { again: { params: { range: 'fixed', pooling: 'mean', cells: [256, 896] } } }
  })
})
