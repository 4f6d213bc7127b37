import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { csvFile, tablePlan } from '#common/data/dataset-csv.ts'
import { shellWord } from '#common/text/shell-word.ts'
import { visibleText } from '#common/text/visible-text.ts'

const variable = (axes: string[], length: number) => ({
  ...{ axes, unit: '', about: '' },
  data: new Float32Array(length)
})

const texts = [
  'plain-word_1.2:/a,b=c+d@e',
  '',
  '-rf',
  '=ls',
  '~/x',
  "it's",
  '$(touch x) `touch y` ${HOME} $HOME \\ "q" *?[a]{b,c}!!;&|<>()#',
  'To be\nor\n\n',
  "tabs\tand\r\n'quotes'\\n",
  '\u202edlrow\u2066\u00ad1',
  '\u001b[2J7',
  'שלום\u200f\n😀漢',
  'Speak, -- speak; =now',
  "x,=1'; touch x; '",
  'a "quoted," one;',
  '5,-17,3'
]

describe.skipIf(process.platform === 'win32')('a word of a shell', () => {
  it('is read as the text that it is, and nothing in it runs', () => {
    const line = texts.map(shellWord).join(' ')
    const words = execFileSync('bash', ['-c', `printf '%s\\0' ${line}`])
    expect(words.toString().split('\0').slice(0, -1)).toEqual(texts)
  })

  it('runs nothing in a plain shell either, which does not know all of it', () => {
    for (const text of ["\u001b'; echo ran; '", "\\'\u202e; echo ran; '"]) {
      const printed = execFileSync('sh', ['-c', `printf '' ${shellWord(text)}`])
      expect(printed.toString()).toBe('')
    }
  })
})

it('a command stands in a table as it is, whatever its words say: spreadsheets find no formula there', () => {
  const command = texts.map(shellWord).join(' ')
  const given = dataset({ token: axis(1) }, { value: variable(['token'], 1) }, { again: command })
  const [line] = [...csvFile(given, tablePlan(given))].join('').split('\r\n')
  expect(line).toBe(`# again: ${command}`)
  for (const cell of line!.split(/[,;]/).slice(1)) expect(cell).not.toMatch(/^["'\s]*[=+@-](?!\d)/)
})

it('a word of a shell has no characters that are not seen', () => {
  for (const text of texts) expect(visibleText(shellWord(text))).toBe(shellWord(text))
})

it('a plain word stands as it is, one that zsh takes for a path does not', () => {
  expect([shellWord('layer=0'), shellWord('=ls')]).toEqual(['layer=0', "'=ls'"])
})
