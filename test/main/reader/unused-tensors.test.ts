import { expect, it } from 'vitest'
import { isAdapterAlone } from '../../../src/main/reader/adapter.ts'
import { readArchitecture } from '../../../src/main/reader/model-reading.ts'
import { dict, tensor, whole } from '../../bad/pickle.ts'
import { torchZip } from '../../bad/zip.ts'
import { openBytes } from '../checkpoint/temporary.ts'

it('tells which other states a file holds beside its model', async () => {
  const t = tensor()
  const state = dict({ w: t })
  const notesOf = async (others: Record<string, Uint8Array>) => {
    const checkpoint = await openBytes(torchZip(whole(dict({ model: state, ...others }))))
    const made = { adapter: null, merged: false, whyNotMerged: null, notes: [] }
    const found = { beside: null, kept: null }
    const signal = new AbortController().signal
    return (await readArchitecture({}, checkpoint, found, made, signal)).notes
  }
  expect(await notesOf({})).toEqual([])
  expect(await notesOf({ optimizer: state })).toEqual([])
  expect(await notesOf({ best_state_dict: dict({ w: t }), ema: dict({ w: t }) })).toEqual([
    'm.pth holds other tensors beside the model, which are not read: best_state_dict, ema'
  ])
})

it('takes weights for an adapter alone only where all of them are of one', async () => {
  const alone = async (...names: string[]) =>
    isAdapterAlone(
      await openBytes(torchZip(whole(dict(Object.fromEntries(names.map(n => [n, tensor()]))))))
    )
  const lora = ['q_proj.lora_A.weight', 'q_proj.lora_B.weight']
  expect(await alone(...lora)).toBe(true)
  expect(await alone(...lora, 'q_proj.weight')).toBe(false)
})
