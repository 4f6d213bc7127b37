import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectRoot, shakespeare } from '../../golden/workbench.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamella-interrupted-'))
})
afterEach(() => rmSync(root, { recursive: true }))

/** A command, with a data folder of its own and a folder `out` for what it writes. */
function started(...words: string[]) {
  const cli = join(projectRoot, 'src/main/shell/cli.ts')
  const child = spawn(process.execPath, [cli, ...words], {
    cwd: root,
    env: { ...process.env, INIT_CWD: root, LAMELLA_DATA: join(root, 'data'), TMPDIR: root }
  })
  let err = ''
  child.stderr.on('data', (text: Buffer) => (err += text.toString()))
  const ended = new Promise<{ status: number | null; err: string }>(resolve =>
    child.once('close', status => resolve({ status, err }))
  )
  return { child, ended }
}

const partial = () => readdirSync(root).filter(name => name.endsWith('.part'))
const text = 'To be, or not to be, that is the question. '.repeat(4)
const trace = [
  ...['trace', shakespeare, '--text', text],
  ...['--hooks', '*', '--out', 'o.safetensors']
]

describe.runIf(process.platform === 'linux')('a command that is in the middle of a file', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129]
  ] as const)('ends at %s with status %i and leaves nothing', async (signal, expected) => {
    const { child, ended } = started(...trace)
    await expect.poll(partial, { interval: 2, timeout: 30_000 }).toHaveLength(1)
    child.kill(signal)
    const { status, err } = await ended
    expect(status, err).toBe(expected)
    expect(err).toBe('Cancelled\n')
    expect(readdirSync(root)).toEqual(['data'])
  })

  it('leaves at most its part when it is killed, which the next one into that folder removes', async () => {
    const { child, ended } = started(...trace)
    await expect.poll(partial, { interval: 2, timeout: 30_000 }).toHaveLength(1)
    child.kill('SIGKILL')
    await ended
    expect(partial()).toHaveLength(1)
    const next = await started(...trace).ended
    expect(next).toMatchObject({ status: 0 })
    expect(readdirSync(root).sort()).toEqual(['data', 'o.safetensors'])
  })
})

describe('a command that would write over its model', () => {
  it.each(['trace', 'gradient', 'analyse'])(
    '%s: is refused before anything is computed',
    async name => {
      const model = join(root, 'model')
      cpSync(shakespeare, model, { recursive: true })
      const file = join(model, 'model.safetensors')
      const hash = () => createHash('sha256').update(readFileSync(file)).digest('hex')
      const before = hash()
      const words = {
        trace: ['trace', model, '--hooks', 'logits'],
        gradient: ['gradient', model, '--loss'],
        analyse: ['analyse', 'head-scores', file]
      }[name]!
      const { status, err } = await started(...words, '--text', 'ab', '--out', file).ended
      expect(status).toBe(1)
      expect(err).toBe(`${file}: is one of the files in use, of ${model} (Choose another name.)\n`)
      expect(hash()).toBe(before)
      expect(partial()).toEqual([])
    }
  )
})
