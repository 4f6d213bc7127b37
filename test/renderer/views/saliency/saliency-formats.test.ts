import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { paperLook } from '#common/figure/look.ts'
import { commandOf } from '#common/figure/provenance.ts'
import { textFormats } from '../../../../src/renderer/src/views/saliency/saliency-formats.ts'

it('numbers of all methods name the one command that gives them, and pictures their own', () => {
  const params = { of: 'loss', masked: null, steps: 64, samples: 8, occlusion: true }
  const values = { axes: ['pos'], unit: '', about: '', data: Float64Array.of(1) }
  const formats = textFormats(
    {
      model: { name: 'm', fingerprint: 'f', visibility: null },
      read: { tokens: [{ id: 3, piece: 'a', text: 'a', special: false }] },
      run: {
        source: { input: { text: 'a' }, edits: [], provider: 'cpu' },
        tokens: [{ id: 3, piece: 'a', text: 'a', special: false }]
      },
      ...{ of: 'loss', masked: null, what: 'loss of the text', mirrored: false, params: {} },
      result: dataset({ pos: axis(1) }, { grad_x_input: values }, { params })
    } as never,
    'grad_x_input',
    { boxes: [], room: { width: 412, height: 26 }, mirrored: false },
    {
      ...{ modelName: 'm', version: '1' },
      look: { ...paperLook, colorMap: 'viridis', scale: 'linear', pooling: 'mean' } as never
    }
  )
  const commands = formats.flatMap(own => (own.is === 'file' ? [] : [commandOf(own.from, 'n.npz')]))
  expect(commands[0]).toContain('figure m --view saliency')
  expect(commands[1]).toMatch(/ --set form=text .*--set line=412 /)
  expect(commands.at(-1)).toBe(
    'npm run --silent lamella -- analyse saliency m --set of=loss --set steps=64 --set samples=8 --set occlusion=true --text a --provider cpu --out n.npz'
  )
})
