import { expect, it } from 'vitest'
import { createBacklog } from '../../../src/main/threads/backlog.ts'

it('has room until more is left than the most, and again once work has ended, also badly', async () => {
  const backlog = createBacklog(10)
  const one = Promise.withResolvers<void>()
  const two = Promise.withResolvers<void>()
  backlog.add(10, one.promise)
  await backlog.room()
  backlog.add(1, two.promise)
  let has = false
  const room = backlog.room().then(() => (has = true))
  await new Promise(resolve => setImmediate(resolve))
  expect(has).toBe(false)
  two.reject(new Error('out of luck'))
  await room
  backlog.add(
    5,
    two.promise.catch(() => undefined)
  )
  await new Promise(resolve => setImmediate(resolve))
  await backlog.room()
  one.resolve()
})
