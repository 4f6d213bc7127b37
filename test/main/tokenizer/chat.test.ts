import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { turnsOfTokens, type ChatRequest, type ChatTurn } from '#common/model/chat.ts'
import { openFolder } from '../../../src/main/files/folder.ts'
import { readChatTemplates } from '../../../src/main/tokenizer/chat-templates.ts'
import { renderChat } from '../../../src/main/tokenizer/render-chat.ts'
import { folderOf, type Files } from './folder.ts'

const marked =
  "{% for m in messages %}{{ '<|' + m.role + '|>' + m['content'] + eos_token + '\\n' }}{% endfor %}" +
  '{% if add_generation_prompt %}<|assistant|>{% endif %}'
/** The system's words stand within those of the first user, and roles have to alternate. */
const nested =
  "{% if messages[0].role == 'system' %}{% set system = '<<' ~ messages[0].content ~ '>>' %}{% set rest = messages[1:] %}" +
  "{% else %}{% set system = '' %}{% set rest = messages %}{% endif %}{{ bos_token }}{% for m in rest %}" +
  "{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate') }}{% endif %}" +
  "{% if m.role == 'user' %}[{{ (system if loop.first else '') ~ m.content | trim }}]{% else %} {{ m.content }} {% endif %}{% endfor %}"

const user = (content: string): ChatTurn => ({ role: 'user', content })
const assistant = (content: string): ChatTurn => ({ role: 'assistant', content })
const system = (content: string): ChatTurn => ({ role: 'system', content })

async function rendered(files: Files | string, turns: ChatTurn[], more: Partial<ChatRequest> = {}) {
  const path = typeof files === 'string' ? files : folderOf(files)
  const templates = await readChatTemplates(await openFolder(path))
  return renderChat(templates, { turns, template: null, generationPrompt: false, ...more })
}
const config = (chat_template: unknown, more = {}) => ({
  'tokenizer_config.json': {
    chat_template,
    bos_token: '<s>',
    eos_token: { content: '</s>' },
    ...more
  }
})

describe('a dialogue', () => {
  it('is written by the template, with an answer begun where that is asked for', async () => {
    const turns = [user('hi'), assistant('שלום')]
    expect((await rendered(config(marked), turns)).text).toBe(
      '<|user|>hi</s>\n<|assistant|>שלום</s>\n'
    )
    expect((await rendered(config(marked), turns, { generationPrompt: true })).text).toBe(
      '<|user|>hi</s>\n<|assistant|>שלום</s>\n<|assistant|>'
    )
  })

  it('says where each content stands, also where one lies within another turn or is trimmed', async () => {
    const turns = [system('s'), user(' a '), assistant(' s')]
    const { text, spans } = await rendered(config(nested), turns)
    expect(text).toBe('<s>[<<s>>a]  s ')
    expect(spans!.map(({ turn, start, end }) => [turn, text.slice(start, end)])).toEqual([
      [0, 's'],
      [1, 'a'],
      [2, ' s']
    ])
    expect(spans!.map(({ start }) => start)).toEqual([6, 9, 12])
  })

  it('says where contents stand that keep their spaces, where the template cuts none off', async () => {
    const { text, spans } = await rendered(config(marked), [user(' a '), user('')])
    expect(spans!.map(({ start, end }) => text.slice(start, end))).toEqual([' a ', ''])
  })

  it('takes spaces for a content’s own before it takes them for the template’s', async () => {
    const spaced = '{% for m in messages %}{{ m.content }} {% endfor %}'
    const { text, spans } = await rendered(config(spaced), [user('a '), user('b ')])
    expect(text).toBe('a  b  ')
    expect(spans!.map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [3, 5]
    ])
  })

  it('knows no place where the template ends otherwise for these words', async () => {
    const asking =
      "{% for m in messages %}{{ m.content }}{% endfor %}{% if messages[-1].content == 'hi' %}!{% endif %}"
    expect(await rendered(config(asking), [user('hi')])).toMatchObject({ text: 'hi!', spans: null })
  })

  it('has the special tokens of each role that the model declares', async () => {
    const roles = ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask'].map(role => `${role}_token`)
    const own = Object.fromEntries(roles.map((role, i) => [role, `<${i}>`]))
    const all = config(`{{ ${roles.join(' ~ ')} }}`, own)
    expect((await rendered(all, [])).text).toBe('<0><1><2><3><4><5><6>')
  })

  it('is at most a million letters long', async () => {
    const long = (letters: number) =>
      rendered(config(`{{ '${'x'.repeat(letters)}' }}`), []).then(({ text }) => text.length)
    expect(await long(1_000_000)).toBe(1_000_000)
    await expect(long(1_000_001)).rejects.toThrow(
      'tokenizer_config.json: the chat template writes 1000001 characters, of which 1000000 are the most'
    )
  })

  it('leaves places unknown where the template changes what is said', async () => {
    const upper = '{% for m in messages %}{{ m.content | upper }}{% endfor %}'
    expect(await rendered(config(upper), [user('hi')])).toMatchObject({ text: 'HI', spans: null })
  })

  it.each([
    [nested, [assistant('a')], 'does not render this dialogue: Roles must alternate'],
    ['{% if %}', [user('a')], 'cannot be read: '],
    ['{{ nothing() }}', [user('a')], 'does not render this dialogue: ']
  ])('that %s does not take is refused in words', async (template, turns, words) => {
    await expect(rendered(config(template), turns)).rejects.toMatchObject({
      code: 'file-invalid',
      message: expect.stringContaining(
        `tokenizer_config.json: the chat template ${words}`
      ) as string,
      hint: expect.stringContaining(
        words.startsWith('cannot be read') ? 'Mend it' : 'in another order'
      ) as string
    })
  })
})

