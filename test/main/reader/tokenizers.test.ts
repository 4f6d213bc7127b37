import { expect, it } from 'vitest'
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
