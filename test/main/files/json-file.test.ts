import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson, readJsonFile } from '../../../src/main/files/json-file.ts'
import { namedFile } from '../../../src/main/files/folder.ts'
import { outcome, temporaryFolder } from '../checkpoint/temporary.ts'

const readNamed = async (path: string, limit: number) => readJsonFile(await namedFile(path), limit)

async function read(content: string | Uint8Array): Promise<unknown> {
  const path = join(await temporaryFolder(), 'config.json')
  await writeFile(path, content)
  return outcome(readNamed(path, 1_000_000))
}

describe('a JSON file', () => {
  it('gives its value, with or without a byte order mark', async () => {
    expect(await read('{"a": [1, -2.5e3, "é\\n", true, null, {}]}')).toEqual({
      a: [1, -2500, 'é\n', true, null, {}]
    })
    expect(await read('\ufeff{"a":1}')).toEqual({ a: 1 })
    expect(await read(' 7 ')).toBe(7)
  })

  it('keeps __proto__ a plain key and the last of two equal ones', async () => {
    const value = await read('{"__proto__":{"polluted":1},"a":1,"a":2}')
    expect(Object.keys(value as object)).toEqual(['__proto__', 'a'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect((value as { a: number }).a).toBe(2)
  })

  it.each([
    ['', 'ends where a value was expected'],
    ['{"a":1', 'ends where "}" was expected'],
    ['{"a":"b', 'ends in the middle of a string'],
    ['{"a":\\}', 'is not JSON: expected a value at byte 5, got "\\"'],
    ['{a:1}', 'is not JSON: expected a string at byte 1, got "a"'],
    ['[1,]', 'is not JSON: expected a value at byte 3, got "]"'],
    ['[1 2]', 'is not JSON: expected "]" at byte 3, got "2"'],
    ['{"a" 1}', 'is not JSON: expected ":" at byte 5, got "1"'],
    ['{} {}', 'is not JSON: something follows the end at byte 3'],
    ['NaN', 'is not JSON: expected a value at byte 0, got "N"'],
    ['[1e]', 'is not JSON: expected a number at byte 1, got "1"'],
    ['"\u0001"', 'is not JSON: a bare control character at byte 1'],
    ['{\n "a": "é", oops\n}', 'is not JSON: expected a string at line 2, column 12, got "o"'],
    ['[1,\n2]\n3', 'is not JSON: something follows the end at line 3, column 1'],
    ['['.repeat(100_000), 'is nested deeper than 128 levels'],
    ['{"a":'.repeat(100_000), 'is nested deeper than 128 levels']
  ])('of %j is refused', async (content, error) => {
    expect(await read(content)).toBe(`file-invalid: config.json: ${error}`)
  })

  it('that is not UTF-8, missing or a folder is refused', async () => {
    expect(await read(Buffer.from('\ufeff{}', 'utf16le'))).toBe(
      'file-invalid: config.json: is not UTF-8 text'
    )
    const folder = await temporaryFolder()
    expect(await outcome(readNamed(join(folder, 'config.json'), 10))).toBe(
      'not-found: config.json: does not exist'
    )
    expect(await outcome(readNamed(folder, 10))).toMatch(/is a folder, not a file$/)
  })

  it('of 1 GB is refused unread', async () => {
    const path = join(await temporaryFolder(), 'config.json')
    await writeFile(path, '{')
    await truncate(path, 2 ** 30)
    const before = process.memoryUsage().rss
    expect(await outcome(readNamed(path, 16_000_000))).toBe(
      'file-invalid: config.json: 1073741824 bytes exceed the limit of 16000000 for such a file'
    )
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6)
  })

  it('may be asked to have no key twice, at any level', () => {
    const refuse = (text: string) => () =>
      parseJson(Buffer.from(text), 'x:', { duplicateKeys: 'refuse' })
    expect(refuse('[{"a":{"b":1,"c":[{}],"b":1}}]')).toThrow('x: has the duplicate key "b"')
    expect(refuse('{"a":1,"\\u0061":1}')).toThrow('x: has the duplicate key "a"')
    expect(refuse('{"a":{"a":{"a":1}},"b":{"a":1}}')()).toBeTruthy()
  })

  it('may have the words that Python writes for numbers that are not finite, where that is allowed', () => {
    const text = '{"a": NaN, "é": [Infinity, -Infinity, "NaN"], "b": 1}'
    const read = parseJson(Buffer.from(text), 'x:', { notFinite: 'accept' })
    expect(read).toEqual({ a: 'NaN', é: ['Infinity', '-Infinity', 'NaN'], b: 1 })
    expect(() => parseJson(Buffer.from(text), 'x:')).toThrow('x: is not JSON: expected a value')
    expect(() => parseJson(Buffer.from('[NaN1]'), 'x:', { notFinite: 'accept' })).toThrow('x: ')
  })
})

describe('the reader under it', () => {
  const accepts = (text: string): boolean => {
    try {
      parseJson(Buffer.from(text), '')
      return true
    } catch {
      return false
    }
  }
  const nativeAccepts = (text: string): boolean => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }

  it('gives every JSON value as it is', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6, stringUnit: 'binary' }), text => {
        expect(parseJson(Buffer.from(text), '')).toEqual(JSON.parse(text))
      })
    )
  })

  it('accepts what JSON.parse accepts, and nothing else', () => {
    const piece = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '"a"',
        '"b"',
        '\\',
        '\\u00e9',
        '0',
        '1',
        '-',
        '.',
        'e'
      ],
      ...[' ', '\n', 'true', 'null', 'é', '\u00a0', '\0', '[]', '{}', '"a":1', '1.5', '1e9']
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), pieces => {
        const text = pieces.join('')
        expect(accepts(text), text).toBe(nativeAccepts(text))
      }),
      { numRuns: 5000 }
    )
  })
})
