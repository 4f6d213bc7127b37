import { join } from 'node:path'
import { expect, it } from 'vitest'
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

it('blocks that share their tensors leave them to the first', async () => {
  const layers = await layersOf('albert')
  expect(new Set(layers.values())).toEqual(new Set([null, 0]))
})
