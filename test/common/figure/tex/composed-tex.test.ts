import { describe, expect, it } from 'vitest'
import { attentionMap } from '#common/figure/attention-map.ts'
import { barChart } from '#common/figure/bar-chart.ts'
import { depthScores } from '#common/figure/depth-scores.ts'
import { drawing } from '#common/figure/drawing.ts'
import { headMap } from '#common/figure/head-map.ts'
import { headScatter } from '#common/figure/head-scatter.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { modelLines } from '#common/figure/model-lines.ts'
import { offsetCurve } from '#common/figure/offset-curve.ts'
import {
  drawnPanels,
  type OpenedPanel,
  type PanelsLayout
} from '#common/figure/panels/drawn-panels.ts'
import { figureTex } from '#common/figure/tex/figure-tex.ts'
import { texFaults } from './tex-faults.ts'

const look: Look = {
  ...paperLook,
  ...{ colorMap: 'viridis', scale: 'linear', follows: true, pooling: 'maximum' },
  range: { low: -1, high: 1 }
}
const layout: PanelsLayout = {
  name: 'Page',
  ...{ preset: 'icml', widthMm: 171.45, points: null, font: 'sans', background: 'paper' },
  ...{ columns: 2, lettering: '(a)' }
}
/** All that TeX takes for a command, and what it has other letters for. */
const hostile = '}{\\input{/etc/passwd}%$&#_^~<|"> “a”’ − → ↵ · ⇥ √ ⟨1⟩ × ≤ … ⋯ ● ◆ – של'
const texts = ['<s>', hostile, 'שלום', '日本']
const axis = { name: hostile, baselines: [0.05] }
const layers = [{ layer: 0, depth: 0, values: [0.2], mean: 0.2, max: 0.2 }]

const drawings: readonly OpenedPanel['drawing'][] = [
  drawing(
    attentionMap,
    {
      ...{ title: null, pattern: new Float32Array(16).fill(0.5), quantity: 'weight', unit: null },
      tokens: texts.map(text => ({ piece: text, text, special: false })),
      ...{ visibility: null, firstHidden: false, mirrored: false, view: null, profiles: null },
      marked: { queries: [1], keys: [2] }
    },
    look
  ),
  drawing(
    headMap,
    {
      ...{ title: null, name: hostile, quantity: 'difference', layers: [0, 1], heads: 2 },
      values: [0, 0.5, 1, NaN]
    },
    look
  ),
  drawing(
    modelLines,
    {
      ...{ title: null, note: hostile, quantity: 'weight', heads: 1, group: 1, mirrored: false },
      cells: [{ layer: 0, head: 0, rows: 2, lines: [{ query: 1, key: 0, weight: 1 }], high: 1 }]
    },
    look
  ),
  drawing(
    barChart,
    { title: null, bars: [{ label: hostile, value: 3, notes: [hostile], color: 0 }] },
    look
  ),
  drawing(
    offsetCurve,
    {
      title: null,
      quantity: 'weight' as const,
      values: [0.5, NaN, 0.25],
      uniform: [0.1, 0.1, 0.1],
      best: 2
    },
    look
  ),
  drawing(
    headScatter,
    {
      ...{ title: null, nLayers: 2, x: axis, y: axis, distances: null },
      points: [{ layer: 1, head: 0, x: 0.3, y: 0.6, group: null }]
    },
    look
  ),
  drawing(
    depthScores,
    {
      ...{ title: null, name: hostile },
      sides: ['one', hostile].map(name => ({ name, baseline: null, layers }))
    },
    look
  )
]

function page(drawings: readonly OpenedPanel['drawing'][]): string {
  const panels = drawings.map(drawing => ({ title: hostile, columns: 1, drawing }))
  return figureTex(drawnPanels(layout, panels), hostile, [hostile])
}

describe('a composed page in TeX', () => {
  it('has what it opens closed, and no macro but those of pgfplots, with each kind alone', () => {
    for (const drawing of drawings) expect(texFaults(page([drawing]))).toEqual([])
  })

  it('is one picture of all of its panels', () => {
    const picture = page(drawings)
    expect(texFaults(picture)).toEqual([])
    expect(picture.match(/\\begin\{tikzpicture\}/g)).toHaveLength(1)
    expect(picture).toContain('\\usepackage{pgfplots}')
    for (const letter of 'abcdefg') expect(picture).toContain(`(${letter}) `)
  })
})

describe('faults of TeX', () => {
  it('are found, each with its line', () => {
    const faultsOf = (line: string) => texFaults(`\\begin{axis}\n${line}\n\\end{axis}`)
    expect(faultsOf('\\node at (0,0) {50 \\% of a\\_b}; % }')).toEqual([])
    expect(faultsOf('\\input{x}')).toEqual(['line 2: \\input is of no package that is loaded'])
    expect(faultsOf('\\node {a_b};')).toEqual(['line 2: _ stands bare'])
    expect(faultsOf('}')).toContain('line 2: { ends where axis began')
    expect(faultsOf('\\node {a;')).toContain('line 3: axis ends where { began')
    expect(faultsOf('\\begin{tabular}')).toContain('line 2: the environment tabular is not known')
    expect(texFaults('\\begin{axis}')).toEqual(['axis does not end'])
    expect(texFaults('(NaN,0)')).toEqual(['a number is not known'])
  })
})
