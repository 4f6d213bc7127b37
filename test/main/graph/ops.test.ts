import { describe, expect, it } from 'vitest'
import { createGraph } from '../../../src/main/graph/graph.ts'
import { isFloating, type OpName, typeText, type Value } from '../../../src/main/graph/ir.ts'
import { ops } from '../../../src/main/graph/ops.ts'
import { cases, type Case } from './cases.ts'
import { bound, evaluate } from './interpreter.ts'
import { distance, gradientTwice, runOnnx, scattered } from './measure.ts'

const lengths = { pos: 3, s0: 1, s1: 1, 'pos-1': 2, 'pos+2': 5, 'pos+4': 7 }

/** Double precision against double precision: what is left is the step's own error. */
const differenceTolerance = 1e-7
/** Single precision against double. */
const onnxTolerance = 1e-5

const rows = Object.entries<readonly Case[]>(cases) as [OpName, readonly Case[]][]

it('has cases for every op of the table', () => {
  const checked = rows.filter(([, list]) => list.length > 0).map(([name]) => name)
  expect(checked.sort()).toEqual(Object.keys(ops).sort())
})

describe.each(rows)('%s', (name, list) => {
  const uses = list.map(use => [use.operands.map(typeText).join(' '), use] as const)

  it.each(uses)('computes %s as ONNX and as defined', async (_, use) => {
    const { graph, output, feeds } = built(name, use)
    graph.output('y', output)
    const expected = evaluate(graph, feeds, lengths)(output)
    const { y } = await runOnnx(graph, feeds)
    expect(y?.shape).toEqual(bound(output.shape, lengths))
    expect(distance(y?.data ?? [], expected.data)).toBeLessThan(onnxTolerance)
  })

  if (!('gradient' in ops[name])) {
    it('has no gradient, its result being no floating number', () => {
      for (const use of list) expect(isReal(built(name, use).output)).toBe(false)
    })
    return
  }

  const smooth = uses.filter(([, use]) => {
    const { output, inputs } = built(name, use)
    return isReal(output) && inputs.some(isReal)
  })
  it.each(smooth)('differentiates %s as finite differences do', async (_, use) => {
    const { graph, output, inputs, feeds } = built(name, use)
    const seed = graph.input('seed', output.type, output.shape)
    const seeded = { ...feeds, seed: scattered(output.shape, lengths, { seed: 99 }) }
    const moving = inputs.filter((input, i) => isReal(input) && !use.operands[i]!.fixed)
    const checks = gradientTwice(graph, output, seed, moving, seeded, lengths)
    for (const { operand, gradient, computed, differences } of checks) {
      expect(typeText(gradient)).toBe(typeText(operand))
      expect(distance(computed, differences)).toBeLessThan(differenceTolerance)
      graph.output(`d ${operand.name}`, gradient)
    }
    const results = await runOnnx(graph, seeded)
    for (const { operand, computed } of checks) {
      const result = results[`d ${operand.name}`]
      expect(result?.shape).toEqual(bound(operand.shape, lengths))
      expect(distance(result?.data ?? [], computed)).toBeLessThan(onnxTolerance)
    }
  })
})

function built(name: OpName, { operands, attributes }: Case) {
  const graph = createGraph()
  const inputs = operands.map(({ type, shape }, i) => graph.input(`x${i}`, type, shape))
  // The table's types pair each op with its attributes; a loop over all of them cannot.
  const output = graph.apply(name, inputs, attributes as never)
  const feeds = Object.fromEntries(
    operands.map(({ shape, data, low = -1.5, high = 1.5 }, i) => [
      `x${i}`,
      data
        ? { shape: bound(shape, lengths), data }
        : scattered(shape, lengths, { seed: i + 1, low, high })
    ])
  )
  return { graph, output, inputs, feeds }
}

function isReal(value: Value): boolean {
  return isFloating(value.type)
}
