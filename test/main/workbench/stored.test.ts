import { execFile, execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { stored } from '../../../src/main/workbench/stored.ts'
import { outcome } from '../checkpoint/temporary.ts'

const newFolder = () => mkdtempSync(join(tmpdir(), 'lamella-stored-'))
const module = join(import.meta.dirname, '../../../src/main/workbench/stored.ts')
const ran = (script: string) =>
  promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', script], {
    cwd: join(import.meta.dirname, '../../..')
  })
const Words = z.array(z.string())

describe('a small file', () => {
  it('is read as it was written last, and is for its user alone', async () => {
    const file = join(newFolder(), 'data', 'words.json')
    const words = stored(file, Words, [])
    expect(await words.read()).toEqual([])
    await Promise.all([words.write(['one']), words.write(['two'])])
    expect(await words.read()).toEqual(['two'])
    expect(readdirSync(join(file, '..'))).toEqual(['words.json'])
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('that cannot be written says why, and leaves nothing', async () => {
    const folder = newFolder()
    const file = join(folder, 'words.json')
    mkdirSync(file)
    expect(await outcome(stored(file, Words, []).write(['one']))).toBe(
      'file-unwritable: words.json: is a folder, not a file'
    )
    expect(readdirSync(folder)).toEqual(['words.json'])
    writeFileSync(join(folder, 'file'), '')
    const within = join(folder, 'file', 'words.json')
    expect(await outcome(stored(within, Words, []).write(['one']))).toMatch(
      /^file-unwritable: words\.json: a file stands where its folder should be/
    )
  })

  it('that several programs change at the same time has what each of them did', async () => {
    const file = join(newFolder(), 'data', 'words.json')
    const script = (program: string) => `
      import { stored } from ${JSON.stringify(module)}
      import { z } from 'zod'
      const words = stored(${JSON.stringify(file)}, z.array(z.string()), [])
      const change = i => words.change(before => [...before, ${JSON.stringify(program)} + i])
      await Promise.all(Array.from({ length: 20 }, (_, i) => change(i)))`
    const programs = ['a', 'b', 'c']
    await Promise.all(programs.map(program => ran(script(program))))
    const own = programs.flatMap(program => Array.from({ length: 20 }, (_, i) => program + i))
    const written = await stored(file, Words, []).read()
    expect(written.toSorted()).toEqual(own.toSorted())
    // Each in the order in which it was asked for.
    const ofOne = written.filter(word => word.startsWith('a'))
    expect(ofOne).toEqual(own.slice(0, 20))
    expect(readdirSync(join(file, '..'))).toEqual(['words.json'])
  })

  it.runIf(process.platform === 'linux')('stays as it was where there is no room', () => {
    const folder = newFolder()
    const file = join(folder, 'words.json')
    writeFileSync(file, '["before"]')
    const script = `
      import { stored } from ${JSON.stringify(module)}
      import { z } from 'zod'
      const words = stored(${JSON.stringify(file)}, z.array(z.string()), [])
      const error = await words.write(['x'.repeat(100_000)]).catch(error => error)
      console.log(JSON.stringify([error.code, error.message, error.hint, await words.read()]))`
    const limited = 'ulimit -f 8; exec "$0" --input-type=module-typescript -e "$1"'
    const told = execFileSync('bash', ['-c', limited, process.execPath, script], {
      encoding: 'utf8',
      cwd: join(import.meta.dirname, '../../..')
    })
    expect(JSON.parse(told)).toEqual([
      'file-unwritable',
      'words.json: files so large are not allowed here',
      'Raise the limit and try again.',
      ['before']
    ])
    expect(readdirSync(folder)).toEqual(['words.json'])
    expect(readFileSync(file, 'utf8')).toBe('["before"]')
  })

  it.each([
    ['["one', 'not JSON'],
    ['', 'not JSON'],
    [Buffer.from('5b22ff225d', 'hex'), 'not UTF-8'],
    ['[1]', '0: expected a text, got 1'],
    ['{}', 'expected a list, got an object']
  ])(
    'that is damaged is told, and set aside before the next is saved: %j',
    async (content, how) => {
      for (const save of ['write', 'change'] as const) {
        const folder = newFolder()
        const file = join(folder, 'words.json')
        writeFileSync(file, content)
        writeFileSync(`${file}.damaged`, 'an earlier one')
        const told: string[] = []
        const words = stored(file, Words, ['usual'], message => void told.push(message))
        expect(await words.read()).toEqual(['usual'])
        expect(told).toEqual([
          `words.json: cannot be read (${how}), so it is taken for none; once another is saved it is kept as words.json.damaged-2`
        ])
        expect(readdirSync(folder)).toEqual(['words.json', 'words.json.damaged'])
        await (save === 'write' ? words.write(['a']) : words.change(before => [...before, 'a']))
        expect(await words.read()).toEqual(save === 'write' ? ['a'] : ['usual', 'a'])
        expect(readFileSync(`${file}.damaged-2`)).toEqual(Buffer.from(content))
        // What is whole is never set aside.
        await words.write(['b'])
        expect(readdirSync(folder)).toHaveLength(3)
        expect(readFileSync(`${file}.damaged`, 'utf8')).toBe('an earlier one')
        expect(told.every(message => message === told[0])).toBe(true)
      }
    }
  )

  it('is looked at before the first save, and not before each', async () => {
    const file = join(newFolder(), 'words.json')
    writeFileSync(file, '["before"]')
    let looks = 0
    const counted = Words.refine(() => ++looks > 0)
    const words = stored(file, counted, [], () => undefined)
    for (const word of ['a', 'b', 'c']) await words.write([word])
    expect(looks).toBe(1)
    expect(await words.read()).toEqual(['c'])
  })

  it('that is larger than anything that is kept so is not read, and set aside', async () => {
    const file = join(newFolder(), 'words.json')
    writeFileSync(file, '')
    truncateSync(file, 2 ** 26 + 1)
    const told: string[] = []
    const words = stored(file, Words, [], message => void told.push(message))
    expect(await words.read()).toEqual([])
    expect(told[0]).toContain('67108865 bytes exceed the limit of 67108864 for such a file')
    for (const word of ['a', 'b']) await words.write([word])
    expect(statSync(`${file}.damaged`).size).toBe(2 ** 26 + 1)
    expect(await words.read()).toEqual(['b'])
  })

  it('that is missing, or can be computed anew, tells of no damage and sets nothing aside', async () => {
    const file = join(newFolder(), 'words.json')
    const told: string[] = []
    await stored(file, Words, [], message => void told.push(message)).write(['a'])
    writeFileSync(file, 'damaged')
    await stored(file, Words, []).write(['a'])
    expect(told).toEqual([])
    expect(readdirSync(join(file, '..'))).toEqual(['words.json'])
  })

  it('that cannot be set aside stays', async () => {
    const file = join(newFolder(), 'words.json')
    writeFileSync(file, 'damaged')
    mkdirSync(`${file}.damaged`)
    for (let n = 2; n <= 20; n++) mkdirSync(`${file}.damaged-${n}`)
    expect(await outcome(stored(file, Words, [], () => undefined).write(['a']))).toMatch(
      /^file-unwritable: words\.json\.damaged-20: /
    )
    expect(readFileSync(file, 'utf8')).toBe('damaged')
  })
})
