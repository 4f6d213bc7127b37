import { describe, expect, it } from 'vitest'
import { attentionMap, type AttentionMapData } from '#common/figure/attention-map.ts'
import { barChart } from '#common/figure/bar-chart.ts'
import { depthScores } from '#common/figure/depth-scores.ts'
import { drawnFigure } from '#common/figure/drawn-figure.ts'
import type { FigureKind } from '#common/figure/figure-kind.ts'
import { headScatter } from '#common/figure/head-scatter.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { offsetCurve } from '#common/figure/offset-curve.ts'
import { plainWish, presetWish, type FigureWish } from '#common/figure/presets.ts'
import { figureTex } from '#common/figure/tex/figure-tex.ts'
import { texFaults } from './tex-faults.ts'

const look: Look = {
  ...paperLook,
  ...{ colorMap: 'viridis', scale: 'linear', follows: false, pooling: 'maximum' },
  range: { low: 0, high: 1 }
}
const map = (texts: readonly string[], pattern: Float32Array): AttentionMapData => ({
  title: '50 % of head_1',
  pattern,
  quantity: 'weight',
  unit: null,
  tokens: texts.map(text => ({ piece: text, text, special: false })),
  visibility: { causal: true, reach: null },
  firstHidden: false,
  mirrored: false,
  view: null,
  marked: { queries: [], keys: [] },
  profiles: null
})
function tex<D extends { readonly title: string | null }>(
  kind: FigureKind<D>,
  data: D,
  wish: FigureWish = plainWish
): string {
  return figureTex(drawnFigure(kind, data, look, wish), 'A figure', ['Model: m'])
}
/** The rows of the first plot's table. */
const cells = (picture: string) =>
  /table\[meta index=2\] \{\n([\s\S]*?)\n\};/
    .exec(picture)![1]!
    .split('\n')
    .map(line => line.split(' ').map(Number))

