import { characterDefinition } from '../tokenizer/characters.ts'
import { tokenizerOf, type Tokenizer } from '../tokenizer/encoder.ts'

/**
 * A tokenizer of one token a character, from the characters that ids stand for, from 0.
 * @throws LamellaError `file-invalid` when a character stands twice
 */
export function characterTokenizer(characters: string | readonly string[]): Tokenizer {
  const source = 'lamella.json'
  return tokenizerOf(characterDefinition([...characters], source)!, source, 'characters')
}
