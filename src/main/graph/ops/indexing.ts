import { gather, scatterAdd, zerosLike } from '../expressions.ts'
import type { Ops, Value } from '../ir.ts'
import { commonType, dimension, expect, sameShape } from '../shapes.ts'

/** Rows by index, the places of the largest, and the lengths of axes. */
export const indexing: Ops<'Gather' | 'ScatterAdd' | 'TopK' | 'Size' | 'Range'> = {
  Gather: {
    result: ([data, indices]) => ({ type: data.type, shape: rowsShape(data, indices) }),
    gradient: (g, { inputs: [data, indices] }) => [scatterAdd(zerosLike(data), indices, g), null],
    onnx: () => ({ attributes: { axis: 0 } })
  },

  ScatterAdd: {
    result: ([data, indices, updates]) => {
      const rows = rowsShape(data, indices)
      expect(
        sameShape(updates.shape, rows),
        `expected updates of shape [${rows.join(', ')}], got [${updates.shape.join(', ')}]`
      )
      return { type: commonType([data, updates]), shape: data.shape }
    },
    gradient: (g, { inputs: [, indices] }) => [g, null, gather(g, indices)],
    onnx: ({ inputs: [data, indices, updates] }, scope) => {
      const paths = scope.node({ type: 'Unsqueeze', inputs: [indices, scope.ints([-1])] })
      return { type: 'ScatterND', inputs: [data, paths, updates], attributes: { reduction: 'add' } }
    }
  },

  TopK: {
    result: ([x], { count }) => {
      const length = dimension(x, x.shape.length - 1)
      expect(typeof length === 'number' && count <= length, `cannot take ${count} of ${length}`)
      return { type: 'int64', shape: x.shape.with(-1, count) }
    },
    onnx: ({ inputs: [x], attributes: { count } }, scope) => ({
      output: 1,
      inputs: [x, scope.ints([count])],
      attributes: { axis: -1, largest: 1, sorted: 1 }
    })
  },

  Size: {
    result: ([x], { axis }) => {
      dimension(x, axis)
      return { type: 'int64', shape: [1] }
    },
    onnx: ({ attributes: { axis } }) => ({
      type: 'Shape',
      attributes: { start: axis, end: axis + 1 }
    })
  },

  Range: {
    result: ([x], { axis }) => ({ type: 'int64', shape: [dimension(x, axis)] }),
    onnx: ({ inputs: [x], attributes: { axis } }, scope) => {
      const length = scope.node({
        type: 'Shape',
        inputs: [x],
        attributes: { start: axis, end: axis + 1 }
      })
      const limit = scope.node({ type: 'Squeeze', inputs: [length] })
      return { inputs: [scope.int(0), limit, scope.int(1)] }
    }
  }
}

function rowsShape(data: Value, indices: Value) {
  expect(data.shape.length > 0, 'expected data with rows, got a scalar')
  expect(
    indices.type === 'int64' || indices.type === 'int32',
    `expected integer indices, got ${indices.type}`
  )
  return [...indices.shape, ...data.shape.slice(1)]
}
