import { describe, expect, it } from 'vitest'
import { beyondMarks, marksOf } from '#common/figure/data-limits.ts'
import type { ChartPanel } from '#common/figure/figure-kind.ts'

type Option = ChartPanel['option']
const chart = (option: Option): ChartPanel => ({
  ...{ kind: 'chart', width: 100, height: 100, ratio: 1, paper: '#fff', option },
  ...({} as Omit<ChartPanel, 'kind' | 'option'>)
})
const many = (count: number) => Array.from({ length: count }, (_, i) => i)

/** Counted by hand: how many marks of a map take as long to write. */
describe('what a chart takes, in marks', () => {
  it.each<readonly [what: string, option: Option, marks: number]>([
    ['nothing', {}, 0],
    ['a point of a line', { series: { type: 'line', data: many(7) } }, 7],
    ['a bar, which has states of its own', { series: [{ type: 'bar', data: many(7) }] }, 35],
    ['a point of many that are drawn as one', { series: { type: 'scatter', large: true, data: many(7) } }, 7], // prettier-ignore
    ['a line across a chart, with its name', { series: { type: 'line', data: many(7), markLine: { data: many(3).map(xAxis => ({ xAxis })) } } }, 37], // prettier-ignore
    ['boxes and words, each compared with all before it', { graphic: many(5000).map(() => ({ type: 'text' as const })) }, 5000], // prettier-ignore
    ['half as many of them: a quarter', { graphic: many(2500).map(() => ({ type: 'text' as const })) }, 1250], // prettier-ignore
    ['several series', { series: [{ type: 'line', data: many(2) }, { type: 'bar', data: many(1) }] }, 7] // prettier-ignore
  ])('%s', (_, option, marks) => {
    expect(marksOf(chart(option))).toBe(marks)
  })

  it('may be 250,000 in all', () => {
    expect(beyondMarks(250_000)).toBeNull()
    expect(beyondMarks(250_001)).toBe('over 250,000 marks')
  })
})
