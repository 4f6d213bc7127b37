import { describe, expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { layerSizesPlot } from '#common/figure/views/layer-sizes-plot.ts'

/** Tensors by name, each with its layer and how large it is beside the others. */
function sizes(tensors: Readonly<Record<string, readonly [layer: number, ratio: number]>>) {
  const own = Object.values(tensors)
  const single = (at: 0 | 1) => ({
    ...{ axes: ['tensor'], unit: '', about: '' },
    data: Float64Array.from(own, values => values[at])
  })
  return dataset(
    { tensor: axis(Object.keys(tensors)) },
    { layer: single(0), size_ratio: single(1) }
  )
}

describe('sizes by layer', () => {
  it('are a line for each tensor that layers have, those beyond a threshold named', () => {
    const data = layerSizesPlot(
      sizes({
        ...{ wte: [NaN, NaN], 'h.10.fc.weight': [10, 0.9], 'h.2.fc.weight': [2, 1.1] },
        ...{ 'h.2.ln.weight': [2, 1], 'h.10.ln.weight': [10, 4], 'h.2.fc.bias': [2, NaN] }
      }),
      'title'
    )!
    expect(data.series.map(({ name, color, x, y }) => [name, color, [...x], [...y]])).toEqual([
      ['1 other', 'faint', [2, 10], [1.1, 0.9]],
      ['ln.weight', 0, [2, 10], [1, 4]]
    ])
    expect(data.lines.map(({ at }) => at)).toEqual([3, 1 / 3, 10])
  })

  it('are none where nothing is alike in layers', () => {
    expect(layerSizesPlot(sizes({ wte: [NaN, NaN], 'h.0.fc': [0, NaN] }), null)).toBeNull()
  })
})
