import { stat } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { ChatTurn } from '#common/model/chat.ts'
import { LamellaError } from '#common/model/errors.ts'
import { noLabel } from '#common/model/gradient-target.ts'
import { plainText } from '#common/text/plain-text.ts'
import { namedFile } from '../../files/folder.ts'
import { wholeContent } from '../../files/whole-content.ts'

/** A path as the user meant it: relative to where the command was typed, which npm says in INIT_CWD. */
export function userPath(
  path: string,
  environment: Readonly<Record<string, string | undefined>> = process.env
): string {
  return isAbsolute(path) ? path : resolve(environment.INIT_CWD ?? process.cwd(), path)
}

/** What `runs.start` reads, from exactly one of the ways to say it. */
export async function runInput(options: {
  readonly text?: string | undefined
  readonly textFile?: string | undefined
  readonly tokens?: number[] | undefined
}): Promise<{ text: string } | { ids: number[] }> {
  const { text, textFile, tokens } = options
  if (tokens !== undefined) return { ids: tokens }
  if (text !== undefined) return { text }
  if (textFile !== undefined) return { text: await readText(userPath(textFile)) }
  throw new LamellaError(
    'invalid-argument',
    'A text is needed: give --text, --text-file or --tokens'
  )
}

/** @throws InvalidArgumentError when it is no list such as `5,17,3` */
export function tokenIds(list: string): number[] {
  const ids = list.split(',').map(part => part.trim())
  if (!ids.every(id => /^\d+$/.test(id)))
    throw new InvalidArgumentError('Expected token ids such as 5,17,3.')
  return ids.map(Number)
}

/** @throws InvalidArgumentError when it is no list of turns in JSON */
export function chatTurns(json: string): ChatTurn[] {
  try {
    return z.array(ChatTurn).parse(JSON.parse(json))
  } catch {
    throw new InvalidArgumentError(
      'Expected turns in JSON such as [{"role":"user","content":"…"}].'
    )
  }
}

/** @throws InvalidArgumentError when it is no list of token ids and of −100, for no label */
export function labelIds(list: string): number[] {
  const ids = list.split(',').map(part => part.trim())
  if (!ids.every(id => /^\d+$/.test(id) || id === String(noLabel)))
    throw new InvalidArgumentError(
      `Expected token ids, and ${noLabel} for none, such as 5,${noLabel},3.`
    )
  return ids.map(Number)
}

/** @throws InvalidArgumentError when it is no head such as `2.1` */
export function headPlace(text: string): { readonly layer: number; readonly head: number } {
  const [, layer, head] = /^(\d+)\.(\d+)$/.exec(text.trim()) ?? []
  if (layer === undefined || head === undefined)
    throw new InvalidArgumentError('Expected a layer and a head such as 2.1.')
  return { layer: Number(layer), head: Number(head) }
}

/** @throws InvalidArgumentError when it is neither `every` nor a list such as `3` or `3,5` */
export function positions(list: string): number[] | 'every' {
  if (list.trim() === 'every') return 'every'
  const numbers = list.split(',').map(part => part.trim())
  if (!numbers.every(number => /^\d+$/.test(number)))
    throw new InvalidArgumentError('Expected positions such as 3 or 3,5, counted from 0, or every.')
  return numbers.map(Number)
}

/** A reader of whole numbers from `least` to `most`, for commander. */
export function integer(least: number, most: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`)
    return value
  }
}

/** A reader of numbers above 0 and up to `most`, for commander. */
export function positive(most: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (text.trim() === '' || !(value > 0) || value > most)
      throw new InvalidArgumentError(`Expected a number above 0, at most ${most}.`)
    return value
  }
}

/** Whether a folder lies there; of what does not, whoever reads it says why. */
export async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => null)
  return stats?.isDirectory() ?? false
}

/** Of a text that is run as one: no model takes as much. */
const mostBytes = 2 ** 26

export async function readText(path: string): Promise<string> {
  const bytes = await wholeContent(await namedFile(path), mostBytes)
  try {
    return plainText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    throw new LamellaError('file-invalid', `${path}: not UTF-8 text`)
  }
}
