import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openTraceCache } from '../../../src/main/trace/cache.ts'
import { built } from '../../built.ts'
import { halfNoise } from './values.ts'

it('what was told as stored is there after a kill, and all else is whole or computed again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-killed-'))
  const program = join(import.meta.dirname, 'keeper.ts')
  const keeper = spawn(process.execPath, [program, folder, built.traceEntry], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let said = ''
  keeper.stdout.on('data', (text: Buffer) => (said += text.toString()))
  await once(keeper, 'close')
  const stored = new Set(said.split('\n').slice(0, -1))
  expect(stored.size).toBe(20)
  const cache = openTraceCache({ entry: built.traceEntry, folder, limitBytes: 2 ** 30 })
  for (let i = 0; i < 200; i++) {
    const kept = await cache.get('run', `${i}`)
    if (stored.has(`${i}`)) expect(kept, `value ${i}`).not.toBeNull()
    if (kept !== null) expect(kept.data).toEqual(new Float32Array(halfNoise(20_000, i).data))
  }
  await cache.close()
  rmSync(folder, { recursive: true })
})
