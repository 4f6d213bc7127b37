import { isIndexName, isWeightsName, standardNames } from '../checkpoint/weights-file.ts'
import { tokenizerFiles } from '../tokenizer/tokenizer-files.ts'

/** Files that say what a model computes. */
const describing = ['config.json', 'lamella.json']

/** A folder with one of these is a model folder. */
export const modelMarks: readonly string[] = [...describing, ...standardNames]

const looked = new Set([...modelMarks, ...tokenizerFiles].map(name => name.toLowerCase()))

/**
 * Whether a file of that name is read as part of the model in its folder.
 * @param hasStandard whether its weights have a standard name; else they are told by their size among all
 */
export function isPartOfModel(name: string, hasStandard: boolean): boolean {
  // Some systems do not tell large letters from small ones.
  if (looked.has(name.toLowerCase()) || isIndexName(name)) return true
  return isWeightsName(name) && !hasStandard
}

/** Whether a file of a model is one that a tokenizer may be made of. */
export function isOfTokenizer(name: string): boolean {
  return tokenizerFiles.includes(name)
}
