import { expect, it } from 'vitest'
import { attentionLines, type AttentionLinesData } from '#common/figure/attention-lines.ts'
import { barChart, type BarChartData } from '#common/figure/bar-chart.ts'
import { drawing, type KeptDrawing } from '#common/figure/drawing.ts'
import { drawingDifference } from '#common/figure/drawing-difference.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { tokenBars, type TokenBarsData } from '#common/figure/token-bars.ts'

const look: Look = {
  ...paperLook,
  ...{ colorMap: 'viridis', scale: 'linear', follows: true, pooling: 'mean' },
  range: { low: 0, high: 1 }
}
const bars = (...values: number[]): KeptDrawing => {
  const all = values.map(value => ({ label: 'Embedding', value, notes: [], color: 0 }))
  const data: BarChartData = { title: null, bars: all }
  return drawing(barChart, data, look).kept()!
}
const token = { id: 1, text: 'a', piece: 'a', start: 0, end: 1, special: false }
const tokens = (value: number, marked: number[]): KeptDrawing => {
  const data = {
    ...{ title: null, tokens: [token], values: Float32Array.of(value), high: 1, low: 0 },
    ...{ unit: 'nats', ranks: null, mirrored: false, scrolled: null, marked }
  } as unknown as TokenBarsData
  return drawing(tokenBars, data, look).kept()!
}

it('is the largest of numbers in lists and arrays, whatever was pointed at', () => {
  expect(drawingDifference(bars(1, 2), bars(1, 2))).toBe(0)
  expect(drawingDifference(bars(0.5, 2), bars(0.75, 3))).toBe(0.5)
  expect(drawingDifference(tokens(0.5, []), tokens(0.75, [0]))).toBe(0.25)
})

it('is none of what is drawn of no numbers', () => {
  expect(drawingDifference(bars(), bars())).toBeNull()
})

it('is told in words where more, fewer or other things are drawn', () => {
  expect(() => drawingDifference(bars(1, 2), bars(1))).toThrow('1 numbers, expected 2')
  expect(() => drawingDifference(bars(1), bars())).toThrow('0 numbers, expected 1')
  expect(() => drawingDifference(bars(1), tokens(1, []))).toThrow(/is drawn as token-bars/)
})

it('is told where the new one alone has numbers, or has other words', () => {
  expect(() => drawingDifference(bars(), bars(1))).toThrow('1 numbers, expected 0')
  const named = (...labels: string[]): KeptDrawing => {
    const all = labels.map(label => ({ label, value: 0.5, notes: [], color: 0 }))
    return drawing(barChart, { title: labels.join(), bars: all }, look).kept()!
  }
  expect(() => drawingDifference(named('a', 'b'), named('a', 'c'))).toThrow('has other words')
  expect(drawingDifference(named('a', 'b'), named('b', 'a'))).toBe(0)
})

it('takes lines by what they join, and one that a rounding leaves out as the weakest that is drawn', () => {
  const lines = (...all: (readonly [query: number, key: number, weight: number])[]) => {
    const data: AttentionLinesData = {
      ...{ title: null, tokens: [token, token, token], first: 0, rows: 3, note: '' },
      ...{ heads: [{ name: 'Head 0.0', color: 0 }], quantity: 'weight', mirrored: false },
      lines: all.map(([query, key, weight]) => ({ query, key, weight, head: 0 })),
      marked: { query: null, key: null }
    }
    return drawing(attentionLines, data, look).kept()!
  }
  const own = lines([1, 0, 0.25], [2, 1, 0.5], [2, 0, 0.5])
  expect(drawingDifference(own, lines([1, 0, 0.25], [2, 0, 0.5], [2, 1, 0.5]))).toBe(0)
  expect(drawingDifference(own, lines([1, 1, 0.25], [2, 1, 0.5], [2, 0, 0.5]))).toBe(0)
  expect(drawingDifference(own, lines([2, 1, 0.5], [2, 0, 0.5]))).toBe(0)
  expect(drawingDifference(own, lines([1, 0, 0.25], [2, 1, 0.5], [0, 0, 0.5]))).toBe(0.25)
  expect(drawingDifference(own, lines([1, 0, 0.25], [2, 1, 0.5], [2, 0, 0.75]))).toBe(0.25)
  expect(drawingDifference(lines(), lines())).toBe(0)
})