describe('the templates of a model', () => {
  it('are a list, files, and one of its own that counts for more', async () => {
    const list = [
      { name: 'tools', template: 'T' },
      { name: 'default', template: 'D' }
    ]
    const path = folderOf({ ...config(list), 'chat_template.jinja': 'J' })
    mkdirSync(join(path, 'chat_templates'))
    writeFileSync(join(path, 'chat_templates/short.jinja'), 'S')
    writeFileSync(join(path, 'chat_templates/long.jinja'), 'L')
    writeFileSync(join(path, 'chat_templates/notes.txt'), 'N')
    expect(await rendered(path, [])).toMatchObject({
      text: 'J',
      source: 'chat_template.jinja',
      templates: ['default', 'tools', 'long', 'short']
    })
    expect(await rendered(path, [], { template: 'short' })).toMatchObject({
      text: 'S',
      source: 'chat_templates/short.jinja'
    })
    await expect(rendered(path, [], { template: 'none' })).rejects.toMatchObject({
      code: 'not-found',
      hint: 'It has default, tools, long, short.'
    })
  })

  it.each([
    ['a text', 'P', ['default']],
    [
      'a list',
      [{ name: 'rag', template: 'R' }, { name: 'default', template: 'P' }, { name: 1 }],
      ['default', 'rag']
    ],
    ['texts by their names', { rag: 'R', default: 'P', broken: [] }, ['default', 'rag']]
  ])('are those of chat_template.json, too, as %s', async (_, chat_template, templates) => {
    const files = { 'chat_template.json': { chat_template } }
    const expected = { text: 'P', source: 'chat_template.json', templates }
    expect(await rendered(files, [])).toMatchObject(expected)
    expect(await rendered({ ...config('T'), ...files }, [])).toMatchObject(expected)
    expect(await rendered({ ...files, 'chat_template.jinja': 'J' }, [])).toMatchObject({
      text: 'J'
    })
    // The same forms in tokenizer_config.json.
    expect(await rendered(config(chat_template), [])).toMatchObject({
      ...expected,
      source: 'tokenizer_config.json'
    })
  })

  it('of equal names are those of the file that counts for more, and all have different names', async () => {
    const named = (text: string) => ({ default: text, same: text, [text]: text })
    const path = folderOf({
      ...config(named('settings')),
      'chat_template.json': { chat_template: named('json') }
    })
    for (const folder of ['additional_chat_templates', 'chat_templates']) {
      mkdirSync(join(path, folder))
      for (const name of ['same', folder]) writeFileSync(join(path, folder, `${name}.jinja`), name)
      writeFileSync(join(path, folder, 'no-ninja'), '')
    }
    const { text, templates } = await rendered(path, [])
    expect(text).toBe('json')
    const others = ['additional_chat_templates', 'chat_templates']
    expect(templates).toEqual(['default', 'same', 'settings', 'json', ...others])
    expect((await rendered(path, [], { template: 'same' })).source).toBe(
      'chat_templates/same.jinja'
    )
    writeFileSync(join(path, 'chat_templates/default.jinja'), 'folder')
    expect((await rendered(path, [])).text).toBe('folder')
    writeFileSync(join(path, 'chat_template.jinja'), 'file')
    expect((await rendered(path, [])).text).toBe('file')
  })

  it('are a hundred at most, with names that can be read', async () => {
    const many = (count: number) => Object.fromEntries([...Array(count).keys()].map(i => [i, 'T']))
    const { templates } = await rendered(config({ default: 'T', ...many(99) }), [])
    expect(templates).toHaveLength(100)
    await expect(rendered(config({ default: 'T', ...many(100) }), [])).rejects.toThrow(
      'tokenizer_config.json: the model has more than 100 chat templates, which are the most'
    )
    const path = folderOf(config(many(50)))
    mkdirSync(join(path, 'chat_templates'))
    for (let i = 0; i < 51; i++) writeFileSync(join(path, 'chat_templates', `f${i}.jinja`), 'T')
    await expect(rendered(path, [])).rejects.toThrow(/^f\d+\.jinja: the model has more than/)
    await expect(rendered(config({ ['x'.repeat(101)]: 'T' }), [])).rejects.toThrow(
      'a chat template has a name of 101 letters'
    )
  })

  it('whose names would turn the line round are told by numbers', async () => {
    await expect(
      rendered(config({ default: 'T', 'a\u202e\nb': 'T' }), [], { template: 'none' })
    ).rejects.toMatchObject({ hint: 'It has default, a⟨202E⟩⟨0A⟩b.' })
  })

  it('of a chat_template.json that is no JSON are refused by its name', async () => {
    await expect(rendered({ 'chat_template.json': '{' }, [])).rejects.toThrow(
      /chat_template\.json: not JSON/
    )
  })

  it('are missed in words', async () => {
    await expect(rendered({}, [user('a')])).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/: the model has no chat template$/) as string
    })
  })
})

it('tokens are of the turn whose content they have a part of', () => {
  const token = (start: number, end: number) => ({ start, end })
  const spans = [
    { turn: 0, start: 2, end: 4 },
    { turn: 1, start: 6, end: 8 }
  ]
  const tokens = [token(0, 2), token(1, 3), token(3, 4), token(4, 6), token(5, 9), token(6, 6)]
  expect(turnsOfTokens(tokens, spans)).toEqual([null, 0, 0, null, 1, 1].with(5, null))
})
