import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sessionWork } from '../../../src/main/session/work.ts'
import { randomFrom } from '../../fuzz/random.ts'
import { newPlace, writeExample } from './example.ts'
import { killInTheMidst, startSaver } from './kill-saver.ts'

describe('a session whose program dies', () => {
  // `npm run torture:sessions` does so a thousand times.
  it('is the old one or the new one, whole, and nothing stays beside it', async () => {
    const path = newPlace()
    const random = randomFrom('kills')
    for (let kill = 0; kill < 20; kill++)
      expect(await killInTheMidst(path, random.below(80))).toBeNull()
    await writeExample(path)
    expect(readdirSync(dirname(path))).toEqual(['a.lamella'])
  })

  it('is locked while that lives, and free once it is dead', async () => {
    const path = newPlace()
    await writeExample(path)
    const saver = startSaver(path, 'lock')
    await saver.speaks()
    const work = sessionWork()
    try {
      expect(saver.last()).toBe('held')
      expect(await work.lock({ path })).toBe('taken')
    } finally {
      await saver.kill()
    }
    expect(await work.lock({ path })).toBe('held')
    const other = sessionWork()
    expect(await other.lock({ path })).toBe('taken')
    await work.close(null)
    expect(await other.lock({ path })).toBe('held')
    await other.close(null)
    expect(readdirSync(dirname(path))).toEqual(['a.lamella'])
  })
})

describe.skipIf(process.platform !== 'linux')('a session that the disk does not take', () => {
  it('stays as it was, whichever write fails, and is saved once there is room', () => {
    const path = newPlace()
    const script = `
      import { execFileSync } from 'node:child_process'
      import { readFileSync, readdirSync } from 'node:fs'
      import { dirname } from 'node:path'
      import { sessionWork } from './src/main/session/work.ts'
      import { writeExample } from './test/main/session/example.ts'
      const path = ${JSON.stringify(path)}
      const limit = bytes => execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=' + bytes + ':'])
      const before = await writeExample(path, 'first', sessionWork(), 2 ** 16)
      const told = new Set()
      for (let bytes = 0; bytes < before.length; bytes += 8192) {
        limit(bytes)
        const error = await writeExample(path, 'other', sessionWork(), 2 ** 16).catch(error => error)
        told.add(error.code + ': ' + error.message)
        if (!readFileSync(path).equals(before)) told.add('changed at ' + bytes)
      }
      limit('unlimited')
      await writeExample(path, 'other', sessionWork(), 2 ** 16)
      const { content } = await sessionWork().read({ path })
      console.log(JSON.stringify([[...told], content.window, readdirSync(dirname(path))]))`
    const words = ['--input-type=module-typescript', '-e', script]
    const said = execFileSync(process.execPath, words, {
      encoding: 'utf8',
      cwd: join(import.meta.dirname, '../../..')
    })
    expect(JSON.parse(said)).toEqual([
      ['file-unwritable: a.lamella: the system does not take it'],
      { tabs: ['other'] },
      ['a.lamella']
    ])
  })
})
