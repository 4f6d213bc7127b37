import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { depthKinds } from '#common/figure/depth-kinds.ts'
import { drawingOf } from '#common/figure/drawing-of.ts'
import { drawnFigure, type DrawnFigure } from '#common/figure/drawn-figure.ts'
import type { FigureKind } from '#common/figure/figure-kind.ts'
import { headMap } from '#common/figure/head-map.ts'
import { linePlot, type LinePlotData } from '#common/figure/line-plot.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { panelContent } from '#common/figure/panels/panel-content.ts'
import { sessionFigures } from '#common/figure/panels/session-figure.ts'
import { plainWish } from '#common/figure/presets.ts'
import { scoreHistogram } from '#common/figure/score-histogram.ts'
import { scoreRow } from '#common/figure/score-row.ts'
import { signedBars } from '#common/figure/signed-bars.ts'
import { tokenGrid, type TokenGridData } from '#common/figure/token-grid.ts'
import { tokenBars, type TokenBarsData } from '#common/figure/token-bars.ts'

const look: Look = {
  ...paperLook,
  ...({ colorMap: 'viridis', scale: 'linear', follows: false, pooling: 'maximum' } as const),
  range: { low: 0, high: 1 }
}
function drawn<D extends { readonly title: string | null }>(
  kind: FigureKind<D>,
  data: D
): DrawnFigure {
  return drawnFigure(kind, data, look, plainWish)
}

const numbers = (...all: number[]) => Float64Array.from(all)
const axis = { log: false, span: null }
const plot: LinePlotData = {
  title: null,
  x: { ...axis, name: 'weight' },
  y: { ...axis, name: 'how many' },
  series: [
    { name: 'weights', shape: 'bars', color: 'bar', x: numbers(-1, 0, 1), y: numbers(2, 8, 0.01), width: 1 }, // prettier-ignore
    { name: 'normal', shape: 'line', color: 'accent', x: numbers(-1, 0, 0.5, 1.5, 2), y: numbers(2.5, 7, NaN, 3, NaN), width: 0 }, // prettier-ignore
    { name: 'seen', shape: 'dots', color: 1, x: numbers(-0.5, 0.5), y: numbers(1, 6), width: 0 }
  ],
  lines: [{ name: 'mean', axis: 'x', at: 0.4 }]
}
const boxes: LinePlotData = {
  ...plot,
  lines: [],
  series: [
    {
      ...{ name: 'heads', shape: 'boxes', color: 'bar', width: 0.6 },
      ...{ x: numbers(0, 1), y: numbers(2, 20) },
      spread: { min: numbers(0.5, 1), q1: numbers(1, 10), q3: numbers(3, 30), max: numbers(9, 90) }
    }
  ]
}
const bars: TokenBarsData = {
  ...{ title: null, unit: 'surprisal, nats', high: 4, low: 0, ranks: null, scrolled: null },
  tokens: ['a', ' ', 'b', 'c'].map(text => ({ piece: text, text, special: false })),
  values: Float64Array.of(NaN, 4, 1, 0.003),
  ...{ marked: [2], mirrored: false }
}
const bar = (label: string, value: number) => ({ label, value, spread: null, isSum: false })
const signed = [
  bar('heads_1', 3),
  { ...bar('norm', -1), spread: 0.5 },
  bar('none', NaN),
  bar('little', 0.0004),
  { ...bar('“all”', 2), isSum: true }
]
const kinds = [2, 1].map((count, layer) => ({ layer, counts: [count, 0, 4 - count] }))

const heads = {
  ...({ title: null, name: 'induction', quantity: 'weight' } as const),
  ...{ layers: [4, 5], heads: 3, values: [0, 0.5, 1, NaN, 0.25, 0.0003] }
}

const grid: TokenGridData = {
  ...{ title: null, rows: ['1', 'embed'], rowsName: 'after block', from: 20, expected: null },
  tokens: bars.tokens.slice(0, 3),
  cells: ['b', 'x', 'y', 'a', 'b', 'c'].map(text => ({ piece: text, text, special: false })),
  ...{ values: Float32Array.of(0.5, 0.25, NaN, 0.125, 0, 1), hits: new Uint8Array(6) },
  ...{ unit: 'probability', ranks: null, scrolled: null, marked: [], mirrored: false }
}

/** Figures of values between axes, each kind more than once where that has more than one form. */
export const plotFigures = {
  'line-plot': drawn(linePlot, plot),
  'line-plot, boxes on logarithms': drawn(linePlot, { ...boxes, y: { ...boxes.y, log: true } }),
  'token-bars': drawn(tokenBars, bars),
  'token-bars, from the right': drawn(tokenBars, { ...bars, mirrored: true }),
  'token-bars, signed': drawn(tokenBars, { ...bars, low: -4, values: Float64Array.of(NaN, 4, -1, 0) }), // prettier-ignore
  'token-bars, ranks': drawn(tokenBars, { ...bars, ranks: 100, values: Float64Array.of(NaN, 99, 9, 0) }), // prettier-ignore
  'signed-bars': drawn(signedBars, { title: null, name: 'logits', bars: signed }),
  'score-histogram': drawn(scoreHistogram, {
    ...{ title: null, name: 'induction', lit: null, lines: [], counts: 'queries' },
    cells: [4, 0, 800, 1].map((count, i) => ({ low: i / 4, high: (i + 1) / 4, count })),
    bins: [{ low: 0, high: 1 }]
  }),
  'score-row': drawn(scoreRow, {
    ...{ title: null, tokens: bars.tokens, mirrored: false, selected: 1, hovered: null },
    scores: [1, 2, -3, -Infinity],
    ...{ weights: [0.2, 0.79, 0.0006, 0], logsumexp: 2.3 }
  }),
  'depth-kinds': drawn(depthKinds, {
    ...{ title: null, kinds: ['induction', 'self', 'none'] },
    sides: [{ name: 'a model', layers: kinds }]
  }),
  'head-map': drawn(headMap, heads),
  'token-grid': drawn(tokenGrid, grid),
  'token-grid, from the right': drawn(tokenGrid, { ...grid, mirrored: true }),
  'head-map, one layer': drawn(headMap, { ...heads, layers: [4], values: [0, 0.5, 1] })
} as const

/** Figures of a session, each kind of them once. */
export async function keptFigures(): Promise<ReadonlyMap<string, DrawnFigure>> {
  const kept = readFileSync(join(import.meta.dirname, '../panels/kept-figure.json'), 'utf8')
  const [figure] = sessionFigures(JSON.parse(kept) as unknown[])
  const contents = await Promise.all(figure!.panels.map(({ content }) => panelContent(content)))
  return new Map(
    contents.map(({ drawing }) => [
      drawing.parts.map(({ kind }) => kind).join(' '),
      drawingOf(drawing).draw(plainWish)
    ])
  )
}
