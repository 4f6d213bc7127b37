import { deserialize, serialize } from 'node:v8'
import { expect, it } from 'vitest'
import { packed, unpacked } from '../../../src/main/reader/packed-model.ts'
import type { ReadModel } from '../../../src/main/reader/read-model.ts'

/** What stands for a model of so many tensors: what is packed looks at nothing else. */
function modelOf(count: number): ReadModel {
  const file = { label: 'model.safetensors' }
  const names = Array.from({ length: count }, (_, i) => `t${i}`)
  return {
    rawConfig: '{}',
    reading: {
      family: 'gpt2',
      checkpoint: { path: '/m', tensors: new Map(names.map(name => [name, { name, file }])) }
    },
    info: { parameters: count, tensors: names.map(name => ({ name, bytes: 4 })) }
  } as unknown as ReadModel
}

it.each([0, 1, 999, 1000, 2500])('a model of %d tensors is the same once sent', async count => {
  const sent = deserialize(serialize(packed(modelOf(count)))) as ReturnType<typeof packed>
  expect(await unpacked(sent)).toEqual(modelOf(count))
})

it('others are served while a model of many tensors is unpacked', async () => {
  const sent = packed(modelOf(5000))
  let isThere = false
  let served = 0
  const unpacking = unpacked(sent).then(() => (isThere = true))
  const serve = () => {
    if (isThere) return
    served++
    setImmediate(serve)
  }
  setImmediate(serve)
  await unpacking
  expect(served).toBeGreaterThanOrEqual(8)
})
