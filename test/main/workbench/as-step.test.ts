import { expect, it } from 'vitest'
import type { Progress } from '#common/contract/schemas.ts'
import { asStep } from '../../../src/main/workbench/as-step.ts'

it('tells how far a step is as how far all is, and goes back for nothing that cannot tell', () => {
  const told: Progress[] = []
  const { signal } = new AbortController()
  const context = { signal, client: 'one', progress: (own: Progress) => void told.push(own) }
  const step = asStep(context, { before: 'All · ', done: 3, size: 0.5, total: 8 })
  expect(step).toMatchObject({ signal, client: 'one' })
  step.progress({ label: 'Waiting', done: 0, total: 0 })
  step.progress({ label: 'Running', done: 1, total: 2, places: new Float32Array(1) })
  step.progress({ label: 'Computing', done: 0, total: 0 })
  expect(told).toEqual([
    { label: 'All · Waiting', done: 3, total: 8 },
    { label: 'All · Running', done: 3.25, total: 8 },
    { label: 'All · Computing', done: 3.25, total: 8 }
  ])
})
