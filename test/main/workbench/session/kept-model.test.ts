import { expect, it } from 'vitest'
import type { FileHashes } from '../../../../src/main/workbench/model/file-hashes.ts'
import {
  comparedTokenizer,
  type KeptModel
} from '../../../../src/main/workbench/session/kept-model.ts'
import type { KnownFile } from '../../../../src/main/files/known-file.ts'
import { model } from '../../../renderer/fake-client.ts'
import { uncancelled } from '../../../golden/workbench.ts'

const [weights, tokenizer, added] = ['model.safetensors', 'tokenizer.json', 'added_tokens.json']

/** A file that was read as `text`, or is there with that in it; one whose mark ends with it is new to the system. */
const kept = (label: string, text: string | null = 'as it was'): KeptModel['files'][number] => ({
  ...{ path: `/m/${label}`, mark: `${label} as it was` },
  held: text === null ? null : { label, bytes: text.length, sha256: text }
})
const there = (label: string, text = 'as it was', mark = `${label} ${text}`): KnownFile => ({
  ...{ path: `/m/${label}`, label, roots: [], mark },
  size: text.length
})
const texts = new Map<string, string>()
const hashes: FileHashes = {
  of: files => Promise.resolve(files.map(({ mark }) => texts.get(mark) ?? 'as it was'))
}
texts.set('tokenizer.json as it is!', 'as it is!')

const unread = [kept(weights, null), kept(tokenizer, null)]
const whole = [kept(weights), kept(tokenizer)]

it.each<[string, string, KeptModel['files'], KnownFile[]]>([
  ['the same file', 'same', whole, [there(tokenizer)]],
  ['a file that was not read and is the same to the system', 'same', unread, [there(tokenizer)]],
  ['a copy', 'same', whole, [there(tokenizer, 'as it was', 'a copy')]],
  ['other letters, as many', 'another', whole, [there(tokenizer, 'as it is!')]],
  ['more letters', 'another', whole, [there(tokenizer, 'as it is, with more')]],
  ['a file more', 'another', whole, [there(tokenizer), there(added, 'more')]],
  ['a file less', 'another', [...whole, kept(added)], [there(tokenizer)]],
  [
    'a file less, where its weights were not read',
    'another',
    [kept(weights, null), kept(tokenizer), kept(added)],
    [there(tokenizer)]
  ],
  ['another, where it was not read', 'unknown', unread, [there(tokenizer, 'as it is!')]]
])('tells a tokenizer by its files: %s', async (_, told, files, now) => {
  const before = { info: model('m'), files, formerly: [] }
  expect(await comparedTokenizer(before, { files: now }, hashes, uncancelled())).toBe(told)
})
