import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openFolder } from '../../../src/main/files/folder.ts'
import { endTokensOf } from '../../../src/main/reader/end-tokens.ts'

const wrong = 'eos_token_id: expected a whole number or a list of them'

it.each<[string, Record<string, unknown>, string | null, number[] | string]>([
  ['none is said', {}, null, []],
  ['it is null', { eos_token_id: null }, '{}', []],
  ['it is negative', { eos_token_id: -1 }, null, []],
  ['config.json has one', { eos_token_id: 2 }, null, [2]],
  ['config.json has several', { eos_token_id: [2, 7] }, null, [2, 7]],
  ['the config of its text has one', { text_config: { eos_token_id: 1 } }, null, [1]],
  ['both files have them', { eos_token_id: 2 }, '{"eos_token_id":[5,6]}', [5, 6]],
  ['the other file has none', { eos_token_id: 2 }, '{"eos_token_id":null}', [2]],
  ['config.json has a word', { eos_token_id: '</s>' }, null, `config.json: ${wrong}`],
  ['the other has half a token', {}, '{"eos_token_id":0.5}', `generation_config.json: ${wrong}`],
  ['the other is a list', {}, '[2]', `generation_config.json: ${wrong}`],
  ['the other is no JSON', { eos_token_id: 2 }, '{', 'generation_config.json: ']
])('where %s', async (_, config, generation, expected) => {
  const path = mkdtempSync(join(tmpdir(), 'lamella-end-tokens-'))
  if (generation !== null) writeFileSync(join(path, 'generation_config.json'), generation)
  const { ids, fault } = await endTokensOf(await openFolder(path), config)
  if (typeof expected === 'string') {
    expect(fault).toContain(expected)
    expect(ids).toEqual([])
  } else expect({ ids, fault }).toEqual({ ids: expected, fault: null })
})
