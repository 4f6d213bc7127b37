import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { AnalysisSubject } from '#common/analysis/subject.ts'
import { dataset, type Dataset } from '#common/data/dataset.ts'
import { cancelled } from '#common/model/errors.ts'
import { createHeadVis, type HeadVisOptions } from '../../../src/main/workbench/headvis.ts'
import { built } from '../../built.ts'
import { uncancelled } from '../../golden/workbench.ts'
import { outcome } from '../checkpoint/temporary.ts'

const temporary = () => mkdtempSync(join(tmpdir(), 'lamella-headvis-'))
const of: AnalysisSubject = {
  model: { path: '/models/letters', fingerprint: 'f' },
  corpus: { inputs: [{ text: 'To be, or not to be' }], window: 24, stride: null },
  ...{ edits: [], provider: 'cpu' }
}

/** Trees of a model with one head. @param entry what writes them */
function treesOf(drawn: () => Promise<Dataset>, entry: string) {
  return createHeadVis({
    models: {
      resolve: () => ({ info: { name: 'letters', config: { nLayers: 1, nHeads: 1 } } })
    },
    analyse: ({ name }: { readonly name: string }) =>
      name === 'head-sequences' ? drawn() : Promise.resolve(dataset({}, {})),
    ...{ entry, dataFolder: temporary(), version: '0.0.0' }
  } as unknown as HeadVisOptions)
}

it('is closed once what is being written is taken back', async () => {
  const around = temporary()
  const drawing = Promise.withResolvers<Dataset>()
  let draws = 0
  const drawn = () => {
    draws++
    return drawing.promise
  }
  const trees = treesOf(drawn, built.headVisEntry)
  const asked = { path: join(around, 'tree'), of, seed: 0, texts: 'a line' }
  const writing = outcome(trees.handlers['headvis.write'](asked, uncancelled()))
  await expect.poll(() => draws).toBe(1)
  const closing = trees.close()
  drawing.reject(cancelled())
  await closing
  expect(readdirSync(around)).toEqual([])
  expect(await writing).toContain('cancelled')
})

it('is taken back where it is given up while the last of it is written', async () => {
  const said = new BroadcastChannel('held tree')
  const calls: string[] = []
  said.onmessage = ({ data }) => void calls.push(data as string)
  const drawn = () => Promise.resolve(dataset({}, {}))
  const trees = treesOf(drawn, join(import.meta.dirname, 'held-tree.ts'))
  const controller = new AbortController()
  const asked = { path: join(temporary(), 'tree'), of, seed: 0, texts: 'a line' }
  const writing = outcome(trees.handlers['headvis.write'](asked, uncancelled(controller.signal)))
  await expect.poll(() => calls).toEqual(['begin', 'heads', 'rest'])
  controller.abort(cancelled())
  said.postMessage('go on')
  expect(await writing).toContain('cancelled')
  await expect.poll(() => calls.at(-1)).toBe('undo')
  said.close()
})
