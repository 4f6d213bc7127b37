import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { onFileInHand, takeInHand } from '../../../src/main/files/file-in-hand.ts'
import { openFolder } from '../../../src/main/files/folder.ts'
import { createTokenizers } from '../../../src/main/reader/tokenizers.ts'
import { shakespeare } from '../../golden/workbench.ts'

const inHand: string[] = []
onFileInHand(label => inHand.push(label))

it('takes the file of a tokenizer in hand again when that is used, and of characters none', async () => {
  const tokenizers = createTokenizers()
  const source = {
    folder: await openFolder(shakespeare),
    config: { model_type: 'gpt2' },
    characters: null
  }
  const characters = { folder: null, config: {}, characters: ['a', 'b'] }
  await tokenizers.of(source)
  expect(inHand).not.toEqual([])
  takeInHand('of something else')
  await tokenizers.of(characters)
  inHand.splice(0)
  await tokenizers.of(characters)
  expect(inHand).toEqual([])
  await tokenizers.of(source)
  expect(inHand).toEqual(['tokenizer.json'])
})

it.each([
  ['QWenTokenizer', 'the tokenizer class QWenTokenizer is not read'],
  ['BertTokenizer', 'BertTokenizer reads vocab.txt, which the folder does not have']
])(
  'names the class %s where its files are not there, unless characters are given',
  async (name, why) => {
    const path = mkdtempSync(join(tmpdir(), 'lamella-tokenizers-'))
    onTestFinished(() => rmSync(path, { recursive: true }))
    writeFileSync(join(path, 'tokenizer_config.json'), JSON.stringify({ tokenizer_class: name }))
    const folder = await openFolder(path)
    const of = (characters: string[] | null) =>
      createTokenizers().of({ folder, config: {}, characters })
    await expect(of(null)).rejects.toThrow(`tokenizer_config.json: ${why}`)
    expect(await of(['a'])).toMatchObject({ kind: 'characters' })
  }
)
