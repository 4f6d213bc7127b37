import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { paperLook } from '#common/figure/look.ts'
import { commandOf } from '#common/figure/provenance.ts'
import { LineWidth, lineWidth } from '#common/figure/views/line-width.ts'
import { predictionsFormats } from '../../../../src/renderer/src/views/predictions/predictions-formats.ts'

const commandsOf = (width: number) =>
  predictionsFormats({
    shown: {
      model: { name: 'm', fingerprint: 'f', predicts: 'next' },
      run: { source: { input: { text: 'a' }, edits: [], provider: 'cpu' }, tokens: [] },
      ...{ tokens: [], positions: [], standings: dataset({ pos: axis(0) }, {}) }
    },
    shading: { values: new Float32Array(), unit: '', quantity: 'weight' },
    ...{ shade: 'surprisal', modelName: 'm', own: null, version: '1' },
    look: { ...paperLook, range: { low: 0, high: 1 }, scale: 'linear', colorMap: 'viridis' },
    seen: { boxes: [], room: { width, height: 26 }, mirrored: false }
  } as never).flatMap(own => (own.is === 'file' ? [] : [commandOf(own.from)]))

it('the command of a text breaks it into lines as long as those that are seen', () => {
  const [text, bars] = commandsOf(454)
  expect(text).toContain('--set line=454')
  expect(bars).not.toContain('line=')
})

it('lines are as long as a command takes them, and no shorter than the longest', () => {
  expect([453.2, 3, 1e5].map(lineWidth)).toEqual([454, 100, 4000])
  for (const line of [100, 4000]) expect(LineWidth.parse(line)).toBe(line)
})
