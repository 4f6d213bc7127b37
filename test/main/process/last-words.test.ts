import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { lastWords } from '../../../src/main/process/last-words.ts'

describe('lastWords', () => {
  const loader = `node:internal/modules/cjs/loader:1228
  throw err;
  ^

Error [ERR_X]: Cannot find module '/x'
    at Function._resolveFilename (node:internal/modules/cjs/loader:1225:15) {
  code: 'ERR_X'
}

Node.js v24.1.0
`
  it.each([
    ['', ''],
    ['one\ntwo\n\n', 'two'],
    ['terminate called\n  what():  std::bad_alloc\n', 'what():  std::bad_alloc'],
    [loader, "Error [ERR_X]: Cannot find module '/x'"],
    ['RangeError: first\nTypeError: second\nNode.js v24.1.0\n', 'TypeError: second'],
    [`${'x'.repeat(10_000)}\nlast`, 'last'],
    // V8 says why before a long trace; of what goes on and on the end alone is kept.
    [`FATAL ERROR: out of memory\n${'frame\n'.repeat(5_000)}`, 'FATAL ERROR: out of memory'],
    [`Error: of long ago\n${'frame\n'.repeat(12_000)}`, 'frame']
  ])('of %.40j', async (text, expected) => {
    const stderr = new PassThrough()
    const said = lastWords(stderr)
    for (const part of text.match(/.{1,7}/gs) ?? []) stderr.write(part)
    stderr.end()
    expect(await said()).toBe(expected)
  })

  it('does not wait for ever for a stream that stays open', async () => {
    const stderr = new PassThrough()
    const said = lastWords(stderr)
    stderr.write('dying')
    expect(await said()).toBe('dying')
    expect(await lastWords(null)()).toBe('')
  })

  it('waits for what a process said before it ended', async () => {
    const stderr = new PassThrough()
    const said = lastWords(stderr)()
    stderr.end('late')
    expect(await said).toBe('late')
  })
})
