import { expect, it } from 'vitest'
import type { Run } from '#common/contract/schemas.ts'
import type { Edit } from '#common/model/edit.ts'
import { valueIn } from '../../../../src/main/workbench/session/kept-analysis.ts'
import type { KeptSession } from '../../../../src/main/workbench/session/kept-session.ts'

/** A session that keeps some hooks of a run, whose values are their places among these. */
function keeping(hooks: readonly string[]): KeptSession {
  const ask = (_: string, { hook }: { hook: string }) => {
    const value = { shape: [1], data: Float32Array.of(hooks.indexOf(hook)) }
    return Promise.resolve({ value, precision: 'float32' })
  }
  const sizes = new Map(hooks.map(hook => [hook, 4]))
  const values = new Map([['r', { run: 'r', hooks: sizes }]])
  return { thread: { ask }, values } as unknown as KeptSession
}

it('has what leaves a block as what enters the next, and the other way round, unless it is edited between', async () => {
  const [entering, leaving] = ['blocks.1.hook_resid_pre', 'blocks.0.hook_resid_post']
  const given = async (kept: readonly string[], hook: string, edited: readonly string[] = []) => {
    const edits = edited.map(hook => ({ hook }) as Edit)
    const run = { id: 'r', source: { edits } } as unknown as Run
    const found = await valueIn([keeping(kept)], run, hook)
    return found && kept[found.value.data[0]!]
  }
  expect(await given([entering], leaving)).toBe(entering)
  expect(await given([leaving], entering)).toBe(leaving)
  expect(await given([entering, leaving], leaving)).toBe(leaving)
  expect(await given([entering], leaving, [entering])).toBeNull()
  expect(await given([leaving], entering, [entering])).toBeNull()
  expect(await given([entering], leaving, ['blocks.2.hook_resid_pre'])).toBe(entering)
  expect(await given([entering], 'blocks.1.hook_resid_post')).toBeNull()
  expect(await given([leaving], 'blocks.0.hook_resid_pre')).toBeNull()
})
