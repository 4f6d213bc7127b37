import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Checkpoint } from '../../../src/main/checkpoint/checkpoint.ts'
import { countParameters } from '../../../src/main/reader/parameters.ts'
import { readModel } from '../../../src/main/reader/read-model.ts'
import { projectRoot } from '../../golden/workbench.ts'

/** The blocks of a model's tensors. */
async function layersOf(name: string): Promise<Map<string, number | null>> {
  const folder = join(projectRoot, 'test/golden', name)
  const { info } = await readModel(
    folder,
    { descriptions: null, base: null },
    new AbortController().signal
  )
  return new Map(info.tensors.map(({ name, layer }) => [name, layer]))
}

it.each(['gpt2', 'bert', 'llama', 'bloom', 'electra', 'modernbert', 'onnx-gpt2'])(
  'tensors of %s are of the block that reads them',
  async name => {
    for (const [tensor, layer] of await layersOf(name)) {
      const [, number] = /(?:^|\.)(?:h|layer|layers)\.(\d+)\./.exec(tensor) ?? []
      expect([tensor, layer]).toEqual([tensor, number === undefined ? null : Number(number)])
    }
  }
)

it('a matrix and its transpose over the same numbers count once', () => {
  const file = { path: '/m.pth', label: 'm.pth', roots: null, size: 96, mark: '' }
  const entry = { dtype: 'F32', file, offset: 0, byteLength: 48 } as const
  const tensors = new Map([
    ['a', { ...entry, name: 'a', shape: [3, 4] }],
    ['b', { ...entry, name: 'b', shape: [4, 3], strides: [1, 4] }],
    ['c', { ...entry, name: 'c', shape: [3, 4], offset: 48 }]
  ])
  const { parametersStored, ties } = countParameters({ tensors } as unknown as Checkpoint, null, 0)
  expect(parametersStored).toBe(24)
  expect(ties).toEqual(['b is a in another order, counted once'])
})

it('matrices that are computed count each, wherever what they are made of lies', () => {
  const file = { path: '/m.pth', label: 'm.pth', roots: null, size: 96, mark: '' }
  const entry = { dtype: 'F32', file, offset: 0, byteLength: 48 } as const
  const content = new Uint8Array(48)
  const tensors = new Map(
    ['a', 'b'].map(name => [name, { ...entry, name, shape: [3, 4], content }] as const)
  )
  const { parametersStored, ties } = countParameters({ tensors } as unknown as Checkpoint, null, 0)
  expect([parametersStored, ties]).toEqual([24, []])
})

it('blocks that share their tensors leave them to the first', async () => {
  const layers = await layersOf('albert')
  expect(new Set(layers.values())).toEqual(new Set([null, 0]))
})
