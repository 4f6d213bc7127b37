import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import { connectionLost } from '#common/contract/rpc.ts'
import { LamellaError } from '#common/model/errors.ts'
import { useStatus } from '../../../src/renderer/src/stores/status.ts'

beforeEach(() => setActivePinia(createPinia()))

it('counts how often the connection came back, not how often it is there', () => {
  const status = useStatus()
  for (const up of [true, false, false, true, true, false, true]) status.setConnection(up)
  expect([status.reconnections, status.connected]).toEqual([2, true])
})

it('offers the providers of this machine, and the one that was chosen on another', () => {
  const status = useStatus()
  expect(status.choices).toEqual(['auto', 'cpu'])
  status.choice = 'webgpu'
  expect(status.choices).toContain('webgpu')
})

it('is refused until it is connected', () => {
  const status = useStatus()
  status.setConnection(false)
  status.refused = true
  status.setConnection(false)
  expect(status.refused).toBe(true)
  status.setConnection(true)
  expect(status.refused).toBe(false)
})

it('tells of what failed for want of the connection, until that is there', () => {
  const status = useStatus()
  const [lost, other] = [connectionLost(), new LamellaError('not-found', 'gone')]
  expect([status.tells(lost), status.tells(other)]).toEqual([false, false])
  status.setConnection(false)
  expect([status.tells(lost), status.tells(other)]).toEqual([true, false])
  status.setConnection(true)
  expect(status.tells(lost)).toBe(false)
})
