import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClients } from '../../../src/main/workbench/clients.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function watched() {
  const clients = createClients(1000)
  const gone: string[] = []
  clients.onGone(client => gone.push(client))
  return { clients, gone }
}

describe('a client', () => {
  it('is gone once it has had no connection for a while', () => {
    const { clients, gone } = watched()
    const end = clients.connected('a')
    clients.connected('b')
    vi.advanceTimersByTime(5000)
    end()
    vi.advanceTimersByTime(999)
    expect(gone).toEqual([])
    vi.advanceTimersByTime(1)
    expect(gone).toEqual(['a'])
  })

  it('is not gone that comes back in time', () => {
    const { clients, gone } = watched()
    clients.connected('a')()
    vi.advanceTimersByTime(900)
    const end = clients.connected('a')
    vi.advanceTimersByTime(5000)
    expect(gone).toEqual([])
    end()
    vi.advanceTimersByTime(1000)
    expect(gone).toEqual(['a'])
  })

  it('is there while one of its connections is, each of which ends once', () => {
    const { clients, gone } = watched()
    const [first, second] = [clients.connected('a'), clients.connected('a')]
    first()
    first()
    vi.advanceTimersByTime(5000)
    expect(gone).toEqual([])
    second()
    vi.advanceTimersByTime(1000)
    expect(gone).toEqual(['a'])
  })

  it('is gone without a word when all is closed', () => {
    const { clients, gone } = watched()
    clients.connected('a')()
    clients.close()
    vi.advanceTimersByTime(5000)
    expect(gone).toEqual([])
  })
})
