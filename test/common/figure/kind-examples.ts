import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KeptDrawing, KeptPart } from '#common/figure/drawing.ts'
import { panelContent } from '#common/figure/panels/panel-content.ts'
import { sessionFigures } from '#common/figure/panels/session-figure.ts'

const token = (text: string) => ({ piece: text, text, special: false })
const numbers = (...values: number[]) => Float64Array.from(values)
const axis = (name: string) => ({ name, log: false, span: null })
const weights = {
  ...{ title: null, name: 'weight', rows: { from: 10, to: 12, each: 1 } },
  columns: { from: 100, to: 103, each: 1 },
  values: Float32Array.of(-2, 0, 2, 0.5, NaN, -0.123)
}
const bars = {
  ...{ title: null, tokens: ['a', ' ', 'b'].map(token), values: numbers(NaN, 4, 0) },
  ...{ unit: 'surprisal, nats', high: 4, low: 0, ranks: null, scrolled: null, marked: [] },
  mirrored: false
}
const grid = {
  ...{ title: null, rows: ['0', 'embed'], rowsName: 'after block', from: 20, expected: null },
  ...{ tokens: ['a', ' b'].map(token), cells: [' b', 'x', 'y', 'z'].map(token) },
  ...{ values: Float32Array.of(0.5, 0.25, NaN, 3), hits: new Uint8Array(4), unit: 'probability' },
  ...{ ranks: null, scrolled: null, marked: [], mirrored: false }
}
const line = { shape: 'line', color: 'accent', width: 0 }
const plot = {
  ...{ title: null, x: axis('layer'), y: axis('norm') },
  series: [{ ...line, name: 'W_Q', x: numbers(0, 1, 2), y: numbers(0.5, NaN, 2.5) }],
  lines: [{ name: 'mean', axis: 'y', at: 1.5 }]
}
const shaded = {
  ...{ title: null, quantity: 'weight', note: '', unit: 'rank', own: 0 },
  ...{ ranks: 101, weights: Float32Array.of(0, Math.log(8) / Math.log(101)) },
  boxes: ['a', ' b'].map((text, group) => ({
    ...{ text, group, x: 20 * group, y: 0, width: 20, height: 20, kind: 'letters' }
  })),
  ...{ room: { width: 200, height: 20 }, mirrored: false }
}
/** Texts with what isolates tokens in place of < and >. */
export const at = (texts: string) => texts.replaceAll('<', '\u2068').replaceAll('>', '\u2069')

