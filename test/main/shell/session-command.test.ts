import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryTransport } from '#common/contract/memory-transport.ts'
import { connectApi, serveApi } from '#common/contract/rpc.ts'
import { sessionWork } from '../../../src/main/session/work.ts'
import { runCommand } from '../../../src/main/shell/cli/run.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { projectRoot, shakespeare, startWorkbench } from '../../golden/workbench.ts'

const example = join(projectRoot, 'resources/example.lamella')
const folder = mkdtempSync(join(tmpdir(), 'lamella-session-command-'))

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

/** How a command ends, what it prints, and whether it asked that nothing computed before is used. */
async function session(...words: string[]) {
  let out = ''
  let err = ''
  let isAnew = false
  const status = await runCommand(
    {
      version: '1.2.3',
      print: text => (out += text),
      printError: text => (err += text),
      interrupted: () => new AbortController().signal,
      withClient: async (use, anew = false) => {
        isAnew = anew
        const { client, server, close } = memoryTransport()
        serveApi(workbench, server)
        await use(connectApi(client)).finally(close)
      },
      serve: () => Promise.reject(new Error('not asked for'))
    },
    ['session', ...words]
  )
  return { status, out, err, isAnew }
}

/** The example with another number, or none, in place of one of a value, and with another token. */
async function changedExample(name: string, number: number): Promise<string> {
  const path = join(folder, name)
  const from = sessionWork()
  const to = sessionWork()
  const { models, runs, content } = await from.read({ path: example })
  await to.begin({ path })
  await to.putJson({ table: 'models', key: 'm', json: models[0]! })
  const [run] = runs as [string]
  const { id } = JSON.parse(run) as { id: string }
  const other = Number.isNaN(number) ? run.replace('"piece":"B"', '"piece":"Z"') : run
  await to.putJson({ table: 'runs', key: id, json: other })
  for (const hook of ['logits', 'blocks.1.hook_resid_post']) {
    const { value, precision } = (await from.value({ run: id, hook }))!
    if (hook === 'logits') value.data[7]! += number
    await to.putValue({ run: id, hook, value, precision, bySlice: false })
  }
  await to.finish({ content, saved: { at: 0, version: '0', keep: 'seen' } })
  return path
}

describe('the command session', () => {
  it('tells what is in a session, and leaves it as it is', async () => {
    const before = readFileSync(example)
    const { status, out, err, isAnew } = await session(example)
    expect(err).toBe(`shakespeare-char: lies at ${shakespeare} now\n`)
    expect(status).toBe(0)
    expect(isAnew).toBe(false)
    expect(out).toMatch(/^keeps {5}what was looked at$/m)
    expect(out).toMatch(/^runs {6}1, 1 with their tokens$/m)
    expect(out).toMatch(/^values {4}9, [\d,]+ bytes$/m)
    expect(out).toContain(`shakespeare-char  there  ${shakespeare}`)
    const json = await session(example, '--json')
    expect(JSON.parse(json.out)).toMatchObject({
      saved: { keep: 'seen', bytes: before.length },
      models: [{ name: 'shakespeare-char', state: 'here', foundAt: shakespeare }],
      content: { library: [{ name: 'Balcony' }] },
      kept: {
        results: [{ request: { name: 'head-scores' } }, { request: { name: 'predictions' } }]
      }
    })
    expect(readFileSync(example).equals(before)).toBe(true)
  })

  it('computes the shipped example again, to less than 1e-4 of what it keeps', async () => {
    const { status, out, isAnew } = await session(example, '--rerun', '--json')
    expect(status).toBe(0)
    expect(isAnew).toBe(true)
    const { largest, values } = JSON.parse(out) as {
      largest: number
      values: { what: string; difference: number | null; problem: string | null }[]
    }
    expect(largest).toBeLessThan(1e-4)
    expect(values).toHaveLength(11)
    for (const { difference, problem } of values) {
      expect(problem).toBeNull()
      expect(difference).toBeLessThan(1e-4)
    }
  })

  it('ends with 1 where a number is another one now, and names it', async () => {
    const { status, out, err } = await session(
      await changedExample('changed.lamella', 0.01),
      '--rerun'
    )
    expect(status).toBe(1)
    expect(out).toMatch(/^logits of "But, soft.* 0\.0\d+$/m)
    expect(out).toMatch(/^blocks\.1\.hook_resid_post of .* 0(\.00000\d+)?$/m)
    expect(out).toMatch(/^largest of all 2: 0\.0\d+$/m)
    expect(err).toMatch(/changed\.lamella: 1 of 2 are not what was kept: logits of/)
  })

  it('says what could not be compared, and which tokens are others', async () => {
    const changed = await changedExample('unlike.lamella', NaN)
    const { status, out, err } = await session(changed, '--rerun')
    expect(status).toBe(1)
    expect(out).toMatch(/^tokens of "But, soft.* are others now$/m)
    expect(out).toMatch(/^logits of .* where NaN was$/m)
    expect(out).toMatch(/^2 of 3 could not be compared; largest of the others: 0/m)
    expect(err).toMatch(/2 of 3 are not what was kept: tokens of/)
    const { out: json } = await session(changed, '--rerun', '--json')
    expect(JSON.parse(json)).toMatchObject({ compared: 1, notCompared: 2 })
  })

  it('reads every value against its checksum, and names those that are damaged', async () => {
    expect(await session(example, '--check')).toMatchObject({
      status: 0,
      out: `${example}: 33 parts, all as they were saved\n`
    })
    const bytes = readFileSync(example)
    bytes[bytes.length - 5000]! ^= 1
    const path = join(folder, 'damaged.lamella')
    writeFileSync(path, bytes)
    const { status, out, err } = await session(path, '--check')
    expect(status).toBe(1)
    expect(out).toMatch(/^(trace_values|results): \w+/)
    expect(err).toMatch(/damaged\.lamella: 1 of 33 parts are damaged/)
  })

  it('says what is wrong with what is no session', async () => {
    const path = join(folder, 'a.txt')
    writeFileSync(path, 'Dear')
    expect(await session(path)).toMatchObject({
      status: 1,
      err: 'a.txt: is no session of Lamella (Choose a file that Lamella saved.)\n'
    })
    expect((await session(join(folder, 'none.lamella'))).err).toMatch(/does not exist/)
    expect((await session(example, '--check', '--rerun')).status).toBe(2)
  })
})
