import type { PlacedPiece } from './post-processors.ts'
import { addedToken, checkIds, record, type AddedToken } from './definition.ts'
import type { Folder } from '../files/folder.ts'
import { hasFile, readJson } from './read-file.ts'

/** What the files beside a vocabulary say of it. Chat templates among them are for `chat-templates.ts`. */
export interface Companions {
  /** tokenizer_config.json, or an empty record. */
  readonly settings: Readonly<Record<string, unknown>>
  /** The tokens that a tokenizer.json beside them has to have, in the order in which those that it lacks are added to it. */
  readonly declared: readonly Declared[]
  /** The spelling of a role such as `bos_token`, where one is declared. */
  roleToken(role: string): string | undefined
  /** Of the roles given, each a declared name or else the spelling usual for it, the pieces with their ids. */
  placed(
    roles: readonly (readonly [role: string, usually?: string | undefined])[],
    idOf: (piece: string) => number | undefined
  ): PlacedPiece[]
  /**
   * The declared tokens that are looked for in a text.
   * @param idOf finds the id of a spelling that is declared without one
   */
  addedTokens(idOf: (piece: string) => number | undefined): AddedToken[]
}

/** Reads tokenizer_config.json, special_tokens_map.json and added_tokens.json, where they are. */
export async function readCompanions(
  folder: Folder,
  files: readonly string[]
): Promise<Companions> {
  const read = async (name: string) =>
    hasFile(files, name) ? (record(await readJson(folder, name)) ?? {}) : {}
  const settings = await read('tokenizer_config.json')
  const roles = { ...settings, ...(await read('special_tokens_map.json')) }
  const added = await read('added_tokens.json')
  const roleToken = (role: string) => declared(roles[role])?.content
  const companions: Companions = {
    settings,
    declared: declaredTokens(settings, roles),
    roleToken,
    placed: (wanted, idOf) =>
      wanted.flatMap(([role, usually]) => {
        const piece = roleToken(role) ?? usually
        if (piece === undefined) return []
        const own = companions.addedTokens(idOf).find(({ content }) => content === piece)
        // Without an id it is refused where it is put around a text.
        return [[piece, own?.id ?? idOf(piece) ?? -1] as const]
      }),
    addedTokens(idOf) {
      const tokens = new Map<string, AddedToken>()
      for (const [content, id] of Object.entries(added))
        tokens.set(content, addedToken(id as number, content))
      for (const { content, flags } of declaredRoles(roles)) {
        const id = tokens.get(content)?.id ?? idOf(content)
        if (id !== undefined) tokens.set(content, addedToken(id, content, flags))
      }
      for (const [id, entry] of Object.entries(record(settings['added_tokens_decoder']) ?? {})) {
        const token = declared(entry)
        if (token)
          tokens.set(token.content, addedToken(Number(id), token.content, record(entry) ?? {}))
      }
      const all = [...tokens.values()].filter(token => token.content !== '')
      checkIds(
        all.map(token => [token.content, token.id]),
        'tokenizer_config.json'
      )
      return all
    }
  }
  return companions
}

/** A token by its spelling, and what its file says of it. */
export interface Declared {
  readonly content: string
  readonly flags: Readonly<Record<string, unknown>>
}

/** Roles that `transformers` gives tokens, in its order. */
const roleNames = ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask'].map(role => `${role}_token`)
const listNames = ['additional_special_tokens', 'extra_special_tokens']

/** @param roles with those of special_tokens_map.json, which older files have in place of a list of tokens by their ids */
function declaredTokens(
  settings: Readonly<Record<string, unknown>>,
  roles: Readonly<Record<string, unknown>>
): Declared[] {
  const listed = record(settings['added_tokens_decoder'])
  const said = listed === undefined ? roles : settings
  const named = Object.entries(listed ?? {})
    .sort(([a], [b]) => Number(a) - Number(b))
    .flatMap(([, entry]) => {
      const { content } = declared(entry) ?? {}
      return content === undefined ? [] : [{ content, flags: record(entry) ?? {} }]
    })
  const special = [
    ...roleNames.map(name => said[name]),
    ...listNames.flatMap(name => valuesOf(said[name]))
  ]
    .map(declared)
    .filter(token => token !== undefined)
  return [...named, ...special].filter(({ content }) => content !== '')
}

/** The entries of a list, or of an object that has a name for each. */
function valuesOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : Object.values(record(value) ?? {})
}

/** Every role that a special token is declared for, each token special. */
function declaredRoles(roles: Readonly<Record<string, unknown>>): Declared[] {
  return Object.entries(roles)
    .filter(([role]) => role.endsWith('_token') || role === 'additional_special_tokens')
    .flatMap(([, value]) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .map(declared)
    .filter(token => token !== undefined)
}

function declared(value: unknown): Declared | undefined {
  if (typeof value === 'string') return { content: value, flags: { special: true } }
  const token = record(value)
  if (typeof token?.['content'] !== 'string') return undefined
  return { content: token['content'], flags: { ...token, special: true } }
}
