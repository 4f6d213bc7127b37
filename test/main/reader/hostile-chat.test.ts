import { afterAll, describe, expect, it } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import { openFolder } from '../../../src/main/files/folder.ts'
import { forkProcess } from '../../../src/main/process/host.ts'
import { createReaders } from '../../../src/main/reader/client.ts'
import { built } from '../../built.ts'
import { clockTime } from '../../time-taken.ts'
import { folderOf } from '../tokenizer/folder.ts'

const host = forkProcess(built.readerEntry)
const reader = createReaders(host).start()
/** One that lets all take its time. */
const patient = createReaders(host, {
  memory: 2 ** 30,
  ...{ time: 6e5, tokenizerTime: 6e5, chatTime: 6e5, chatClock: 6e5 }
}).start()
afterAll(() => {
  reader.close()
  patient.close()
})

async function rendered(template: string, by = reader): Promise<string> {
  const folder = await openFolder(folderOf({ 'chat_template.jinja': template }))
  const turns = [{ role: 'user', content: 'x' }]
  const { text } = await by.ask('chat', {
    folder,
    request: { turns, template: null, generationPrompt: false }
  })
  return text
}

const loop = (body: string) => `{% for i in range(100000000) %}${body}{% endfor %}`
const many = '{% set xs = range(1000) %}'
const within = (depth: number): string =>
  depth === 0 ? '' : `{% for a in xs %}${within(depth - 1)}{% endfor %}`

describe('a chat template that would take for ever or all memory', () => {
  it.each([
    ['a billion numbers', '{{ range(1000000000) | length }}'],
    ['a loop', loop('')],
    ['loops in loops', many + within(6)],
    [
      'a text that doubles',
      `{% set n = namespace(t='aa') %}${many}{% for i in xs %}{% set n.t = n.t ~ n.t %}{% endfor %}{{ n.t }}`
    ],
    [
      'a list that doubles',
      `{% set n = namespace(t=[1]) %}${many}{% for i in xs %}{% set n.t = n.t + n.t %}{% endfor %}{{ n.t }}`
    ],
    ['repeats', "{{ 'a' * 1000000000 }}"],
    ['a macro that calls itself', '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}'],
    ['a hundred thousand brackets', `{{ ${'('.repeat(100_000)}1${')'.repeat(100_000)} }}`],
    ['a long text', "{{ messages[0].content.replace('x', 'y' ) }}" + 'a'.repeat(1_000_001)]
  ])('ends within two seconds in words: %s', async (_, template) => {
    let failure: unknown
    const once = async () => {
      // As in a program, where the process is there that read the model.
      await rendered('x')
      return clockTime(async () => {
        failure = await rendered(template).then(
          text => expect.fail(`rendered ${text.length} characters`),
          (error: unknown) => error
        )
      })
    }
    let taken = await once()
    // Once more where others on the machine may have cost it time.
    if (taken >= 2000) taken = await once()
    expect(failure).toBeInstanceOf(LamellaError)
    expect(failure).toMatchObject({
      code: 'file-invalid',
      message: expect.stringMatching(/^chat_template\.jinja:? (the chat template|takes)/) as string
    })
    expect(taken).toBeLessThan(2000)
  })
})

it('a chat template that has little of the processor is ended by the clock', async () => {
  const limits = { memory: 2 ** 30, time: 9e4, tokenizerTime: 9e4, chatTime: 9e4, chatClock: 300 }
  const hurried = createReaders(host, limits).start()
  await expect(rendered(loop(''), hurried)).rejects.toMatchObject({
    message: 'chat_template.jinja takes longer than 0.3 s by the clock to render',
    hint: expect.stringContaining('try again') as string
  })
  hurried.close()
})

describe('a chat template that looks for what is not its own', () => {
  it.each([
    "{{ ''.constructor.constructor('return process')() }}",
    "{{ ''['__class__'].__mro__[1].__subclasses__() }}",
    '{{ range.constructor("return 7")() }}',
    "{{ messages.__proto__.polluted('x') }}",
    "{{ require('fs').readFileSync('/etc/passwd') }}",
    '{{ process.exit(3) }}',
    "{% include 'config.json' %}",
    "{% import 'config.json' as c %}"
  ])('finds nothing: %s', async template => {
    await expect(rendered(template, patient)).rejects.toMatchObject({
      code: 'file-invalid',
      message: expect.stringMatching(/^chat_template\.jinja: the chat template/) as string
    })
  })

  it('has no properties of objects', async () => {
    const names = ['constructor', '__proto__', 'prototype', 'toString', 'hasOwnProperty']
    const asked = ['messages', 'messages[0]', "''", 'range', 'namespace()']
    const tries = asked.flatMap(of => names.map(name => `{{ ${of}.${name} is defined }}`))
    expect(await rendered(tries.join(' '), patient)).toBe(tries.map(() => 'false').join(' '))
  })
})
