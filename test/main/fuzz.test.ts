import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fuzz } from '../fuzz/fuzz.ts'
import { randomFrom } from '../fuzz/random.ts'
import { planted } from '../fuzz/targets/planted.ts'

/** The first case that has this fault planted. */
function caseOf(fault: string): number {
  for (let index = 0; ; index++)
    if (planted.make(randomFrom(`7/planted/${index}`)).files['fault'] === fault) return index
}

async function findingsOf(fault: string): Promise<readonly [what: string, detail: string][]> {
  // A fault is found before its time is over, but for one that is its taking too long.
  const caseLimit = { hang: 100, slow: 1000 }[fault] ?? 2 ** 27
  const one = { target: 'planted', seed: 7, from: caseOf(fault), count: 1 }
  const { findings } = await fuzz({ ...one, seconds: 3600, caseLimit })
  for (const { kept } of findings) rmSync(kept, { recursive: true })
  return findings.map(({ what, detail }) => [what, detail])
}

const text = (pattern: RegExp) => expect.stringMatching(pattern) as string

describe.skipIf(process.platform !== 'linux')('fuzzing finds', () => {
  it.each([
    ['untyped', 'an untyped error', text(/^TypeError: planted/)],
    ['unhandled', 'an error that nobody handled', text(/^Error: planted and left alone/)],
    ['outside', 'a file outside the folder was opened', text(/\/outside\/secret\.json$/)],
    ['memory', 'memory', text(/^3\d\d MB, over 256 MB$/)],
    ['program', 'an untyped error', text(/Access to this API has been restricted/)],
    ['crash', 'the process died', text(/crash/)],
    ['hang', 'no end after 1 s', text(/^$/)]
  ])('what is planted: %s', async (fault, what, detail) => {
    expect(await findingsOf(fault)).toEqual([[what, detail]])
  })

  it.each(['refused', 'slow'])('nothing in what is as it should be: %s', async fault => {
    expect(await findingsOf(fault)).toEqual([])
  })
})

describe('a case', () => {
  it('is the same again for the same seed, and another for the next', () => {
    const numbers = (seed: string) => [...randomFrom(seed).bytes(64)]
    expect(numbers('1/zip/5')).toEqual(numbers('1/zip/5'))
    expect(numbers('1/zip/5')).not.toEqual(numbers('1/zip/6'))
  })
})
