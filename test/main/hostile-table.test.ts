import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** `test/bad/README.md` says of each hostile input where it is tested: that is so. */
const root = join(import.meta.dirname, '..')
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map(path => path.replaceAll('\\', '/'))
  .filter(path => path.endsWith('.ts'))
const sections = readFileSync(join(root, 'bad/README.md'), 'utf8').split(/^## /m).slice(1)

interface Row {
  readonly cells: readonly string[]
  readonly section: string
}

const rows: Row[] = sections.flatMap(section => {
  const lines = section.split('\n').filter(line => /^\|(?! ?(row|input|-))/.test(line))
  return lines.map(line => ({ cells: line.split('|').slice(1, -1), section }))
})

const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word!)
const isFile = (word: string) => /^[\w./-]+\.ts$/.test(word)

/** The files that a word such as `pickle.test.ts` or `test/main/fuzz.test.ts` names. */
function filesOf(word: string): string[] {
  const path = word.replace(/^test\//, '')
  return sources.filter(source => source === path || source.endsWith(`/${path}`))
}

const textOf = (file: string) => readFileSync(join(root, file), 'utf8').replaceAll('\\', '')

/** What is said of a test, in order: `…` stands for anything. */
function isIn(text: string, title: string): boolean {
  const parts = title.split('…').map(part => part.trim())
  return parts.every(part => text.includes(part))
}

it('names files that are there', () => {
  const named = sections.flatMap(quoted).filter(isFile)
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter(word => filesOf(word).length === 0)).toEqual([])
})

it('names tests that are there, in the files that it names', () => {
  const missing = rows.flatMap(({ cells, section }) => {
    const words = quoted(cells.at(-1)!)
    const prose = section.replace(/^\|.*$/gm, '')
    const files = [...words, ...quoted(prose)].filter(isFile).flatMap(filesOf)
    const made = sources.filter(source => /^bad\/[\w-]+\.ts$/.test(source))
    const text = [...files, ...made].map(textOf).join('\n')
    const titles = words.filter(word => !isFile(word))
    return titles.filter(title => !isIn(text, title)).map(title => `${cells[0]!.trim()}: ${title}`)
  })
  expect(missing).toEqual([])
})

it('names a test for each row', () => {
  const without = rows.filter(({ cells }) => quoted(cells.at(-1)!).length === 0)
  expect(without.map(({ cells }) => cells[0])).toEqual([])
})

it('has every row', () => {
  const numbers = rows.flatMap(({ cells: [first = ''] }) => {
    const [, from, to = from] = /^(\d+)(?:–(\d+))?$/.exec(first.trim()) ?? []
    return from === undefined
      ? []
      : Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i)
  })
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 82 }, (_, i) => i + 1))
})
