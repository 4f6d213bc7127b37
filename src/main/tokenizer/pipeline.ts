import { sectionSplitter, type Section } from './added-tokens.ts'
import { alignedSource, sourceSpan, type AlignedText } from './aligned-text.ts'
import type { TokenizerDefinition } from './definition.ts'
import { alignedNormalizer, normalizedText } from './normalize.ts'
import { alignedPreTokenizer } from './pre-tokenize.ts'
import type { PlacedId } from './word-model.ts'

/** A part of a text: an added token found in it, or a word that is still to be split. */
export type TextPart = PlacedId | AlignedText

/** Whether a part is a word. */
export function isWord(part: TextPart): part is AlignedText {
  return 'text' in part
}

/** A stretch of a text that is normalized as one: an added token as typed, or what lies between two. */
export interface TextStretch {
  readonly normalized: string
  readonly parts: readonly TextPart[]
}

/**
 * Cuts texts into added tokens and words: added tokens as typed first, then the rest is normalized, then
 * those of normalized text, then what lies between them is cut into words.
 */
export function textStretches(definition: TokenizerDefinition): (text: string) => TextStretch[] {
  const { added_tokens: tokens } = definition
  const normalize = alignedNormalizer(definition.normalizer)
  const preTokenize = alignedPreTokenizer(definition.pre_tokenizer)
  const typedSections = sectionSplitter(
    tokens.filter(token => !token.normalized).map(token => [token.content, token])
  )
  const normalizedSections = sectionSplitter(
    tokens
      .filter(token => token.normalized)
      .map(token => [normalizedText(normalize, token.content), token])
  )
  const words = (section: Section): TextPart[] =>
    section.token ? [placed(section)] : preTokenize(section.text)
  return text =>
    typedSections(alignedSource(text)).map(section => {
      if (section.token) return { normalized: section.text.text, parts: [placed(section)] }
      const normalized = normalize(section.text)
      return { normalized: normalized.text, parts: normalizedSections(normalized).flatMap(words) }
    })
}

function placed({ text, token }: Section): PlacedId {
  return { id: token!.id, ...sourceSpan(text, 0, text.text.length) }
}
