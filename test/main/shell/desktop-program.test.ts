import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../golden/workbench.ts'
import { runDesktop } from '../../../src/main/shell/desktop-program.ts'

/** A program in Electron's place. */
function program(script: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'lamella-program-')), 'electron')
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

const missingLibrary = `
  echo "electron: error while loading shared libraries: libnss3.so: not found" >&2
  exit 127`

describe.skipIf(process.platform === 'win32')('the desktop’s program', () => {
  it('ends well without a reason', async () => {
    expect(await runDesktop(program('exit 0'), '/')).toEqual({
      status: 0,
      reason: null,
      atOnce: true
    })
  })

  it('says why it ended, and whether it had started', async () => {
    const reason =
      'exit code 127: electron: error while loading shared libraries: libnss3.so: not found'
    const ended = (startup: number) => runDesktop(program(missingLibrary), '/', startup)
    expect(await ended(60_000)).toEqual({ status: 127, reason, atOnce: true })
    expect(await ended(0)).toEqual({ status: 127, reason, atOnce: false })
  })

  it('says by which signal it ended', async () => {
    expect(await runDesktop(program('kill -SEGV $$'), '/')).toMatchObject({
      status: 1,
      reason: 'signal SIGSEGV'
    })
  })

  it('says that it cannot be run', async () => {
    expect(await runDesktop('/no/such/program', '/')).toMatchObject({
      status: 1,
      reason: 'spawn /no/such/program ENOENT'
    })
  })
})

describe.skipIf(process.platform === 'win32')('npm start', () => {
  function start(script: string) {
    const started = spawn(process.execPath, [join(projectRoot, 'src/main/shell/start.ts')], {
      env: {
        ...process.env,
        SSH_CONNECTION: '',
        DISPLAY: ':0',
        // Nothing here opens a browser.
        PATH: '/usr/bin:/bin',
        ELECTRON_OVERRIDE_DIST_PATH: join(program(script), '..'),
        LAMELLA_DATA: mkdtempSync(join(tmpdir(), 'lamella-start-')),
        LAMELLA_SHELL: ''
      }
    })
    const said = { out: '', err: '' }
    started.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
    started.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
    const ended = new Promise<number | null>(resolve => started.on('close', resolve))
    return { started, said, ended }
  }

  it('says what Electron said that cannot start, and serves instead', async () => {
    const { started, said, ended } = start(missingLibrary)
    await expect.poll(() => said.out).toMatch(/^Lamella is at http/m)
    expect(said.out).toMatch(
      /^Electron cannot start here \(exit code 127: .*libnss3.so: not found\); serving the window to a browser instead\n/
    )
    started.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  it('says how a desktop ended that had started, with its status', async () => {
    const { said, ended } = start('sleep 6; echo "FATAL Error: out of memory" >&2; exit 3')
    expect(await ended).toBe(3)
    expect(said.err).toContain('The desktop ended (exit code 3: FATAL Error: out of memory)')
    expect(said.out).toBe('')
  })

  it('passes on to the desktop that it is to end', async () => {
    const { started, said, ended } = start(
      'trap "exit 0" TERM; echo up; for i in $(seq 300); do sleep 0.1; done'
    )
    await expect.poll(() => said.out).toBe('up\n')
    started.kill('SIGTERM')
    expect([await ended, said.err]).toEqual([0, ''])
  })
})
