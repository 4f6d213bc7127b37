import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { shakespeare } from '../../golden/workbench.ts'
import { builtCommand } from '../../built.ts'

let root: string
let data: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamella-waited-for-'))
  data = join(root, 'data')
  mkdirSync(data)
})
afterEach(() => rmSync(root, { recursive: true }))

/** A command to its end; one that waits for something is killed with its test. */
function command(...words: string[]): Promise<{ status: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [builtCommand, ...words], {
    env: { ...process.env, LAMELLA_DATA: data, TMPDIR: root }
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { out: '', err: '' }
  child.stdout.on('data', (text: Buffer) => (said.out += text.toString()))
  child.stderr.on('data', (text: Buffer) => (said.err += text.toString()))
  return new Promise(resolve => child.once('close', status => resolve({ status, ...said })))
}

const pipe = (...path: string[]) => {
  execFileSync('mkfifo', [join(...path)])
  return join(...path)
}
const predicting = ['predict', shakespeare, '--text', 'To be', '--top', '1']

describe.runIf(process.platform === 'linux')('a named pipe', () => {
  it('is not waited for in place of any file of the data folder', async () => {
    for (const name of ['settings.json', 'recent.json', 'workspace.json', 'trace.sqlite'])
      pipe(data, name)
    for (const suffix of ['-wal', '-shm', '-journal']) pipe(data, `trace.1.sqlite${suffix}`)
    expect(await command(...predicting)).toMatchObject({ status: 0, err: '' })
    expect(statSync(join(data, 'trace.2.sqlite')).size).toBeGreaterThan(0)
  })

  it('is not waited for where a cache that is there would have its journal', async () => {
    await command(...predicting)
    pipe(data, 'trace.sqlite-journal')
    expect(await command(...predicting)).toMatchObject({ status: 0, err: '' })
    expect(statSync(join(data, 'trace.1.sqlite')).size).toBeGreaterThan(0)
  })

  it('is not waited for where a result is kept', async () => {
    const text = join(root, 'text')
    writeFileSync(text, 'To be, or not to be')
    const analysing = ['analyse', 'head-scores', shakespeare, '--text-file', text]
    analysing.push('--provider', 'cpu')
    const first = await command(...analysing)
    expect(first).toMatchObject({ status: 0 })
    const kept = join(data, 'analyses')
    const [name] = execFileSync('ls', [kept]).toString().trim().split('\n')
    expect(name).toMatch(/\.dataset$/)
    rmSync(join(kept, name!))
    pipe(kept, name!)
    expect(await command(...analysing)).toMatchObject({ status: 0, out: first.out })
  })

  it.each(['predict', 'analyse'])('is no text for %s', async name => {
    const file = pipe(root, 'pipe')
    const words = name === 'predict' ? [name] : [name, 'head-scores']
    expect(await command(...words, shakespeare, '--text-file', file)).toEqual({
      status: 1,
      out: '',
      err: 'pipe: is a named pipe, not a file (Write what it gives into a file first.)\n'
    })
  })

  it('that has no name is no text', async () => {
    expect(await command('predict', shakespeare, '--text-file', '/dev/stdin')).toEqual({
      status: 1,
      out: '',
      err: 'stdin: is a socket, not a file (Write what it gives into a file first.)\n'
    })
  })
})

describe.runIf(process.platform === 'linux')('what the system makes up as it is read', () => {
  it.each(['predict', 'analyse'])('is no text for %s', async name => {
    const words = name === 'predict' ? [name] : [name, 'head-scores']
    const said = await command(...words, shakespeare, '--text-file', '/proc/self/mountinfo')
    expect(said).toEqual({
      status: 1,
      out: '',
      err: 'mountinfo: has no size, but holds something: it is no file on a disk (Write what it gives into a file first.)\n'
    })
  })
})
