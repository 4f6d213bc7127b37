import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EarlierFormat } from '../../../src/main/session/earlier-formats.ts'
import { sessionWork } from '../../../src/main/session/work.ts'
import { outcome } from '../checkpoint/temporary.ts'
import { exampleContent, newPlace, stream, writeExample } from './example.ts'
import { writeZeroth, zeroth } from './zeroth.ts'

const golden = join(import.meta.dirname, 'golden')

/** Numbers as `golden` has them: JSON knows no −0 and no NaN. */
const texts = (numbers: ArrayLike<number>) =>
  Array.from(numbers, number => (Object.is(number, -0) ? '-0' : String(number)))

interface Golden {
  readonly saved: unknown
  readonly content: unknown
  readonly models: unknown
  readonly runs: unknown
  readonly values: readonly {
    readonly run: string
    readonly hook: string
    readonly precision: string
    readonly shape: readonly number[]
    readonly numbers: readonly string[]
  }[]
  readonly result: {
    readonly axes: unknown
    readonly attributes: unknown
    readonly variables: Readonly<
      Record<string, { readonly data: readonly string[]; readonly type: string }>
    >
  }
}

describe('a session of every version that was ever shipped', () => {
  // One is added with every version; none is ever changed.
  it.each(['version-1'])('%s opens, with all that was in it', async version => {
    const path = join(golden, `${version}.lamella`)
    const before = readFileSync(path)
    const wanted = JSON.parse(readFileSync(join(golden, `${version}.json`), 'utf8')) as Golden
    const work = sessionWork()
    const { saved, content, models, runs, notes } = await work.read({ path })
    expect({ saved, content, models, runs }).toEqual({
      saved: wanted.saved,
      content: wanted.content,
      models: wanted.models,
      runs: wanted.runs
    })
    expect(notes).toEqual([])
    for (const { run, hook, numbers, ...told } of wanted.values) {
      const { value, precision } = (await work.value({ run, hook }))!
      expect({ precision, shape: value.shape }).toEqual(told)
      expect(texts(value.data)).toEqual(numbers)
    }
    const { axes, attributes, variables } = (await work.result({ key: 'k' }))!
    expect({ axes, attributes }).toEqual({
      axes: wanted.result.axes,
      attributes: wanted.result.attributes
    })
    const shown = Object.entries(variables).map(([name, { data, ...told }]) => [
      name,
      { ...told, data: texts(data), type: data.constructor.name }
    ])
    expect(Object.fromEntries(shown)).toEqual(wanted.result.variables)
    expect((await work.check(null)).damaged).toEqual([])
    expect(readFileSync(path).equals(before)).toBe(true)
  })
})

describe('a session of an earlier version', () => {
  it('is brought forward in memory, and stays beside the one that it is saved as', async () => {
    const path = newPlace()
    const old = await writeZeroth(path)
    const work = sessionWork([zeroth])
    const { content, notes } = await work.read({ path })
    expect(content).toEqual(exampleContent())
    expect(notes).toEqual([
      'a.lamella: was saved by an earlier Lamella; once it is saved here it stays as a.lamella.v0 beside'
    ])
    expect((await work.value({ run: 'f00d', hook: stream.hook }))!.value.data).toEqual(
      stream.value.data
    )
    expect(await work.check(null)).toMatchObject({ isWhole: true, damaged: [] })
    expect(readFileSync(path).equals(old)).toBe(true)
    expect(readdirSync(dirname(path))).toEqual(['a.lamella'])

    await writeExample(path, 'second', work)
    await writeExample(path, 'third', work)
    // What was kept first is what it was before anything was written.
    expect(readFileSync(`${path}.v0`).equals(old)).toBe(true)
    expect(readdirSync(dirname(path)).sort()).toEqual(['a.lamella', 'a.lamella.v0'])
    // As any other Lamella of this version reads it.
    const now = await sessionWork().read({ path })
    expect(now).toMatchObject({ content: exampleContent('third'), notes: [] })
  })

  it('is refused where no step is known, or it is not what that version wrote', async () => {
    const path = newPlace()
    const old = await writeZeroth(path)
    const read = (earlier?: readonly EarlierFormat[]) =>
      outcome(Promise.resolve().then(() => sessionWork(earlier).read({ path })))
    expect(await read()).toBe(
      'file-invalid: a.lamella: is a session of version 0, which was never written'
    )
    const broken: EarlierFormat = { ...zeroth, next: rows => new Map([...rows, ['content', []]]) }
    expect(await read([broken])).toMatch(/^file-invalid: a\.lamella: is damaged: its /)
    const other: EarlierFormat = { ...zeroth, tables: zeroth.tables.slice(1) }
    expect(await read([other])).toMatch(/holds "table meta", which no session has/)
    expect(readFileSync(path).equals(old)).toBe(true)
  })
})