describe('a map in TeX', () => {
  const weights = Float32Array.of(1, 0, 0.25, 0.75)

  it('has each weight at its cell, and what is masked below the range', () => {
    expect(cells(tex(attentionMap, map(['a', 'b'], weights)))).toEqual([
      [0.5, 0.5, 1],
      [1.5, 0.5, -0.063],
      [0.5, 1.5, 0.25],
      [1.5, 1.5, 0.75]
    ])
  })

  it('has its texts as TeX takes them, those from the right as such', () => {
    const picture = tex(attentionMap, map(['<|a|>', 'של'], weights))
    expect(picture).toContain('{50 \\% of head\\_1}')
    expect(picture).toContain('{\\textless{}\\textbar{}a\\textbar{}\\textgreater{}}')
    expect(picture).toContain('{\\lamellafromright{של}}')
    expect(picture).toContain('compile with LuaLaTeX')
    expect(picture).toContain('"Noto Sans Hebrew:mode=node;script=hebr;"')
    expect(tex(attentionMap, map(['a', 'b'], weights))).not.toContain('LuaLaTeX')
  })

  it('has signs as bold as the words around them', () => {
    const lettered = { ...presetWish('icml', plainWish), letter: 'a' }
    const picture = tex(attentionMap, map(['a', 'b'], weights), lettered)
    expect(picture).toContain('\\bfseries\\boldmath')
    expect(picture.replaceAll('\\bfseries\\boldmath', '')).not.toContain('\\bfseries')
  })

  it('says where it comes from, and what it needs', () => {
    const picture = tex(attentionMap, map(['a', 'b'], weights))
    expect(picture).toMatch(/^% A figure\n% Model: m\n% .* \\usepackage\{pgfplots\}/)
  })

  it('is as wide as it is wanted', () => {
    const picture = tex(attentionMap, map(['a', 'b'], weights), presetWish('icml', plainWish))
    const [, unit] = /\[x=([\d.]+)bp,/.exec(picture)!
    const [, width] = /\\useasboundingbox \(0,0\) rectangle \(([\d.]+),/.exec(picture)!
    expect((Number(unit) * Number(width) * 25.4) / 72).toBeCloseTo(82.55, 1)
  })

  it('has its keys from the right where the text is read from there', () => {
    const data = map(['a', 'b'], weights)
    expect(tex(attentionMap, data)).not.toContain('x dir=reverse')
    const mirrored = tex(attentionMap, { ...data, mirrored: true })
    expect(mirrored).toContain('y dir=reverse,x dir=reverse,')
    expect(cells(mirrored)).toEqual(cells(tex(attentionMap, data)))
  })

  it('has its values in a plot while TeX has the memory for that', () => {
    const of = (count: number) => {
      const texts = Array.from({ length: count }, () => 't')
      return tex(attentionMap, map(texts, new Float32Array(count ** 2).fill(0.5)))
    }
    expect(cells(of(70))).toHaveLength(4900)
    expect(of(71)).not.toContain('matrix plot')
  })

  it('of more cells has their values in comments, and an axis in cells over them', () => {
    const texts = Array.from({ length: 80 }, () => 't')
    const values = Float32Array.from({ length: 6400 }, (_, i) => (i % 80) / 80)
    const picture = tex(attentionMap, map(texts, values))
    const rows = picture.match(/^% (?:(?:-|[\d.]+) ){79}(?:-|[\d.]+)$/gm)!
    expect(rows).toHaveLength(80)
    expect(rows[2]!.split(' ').slice(0, 5)).toEqual(['%', '0', '0.013', '0.025', '-'])
    expect(picture).toMatch(/\n {2}xmin=0,xmax=80,ymin=0,ymax=80,\n {2}y dir=reverse,/)
    expect(texFaults(picture)).toEqual([])
  })

  it.each([
    [false, 1],
    [true, 98]
  ])(
    'of a long text takes the highest of cells together, and says so; mirrored: %s',
    (mirrored, column) => {
      const size = 250
      const pattern = new Float32Array(size * size)
      pattern[249 * size + 3] = 0.9
      const texts = Array.from({ length: size }, () => 't')
      const picture = tex(attentionMap, { ...map(texts, pattern), mirrored })
      expect(picture).toContain('% 250 × 250 cells as 100 × 100: each is the highest')
      // Of so many cells areas are drawn, those of one colour in one path: all but the highest are 0.
      const paths = picture.split('\\pgfsetfillcolor').slice(1)
      const areas = paths.map(path => path.match(/\\lamellacell [^;]*;/g)!)
      expect(areas.map(own => own.length)).toEqual([101, 1])
      const [highest] = areas.find(own => own.length === 1)!
      const [left, bottom, wide, high] = highest.match(/-?[\d.]+/g)!.map(Number)
      const [, top] = /\\fill\[color=\{rgb,255:red,240;[^\]]*\] \([\d.]+,([\d.]+)\) rectangle/.exec(
        picture
      )!
      const [, from] = /\\fill\[color=\{rgb,255:red,240;[^\]]*\] \(([\d.]+),/.exec(picture)!
      const cell = high! - 0.15
      expect(wide).toBeCloseTo(high!, 2)
      expect((left! - 0.75 * Number(from)) / cell).toBeCloseTo(column, 1)
      expect((-bottom! - 0.75 * Number(top)) / cell).toBeCloseTo(100, 0)
    }
  )
})

describe('a chart in TeX', () => {
  it('has a bar a plot, with its name and its note', () => {
    const bars = [
      { label: 'a_b', value: 3, notes: ['3 %'], color: 0 },
      { label: 'c', value: 4.5, notes: [], color: 1 }
    ]
    const picture = tex(barChart, { title: 'Bars', bars })
    expect(picture).toContain('yticklabels={{a\\_b},{c}}')
    expect(picture).toMatch(
      /\\addplot\[xbar,[^\]]*fill=\{rgb,255:red,11;[^\]]*\] coordinates \{\(3,0\)\};/
    )
    expect(picture).toContain('coordinates {(4.5,1)};')
    expect(picture).toContain('at (axis cs:3,0) {3 \\%};')
  })

  it('has lines through their points, without what is not known', () => {
    const data = {
      title: null,
      quantity: 'weight' as const,
      values: [0.5, NaN, 0.25],
      uniform: [0.1, 0.1, 0.1],
      best: 2
    }
    const picture = tex(offsetCurve, data)
    expect(picture).toContain('off 2.25bp,mark=none] coordinates {(0,0.1) (1,0.1) (2,0.1)};')
    expect(picture).toContain('coordinates {(0,0.5) (2,0.25)};')
    expect(picture).toContain('xlabel={tokens back}')
    expect(picture).toContain('at (axis cs:2,0.25) {2};')
    // Of a mark without an edge nothing is drawn around it, and beside the numbers no power of ten stands.
    expect(picture).toMatch(/mark=\*,[^\n]*mark options=\{draw opacity=0\}/)
    expect(picture).toContain('scaled ticks=false')
  })

  it('has points with their names, and baselines', () => {
    const picture = tex(headScatter, {
      title: null,
      nLayers: 2,
      x: { name: 'previous token', baselines: [0.05] },
      y: { name: 'induction', baselines: [] },
      points: [{ layer: 1, head: 0, x: 0.3, y: 0.6, group: null }],
      distances: null
    })
    expect(picture).toContain('at (axis cs:0.3,0.6) {1.0};')
    expect(picture).toContain('coordinates {(0.3,0.6)};')
    expect(picture).toContain('xlabel={previous token}')
    expect(picture).toContain('{axis cs:0.05,0}')
  })

  it('has names of points on the sides where the figure has them, none lost', () => {
    const axis = { name: 'a', baselines: [], span: { low: 0, high: 1 } }
    const points = [0.5, 0.52, 0.54, 0.56].map((x, head) => ({
      ...{ layer: 0, head, x, y: 0.5, group: null }
    }))
    const picture = tex(headScatter, {
      ...{ title: null, nLayers: 1, x: axis, y: axis, points, distances: null }
    })
    const names = picture.matchAll(/anchor=(\w+),(.shift=-?)[^\n]*\) \{(0\.\d)\};/g)
    expect(Array.from(names, ([, anchor, shift, name]) => `${name} ${anchor} ${shift}`)).toEqual([
      '0.0 east xshift=-',
      '0.1 south yshift=',
      '0.2 north yshift=-',
      '0.3 west xshift='
    ])
  })

  it('has the legend that stands over it: colours of layers, signs of groups, the scale of a map', () => {
    const point = { layer: 1, head: 0, x: 0.3, y: 0.6, group: null }
    const axis = { name: 'previous token', baselines: [] }
    const data = { title: null, nLayers: 2, x: axis, y: axis, points: [point], distances: null }
    const byLayer = tex(headScatter, data)
    expect(byLayer).toMatch(/\\node\[lamella text,[^\n]* at \(48,14\) \{layer 0\};/)
    expect(byLayer).toContain('(92,9) rectangle (104,18);')
    expect(byLayer).toContain('uniform attention};')
    const places = tex(headScatter, {
      ...data,
      points: [0, 8, 16, 24].map(group => ({ ...point, group })),
      distances: { unit: 'bits', reach: { x: 1, y: 1 } }
    })
    expect(places).not.toContain('previous token')
    expect(places).toContain('{group};')
    expect(places).toContain('(62,14) circle[radius=3bp];')
    expect(places).toContain('(90,10) -- (94,18) -- (86,18) -- cycle;')
    expect(places).toMatch(/ bits\};/)
    expect(places).toMatch(/\\draw\[[^\n]*\] \(16,462\) -- \(16,466\)/)
  })

  it('has the signs of models that are compared, and which is whose', () => {
    const layers = [{ layer: 0, depth: 0, values: [0.2], mean: 0.2, max: 0.2 }]
    const sides = ['one', 'other'].map(name => ({ name, baseline: null, layers }))
    const picture = tex(depthScores, { title: null, name: 'induction', sides })
    expect(picture.match(/mark=(\*|diamond\*),/g)).toEqual(
      ['*', '*', '*', 'diamond*', '*', '*'].map(sign => `mark=${sign},`)
    )
    expect(picture).toContain('{$\\bullet$};')
    expect(picture).toMatch(/\{\\tikz\[[^\n]*-- cycle;\};/)
    expect(picture).toContain('{other};')
  })
})

it('a title is a comment to its end, whatever TeX takes for the end of a line', () => {
  const drawn = drawnFigure(attentionMap, map(['a', 'b'], new Float32Array(4)), look, plainWish)
  const picture = figureTex(drawn, 'a\r\\input{x}\nb\u2028c', ['d\r\\input{y}'])
  expect(picture).not.toContain('\r')
  expect(picture.split('\n').slice(0, 2)).toEqual([
    '% a⟨0D⟩\\input{x}⟨0A⟩b⟨2028⟩c',
    '% d⟨0D⟩\\input{y}'
  ])
})

it('a text has no characters that TeX refuses', () => {
  const picture = tex(attentionMap, map(['\u0001\u007f', '\ud800'], new Float32Array(4)))
  expect(picture).not.toMatch(/(?!\n)[\p{Cc}\p{Cs}]/u)
})
