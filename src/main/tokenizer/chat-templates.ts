import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LamellaError } from '#common/model/errors.ts'
import { fileLabel, invalidFile } from '../files/file-error.ts'
import type { Folder } from '../files/folder.ts'
import { readCompanions, type Companions } from './companions.ts'
import { record } from './definition.ts'
import { readJson, readText } from './read-file.ts'

/** A chat template of a model. */
export interface ChatTemplate {
  readonly name: string
  /** Jinja, as a stranger wrote it. */
  readonly text: string
  /** The file that it is from. */
  readonly source: string
}

/** Templates of a model, that of no other name first, and the special tokens that they may write. */
export interface ChatTemplates {
  readonly templates: readonly ChatTemplate[]
  /** By their roles, such as `bos_token`. */
  readonly specials: Readonly<Record<string, string>>
}

const file = 'chat_template.jinja'
/** Older processors of pictures and sounds wrote theirs here, and tokenizers in their settings. */
const stating = ['tokenizer_config.json', 'chat_template.json'] as const
/** Folders of templates, each named as its file is. */
const folders = ['additional_chat_templates', 'chat_templates']
/** More are told apart in no list. */
const most = { templates: 100, letters: 100 }
const roles = ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask'].map(name => `${name}_token`)
const first = 'default'

/**
 * The chat templates of a model folder. A file of its own counts for more than what JSON says.
 * @throws LamellaError `not-found` where there is none, `file-invalid` where there are too many, or one has a name without an end
 * @source transformers, `PreTrainedTokenizerBase.from_pretrained` and `ProcessorMixin.get_processor_dict`
 */
export async function readChatTemplates(folder: Folder): Promise<ChatTemplates> {
  const names = await readdir(folder.path)
  const companions = await readCompanions(folder, names)
  const settingsOf = async (source: (typeof stating)[number]) => {
    if (source === 'tokenizer_config.json') return companions.settings
    return names.includes(source) ? (record(await readJson(folder, source)) ?? {}) : {}
  }
  const found = new Map<string, ChatTemplate>()
  const add = (template: ChatTemplate) => {
    const { name, source } = template
    found.set(name, template)
    if (name.length > most.letters)
      throw invalidFile(
        source,
        `a chat template has a name of ${name.length} letters, of which ${most.letters} are the most`,
        'Give it a shorter one.'
      )
    if (found.size > most.templates)
      throw invalidFile(
        source,
        `the model has more than ${most.templates} chat templates, which are the most`,
        'Keep those that are used.'
      )
  }
  for (const source of stating) stated(await settingsOf(source), source).forEach(add)
  for (const own of folders.filter(name => names.includes(name)))
    (await readTemplates(folder, own)).forEach(add)
  if (names.includes(file)) add({ name: first, text: await readText(folder, file), source: file })
  if (found.size === 0)
    throw new LamellaError(
      'not-found',
      `${fileLabel(folder.path)}: the model has no chat template`,
      'Models that were trained on dialogues have one, in tokenizer_config.json, chat_template.json or chat_template.jinja.'
    )
  const specials = roles.flatMap(role => {
    const token = companions.roleToken(role)
    return token === undefined ? [] : [[role, token] as const]
  })
  const isFirst = ({ name }: ChatTemplate) => Number(name === first)
  return {
    templates: [...found.values()].toSorted((a, b) => isFirst(b) - isFirst(a)),
    specials: Object.fromEntries(specials)
  }
}

/** Those that a file states: a text, a list of named ones, or texts by their names. */
function stated({ chat_template: value }: Companions['settings'], source: string): ChatTemplate[] {
  if (typeof value === 'string') return [{ name: first, text: value, source }]
  const entries = Array.isArray(value)
    ? (value as unknown[]).map(entry => {
        const { name, template } = record(entry) ?? {}
        return [name, template] as const
      })
    : Object.entries(record(value) ?? {})
  return entries.flatMap(([name, text]) =>
    typeof name === 'string' && typeof text === 'string' ? [{ name, text, source }] : []
  )
}

async function readTemplates(folder: Folder, own: string): Promise<ChatTemplate[]> {
  const names = await readdir(join(folder.path, own)).catch(() => [])
  const templates = names.filter(name => name.endsWith('.jinja')).toSorted()
  return Promise.all(
    templates.slice(0, most.templates + 1).map(async name => {
      const source = `${own}/${name}`
      return { name: name.slice(0, -'.jinja'.length), text: await readText(folder, source), source }
    })
  )
}