/** Of each kind what is drawn, that which sessions keep where it is left out, and something that its page says. */
export const kindExamples: readonly (readonly [kind: string, data: unknown, says: string])[] = [
  ['attention-lines', null, 'Head 0.0\nquery 14 <t>\nkey 14 <t>\nattention weight: 0.2156982'],
  ['attention-map', null, 'query 0 <T>\nkey 0 <T>\n1'],
  ['bar-chart', null, 'Attention\n264192'],
  ['context-lines', null, '<r>\n0.4127783'],
  ['dendrogram', null, '<1.2>, <1.3>\nheight, nats a query: 0.1553912'],
  ['depth-kinds', null, 'hebrew-minigpt\nlayer 0\nprevious token: 2'],
  [
    'depth-scores',
    null,
    'hebrew-minigpt\ndepth: 0 is the first layer, 1 the last: 0\nprevious token, above uniform: 0.1536628'
  ],
  ['distance-matrix', null, 'head <2.2>\nhead <2.1>\ndistance, nats a query: 0.140247'],
  ['head-map', null, 'Head 2.0\nprevious token: 0.2149814'],
  ['head-scatter', null, '2.0\nprevious token: 0.2149814\ninduction: 0.09429401'],
  [
    'model-lines',
    null,
    'Head 1.3\nquery, row 1 of 19\nkey, row 0 of 19\nattention weight: 0.5361328'
  ],
  ['score-histogram', null, 'largest beyond the first: 0.3833351 – 0.4104004\nhow many: 2'],
  ['score-row', null, 'key 9 <·>\nscore: −2.915802\nweight: 0.002738508'],
  ['shaded-text', null, '<·>\nattention weight: 0.002738953'],
  ['shaded-text', shaded, '<·b>\nrank: 7'],
  [
    'vector-product',
    null,
    'dimension 16\nq: 2.434487\nk: 0.489229\nq ∘ k: 1.191022\nsum: 6.564875'
  ],
  [
    'block-diagram',
    {
      title: null,
      sections: [
        {
          ...{ name: 'Embedding', note: '', layers: [], parameters: 32 },
          steps: [
            {
              ...{ adds: false, scale: 1 },
              branches: [[[{ name: 'W_E', note: '', shape: [8, 4], parameters: 32, part: 'embedding', tensors: [] }]]] // prettier-ignore
            }
          ]
        }
      ]
    },
    'W_E, 8 × 4, 32 parameters'
  ],
  [
    'head-grid',
    {
      ...{ title: null, name: 'attention weight', layers: [1], heads: 1, tokens: 4, cells: 2 },
      maps: Float32Array.of(1, 0, 0.25, 0.75),
      ...{ visibility: [null], firstHidden: false, mirrored: true }
    },
    'Head 1.0\nquery 2–3\nkey 0–1\nattention weight: 0.25'
  ],
  [
    'head-map-beside',
    {
      title: null,
      parts: [0.5, -0.25].map(value => ({
        caption: `of ${value}`,
        data: {
          ...{ title: null, name: 'entropy', quantity: 'weight', layers: [1], heads: 1 },
          values: [value]
        }
      }))
    },
    'Head 1.0\nentropy: −0.25'
  ],
  ['line-plot', plot, 'W_Q\nlayer: 2\nnorm: 2.5'],
  ['line-plot', plot, 'mean\nnorm: 1.5'],
  [
    'line-plot',
    { ...plot, series: [{ ...plot.series[0], name: null, shape: 'bars', width: 1 }], lines: [] },
    'layer: 2 – 3\nnorm: 2.5'
  ],
  [
    'line-plot',
    {
      ...plot,
      series: [
        {
          ...{ ...line, name: null, shape: 'boxes', x: numbers(3), y: numbers(2), width: 1 },
          spread: { min: numbers(0), q1: numbers(1), q3: numbers(4), max: numbers(8) }
        }
      ]
    },
    'layer: 3\nnorm\nlargest: 8\nthird quartile: 4\nmedian: 2\nfirst quartile: 1\nsmallest: 0'
  ],
  [
    'offset-curve',
    { title: null, values: [0.5, 0.5], uniform: [1, 0.25], best: null },
    'uniform attention\ntokens back: 1\nattention: 0.25'
  ],
  [
    'point-scatter',
    {
      ...{ title: null, axes: { x: 'PC 1', y: 'PC 2' }, directions: [], joined: false },
      ...{ places: Float32Array.of(0, 0, 1, 0.5), colors: Uint8Array.of(0, 1) },
      colored: { by: 'class', name: 'kind', classes: ['letters', 'digits'] },
      ...{ labels: [{ point: 1, text: 'a' }], part: { x: 0, y: 0, width: 3, height: 2 } }
    },
    'digits\na\nPC 1: 1\nPC 2: 0.5'
  ],
  [
    'signed-bars',
    {
      ...{ title: null, name: 'logits' },
      bars: [
        { label: 'heads', value: -3, spread: 0.5, isSum: false },
        { label: 'MLPs', value: 0.001, spread: null, isSum: false }
      ]
    },
    'heads\nlogits: −3 ± 0.5'
  ],
  ['token-bars', bars, '1 <·>\nsurprisal, nats: 4'],
  ['token-bars', bars, '0 <a>\nsurprisal, nats: no value'],
  ['token-grid', grid, 'after block 0\n21 <·b>\n<x>\nprobability: 0.25'],
  ['weight-map', weights, 'row 11\ncolumn 102\nweight: −0.123'],
  ['weight-map', { ...weights, mirrored: true }, 'row 10\ncolumn 100\nweight: −2'],
  [
    'weight-map',
    { ...weights, columns: { from: 100, to: 105, each: 2 } },
    'row 11\ncolumn 104\nweight: −0.123'
  ]
]

/** What an example is drawn with. */
export const exampleLook: KeptPart['look'] = {
  ...{ colorMap: 'magma', scale: 'linear', follows: true, pooling: 'mean' },
  range: { low: 0, high: 1 }
}

/** What sessions keep of each kind. */
export const keptFigure = JSON.parse(
  readFileSync(join(import.meta.dirname, 'panels/kept-figure.json'), 'utf8')
) as unknown[]
const kept = sessionFigures(keptFigure)
/** What sessions keep of a kind, or of several in a row. */
export async function keptOf(kind: string): Promise<readonly KeptDrawing[]> {
  const contents = await Promise.all(kept[0]!.panels.map(({ content }) => panelContent(content)))
  return contents
    .map(({ drawing }) => drawing)
    .filter(({ parts }) => parts.map(part => part.kind).join(' beside ') === kind)
}
