import { pad, reshape, slice, transpose } from '../expressions.ts'
import type { Calls, Dim, Ops, Value } from '../ir.ts'
import {
  broadcastShape,
  commonType,
  dimension,
  expect,
  sameCount,
  sameShape,
  sumOf
} from '../shapes.ts'
import { unbroadcast } from '../unbroadcast.ts'

type Name = 'Reshape' | 'Transpose' | 'Expand' | 'Concat' | 'Slice' | 'Pad'

/** The same elements elsewhere. */
export const layout: Ops<Name> = {
  Reshape: {
    result: ([x], { shape }) => {
      expect(sameCount(x.shape, shape), `cannot hold the same elements as [${shape.join(', ')}]`)
      return { type: x.type, shape }
    },
    gradient: (g, { inputs: [x] }) => [reshape(g, x.shape)],
    onnx: ({ inputs: [x], attributes: { shape } }, scope) => ({
      inputs: [x, symbols(shape) > 1 ? scope.shape(shape) : scope.ints(shape.map(inferred))]
    })
  },

  Transpose: {
    result: ([x], { perm }) => {
      const sorted = [...perm].sort((a, b) => a - b)
      expect(
        sameShape(
          sorted,
          x.shape.map((_, axis) => axis)
        ),
        `[${perm.join(', ')}] is no order of its axes`
      )
      return { type: x.type, shape: perm.map(axis => dimension(x, axis)) }
    },
    gradient: (g, { attributes: { perm } }) => [
      transpose(
        g,
        perm.map((_, axis) => perm.indexOf(axis))
      )
    ],
    onnx: ({ attributes: { perm } }) => ({ attributes: { perm } })
  },

  Expand: {
    result: ([x], { shape }) => {
      expect(
        sameShape(broadcastShape([x.shape, shape]), shape),
        `does not broadcast to [${shape.join(', ')}]`
      )
      return { type: x.type, shape }
    },
    gradient: (g, { inputs: [x] }) => [unbroadcast(g, x)],
    onnx: ({ inputs: [x], attributes: { shape } }, scope) => ({ inputs: [x, scope.shape(shape)] })
  },

  Concat: {
    result: (values, { axis }) => {
      const [first] = values
      expect(first !== undefined, 'expected an operand')
      const others = (value: Value) => value.shape.filter((_, other) => other !== axis)
      expect(
        values.every(value => sameShape(others(value), others(first))),
        `expected shapes that differ in axis ${axis} only`
      )
      const lengths = values.map(value => dimension(value, axis))
      return { type: commonType(values), shape: first.shape.with(axis, total(lengths)) }
    },
    gradient: (g, { inputs, attributes: { axis } }) => {
      const lengths = inputs.map(value => dimension(value, axis))
      return lengths.map((_, part) => slice(g, axis, ...bounds(lengths, part)))
    },
    onnx: ({ attributes: { axis } }) => ({ attributes: { axis } })
  },

  Slice: {
    result: ([x], { axis, start, end }) => {
      const length = sliceLength(dimension(x, axis), start, end)
      return { type: x.type, shape: x.shape.with(axis, length) }
    },
    gradient: (g, { inputs: [x], attributes }) => [pad(g, attributes.axis, ...cut(x, attributes))],
    onnx: ({ inputs: [x], attributes: { axis, start, end } }, scope) => ({
      inputs: [
        x,
        scope.ints([start]),
        scope.ints([end ?? Number.MAX_SAFE_INTEGER]),
        scope.ints([axis])
      ]
    })
  },

  Pad: {
    result: ([x], { axis, before, after }) => {
      expect(before >= 0 && after >= 0, `cannot pad by ${before} and ${after}`)
      return { type: x.type, shape: x.shape.with(axis, sumOf(dimension(x, axis), before + after)) }
    },
    gradient: (g, { attributes: { axis, before, after } }) => [
      slice(g, axis, before, after === 0 ? null : -after)
    ],
    onnx: ({ inputs: [x], attributes: { axis, before, after } }, scope) => ({
      inputs: [x, scope.ints([before, after]), '', scope.ints([axis])]
    })
  }
}

function symbols(shape: readonly Dim[]): number {
  return shape.filter(dim => typeof dim === 'string').length
}

function inferred(dim: Dim): number {
  return typeof dim === 'number' ? dim : -1
}

function total(lengths: readonly Dim[]): Dim {
  return lengths.reduce(sumOf, 0)
}

/** Where one part of a concatenation starts and ends, counted from whichever end is a number away. */
function bounds(lengths: readonly Dim[], part: number): [start: number, end: number | null] {
  const before = total(lengths.slice(0, part))
  const after = total(lengths.slice(part + 1))
  const start = typeof before === 'number' ? before : -known(total(lengths.slice(part)))
  if (typeof after === 'number') return [start, after === 0 ? null : -after]
  return [start, start + known(lengths[part]!)]
}

function known(length: Dim): number {
  expect(typeof length === 'number', `no gradient for a part that is ${length} long`)
  return length
}

function sliceLength(dim: Dim, start: number, end: number | null): Dim {
  if (typeof dim === 'number') {
    const from = start < 0 ? start + dim : start
    const to = end === null ? dim : end < 0 ? end + dim : end
    expect(0 <= from && from <= to && to <= dim, `${start} to ${end ?? 'end'} is outside ${dim}`)
    return to - from
  }
  const fromEnd = end === null || end < 0
  expect(start >= 0 || fromEnd, `the length of ${start} to ${end} of ${dim} is unknown`)
  if (start >= 0 && fromEnd) return sumOf(dim, (end ?? 0) - start)
  const length = (end ?? 0) - start
  expect(length >= 0, `${start} to ${end ?? 'end'} is no range`)
  return length
}

/** How much a slice left out before and after. */
function cut(x: Value, { axis, start, end }: Calls['Slice']['attributes']): [number, number] {
  const dim = dimension(x, axis)
  const before = typeof dim === 'number' && start < 0 ? start + dim : start
  const after = end === null ? 0 : end < 0 ? -end : typeof dim === 'number' ? dim - end : -1
  expect(
    before >= 0 && after >= 0,
    `no gradient for a slice from ${start} to ${end ?? 'end'} of ${dim}`
  )
  return [before, after]
}
