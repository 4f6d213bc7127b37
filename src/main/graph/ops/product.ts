import { matMul, transpose } from '../expressions.ts'
import type { Ops, Value } from '../ir.ts'
import { broadcastShape, commonType, dimension, expect, sameShape } from '../shapes.ts'
import { unbroadcast } from '../unbroadcast.ts'

/** Matrix products. */
export const product: Ops<'MatMul' | 'Gemm'> = {
  MatMul: {
    result: ([a, b]) => {
      expect(a.shape.length >= 2 && b.shape.length >= 2, 'expected operands of rank 2 or more')
      const inner = dimension(a, a.shape.length - 1)
      const other = dimension(b, b.shape.length - 2)
      expect(inner === other, `inner dimensions ${inner} and ${other} differ`)
      const batch = broadcastShape([a.shape.slice(0, -2), b.shape.slice(0, -2)])
      const rows = dimension(a, a.shape.length - 2)
      const columns = dimension(b, b.shape.length - 1)
      return { type: commonType([a, b]), shape: [...batch, rows, columns] }
    },
    gradient: (g, { inputs: [a, b] }) => [
      unbroadcast(matMul(g, transposed(b)), a),
      unbroadcast(matMul(transposed(a), g), b)
    ]
  },

  Gemm: {
    result: ([a, b, bias], { transA, transB }) => {
      expect(a.shape.length === 2 && b.shape.length === 2, 'expected matrices')
      const [rows, inner] = transA ? [1, 0] : [0, 1]
      const [other, columns] = transB ? [1, 0] : [0, 1]
      const [left, right] = [dimension(a, inner), dimension(b, other)]
      expect(left === right, `inner dimensions ${left} and ${right} differ`)
      const shape = [dimension(a, rows), dimension(b, columns)]
      expect(
        !bias || sameShape(broadcastShape([bias.shape, shape]), shape),
        `the bias does not broadcast to [${shape.join(', ')}]`
      )
      return { type: commonType(bias ? [a, b, bias] : [a, b]), shape }
    },
    gradient: (g, { inputs: [a, b, bias], attributes: { transA, transB } }) => [
      transA ? gemm(b, transB, g, true) : gemm(g, false, b, !transB),
      transB ? gemm(g, true, a, transA) : gemm(a, !transA, g, false),
      bias ? unbroadcast(g, bias) : null
    ],
    onnx: ({ attributes: { transA, transB } }) => ({
      attributes: { transA: Number(transA), transB: Number(transB) }
    })
  }
}

function gemm(a: Value, transA: boolean, b: Value, transB: boolean): Value {
  return a.graph.apply('Gemm', [a, b], { transA, transB })
}

function transposed(x: Value): Value {
  const axes = x.shape.map((_, axis) => axis)
  const rank = axes.length
  return transpose(x, [...axes.slice(0, -2), rank - 1, rank - 2])
}
