import { expect, it } from 'vitest'
import type { Edit } from '#common/model/edit.ts'
import type { RunnableModel } from '../../../../src/main/workbench/model/model.ts'
import { whyWhole } from '../../../../src/main/workbench/run/why-whole.ts'
import { openedModel, shakespeare } from '../../../golden/workbench.ts'

const model = (await openedModel(shakespeare)) as RunnableModel
model.reader.close()

const z = 'blocks.0.attn.hook_z'
const scores = 'blocks.0.attn.hook_attn_scores'
const another = { from: { input: { ids: [1] }, edits: [] }, hook: z, times: 1 }
const changing = 'is another with each token'
const dealtOut = 'more queries and keys'

it.each<[string, string | null, Partial<Edit>]>([
  ['nothing is added', null, { hook: z, scale: 0 }],
  ['a number is added to scores', null, { hook: scores, add: 1 }],
  ['a key is not seen', null, { hook: scores, at: { key: [0] }, add: '-inf' }],
  ['a direction is added', null, { hook: z, add: [1, 2] }],
  ['another run is added', null, { hook: z, at: { pos: [0] }, add: another }],
  ['a mean is added', changing, { hook: z, scale: 0, add: 'mean' }],
  ['a mean is added at one place', changing, { hook: z, at: { pos: [0] }, add: 'mean' }],
  ['numbers go to chosen cells', null, { hook: scores, at: { query: [1], key: [0] }, add: [1] }],
  ['numbers go to every query', dealtOut, { hook: scores, at: { key: [0] }, add: [1] }],
  ['numbers go to every key', dealtOut, { hook: scores, at: { query: [1] }, add: [1, 2] }],
  ['scores of another run go to every key', dealtOut, { hook: scores, add: another }]
])('says whether keys and values stay where %s', (_, why, edit) => {
  const whole = { hook: '', at: {}, scale: 1, add: null, ...edit }
  const nothing: Edit = { hook: z, at: {}, scale: 1, add: null }
  const found = whyWhole(model, [nothing, whole], 10)
  if (why === null) expect(found).toBeNull()
  else {
    expect(found).toContain(why)
    expect(found).toContain(`edit 2, ${whole.hook}: `)
  }
})

it('keeps no more than there is room for', () => {
  expect(whyWhole(model, [], 1000)).toBeNull()
  expect(whyWhole(model, [], 1e9)).toMatch(
    /^keys and values of 1000000000 tokens take .* GiB, more than/
  )
})
