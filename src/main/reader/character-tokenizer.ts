import { characterDefinition } from '../tokenizer/characters.ts'
import { tokenizerOf, type Tokenizer } from '../tokenizer/encoder.ts'

/**
 * A tokenizer of one token a character, from the characters that ids stand for, from 0.
 * @param source the file that says them
 * @throws LamellaError `file-invalid` when a character stands twice
 */
export function characterTokenizer(
  characters: string | readonly string[],
  source = 'lamella.json'
): Tokenizer {
  return tokenizerOf(characterDefinition([...characters], source)!, source, 'characters')
}
