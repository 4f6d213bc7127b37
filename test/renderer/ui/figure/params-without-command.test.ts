import { expect, it } from 'vitest'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { isNoCommand, noCommand, type Again } from '#common/figure/provenance.ts'
import type { ExportFormat } from '../../../../src/renderer/src/stores/exports.ts'
import type { HeadPattern } from '../../../../src/renderer/src/ui/attention-map/pattern.ts'
import { linesFormats } from '../../../../src/renderer/src/views/attention-lines/lines-formats.ts'
import { modelFormats } from '../../../../src/renderer/src/views/attention-model/model-formats.ts'
import { textFormats } from '../../../../src/renderer/src/views/attention-text/text-formats.ts'

const model = {
  ...{ name: 'tiny', fingerprint: 'abc', path: '/tiny' },
  config: { nLayers: 8, nHeads: 2 }
} as ModelInfo
const run = {
  source: { input: { text: 'a' }, edits: [], provider: 'cpu' },
  tokens: [{ id: 7 }]
} as unknown as Run
const token = { piece: 'a', text: 'a', special: false } as HeadPattern['tokens'][number]
const look: Look = {
  ...paperLook,
  ...{ colorMap: 'viridis', scale: 'log1p', follows: true, pooling: 'mean' },
  range: { low: 0, high: 0.25 }
}
const colors = { colors: 'viridis', scale: 'log1p' }
const automatic = { range: 'automatic' }
const [modelName, version] = ['tiny', '1']

const pattern = (layer: number, head: number): HeadPattern => ({
  ...{ model, run, layer, head, name: `Head ${layer}.${head}`, unit: null },
  ...{ data: Float32Array.of(1), tokens: [token], visibility: null, firstHidden: false },
  ...{ baseline: false, precision: 'float16', extent: { low: 0, high: 1 } },
  again: { view: 'attention', params: { layer, head } }
})
const [own, other] = [pattern(3, 1), pattern(4, 0)]
const lines = (part: object) =>
  linesFormats({
    ...{ patterns: [own], less: null, modelName, least: '0.02', alone: null, mirrored: false },
    ...{ look, part: null, version, data: () => ({}) as never, ...part }
  })
const text = (part: object) =>
  textFormats({
    ...{ pattern: own, less: null, caption: null, groups: [{ start: 0, end: 1 }], side: 'from' },
    ...{ unit: 'token', own: 0, weights: Float32Array.of(1), modelName, look, mirrored: false },
    ...{ seen: () => ({}) as never, version, ...part }
  } as never)
const line = { layer: 3, heads: [1], least: 0.02, scale: 'log1p' }
const shade = { side: 'from', unit: 'token', token: 0, mirrored: false, ...colors, ...automatic }

/** What is saved, why no command makes it again, its params, and those of the other. */
type Case = readonly [
  string,
  readonly ExportFormat[],
  keyof typeof noCommand | RegExp,
  object,
  object?
]
const cases: Case[] = [
  [
    'lines, less others',
    lines({ less: { model, run, layer: 4, heads: [0, 1], caption: 'c' } }),
    'difference',
    { ...line, ...automatic },
    { ...line, layer: 4, heads: [0, 1], ...automatic }
  ],
  [
    'lines of all heads, less others',
    modelFormats({
      ...{ model, modelName, run, less: { model, run, caption: 'c' }, group: 1, mirrored: false },
      layers: [{ layer: 3, firstHidden: false, maps: { shape: [1, 1, 1] } }] as never,
      ...{ note: '', highOf: () => 1, look, version }
    }).filter(({ is }) => is === 'data'),
    'difference',
    { layers: [3], mirrored: false, scale: 'log1p', ...automatic, pooling: 'mean' }
  ],
  [
    'a text, less another',
    text({ less: other }),
    'difference',
    { ...shade, layer: 3, head: 1 },
    { ...shade, layer: 4, head: 0 }
  ]
]

/** Of what is said of where it is from, without what is left out in words. */
function told(again: Again) {
  expect(isNoCommand(again)).toBe(true)
  return JSON.parse(JSON.stringify(again, (_, value: unknown) => value ?? undefined)) as object
}

it.each(
  cases.map(([what, formats, why, params, other]) => ({ what, formats, why, params, other }))
)('$what has the params of the command that it has not', ({ formats, why, params, other }) => {
  const [first] = formats
  if (first === undefined || first.is === 'file' || 'panels' in first.from) throw new Error('none')
  const none: unknown = typeof why === 'string' ? noCommand[why] : expect.stringMatching(why)
  const otherParams = other && { otherParams: other }
  expect(told(first.from.again)).toEqual({ none, params, ...otherParams })
})
