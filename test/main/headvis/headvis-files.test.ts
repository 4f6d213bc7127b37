import { expect, it, vi } from 'vitest'
import { createHeadVisFiles } from '../../../src/main/headvis/headvis-files.ts'

const stop = vi.hoisted(() => vi.fn<() => void>())
vi.mock('../../../src/main/threads/thread.ts', () => ({
  startThread: () => ({ ask: () => Promise.reject(new Error('it did not start')), stop })
}))

it('a tree that could not be begun leaves no thread', async () => {
  await expect(createHeadVisFiles('entry.js').write('/a')).rejects.toThrow('it did not start')
  expect(stop).toHaveBeenCalledOnce()
})
