import type { NamedCorpus } from '#common/model/library.ts'
import { useCorpora } from '../../stores/corpora.ts'
import type { PatternLayers } from './pattern-layers.ts'
import { lostCorpusText } from './what-was-read.ts'

/**
 * What is to be known of what heads are scored over: its corpus is there no more, is not what it was, or is read as
 * the session kept it, and layers are left out.
 * @param name the corpus that is wanted; null for the text
 * @param corpus the one that there is
 * @param missing null where one head alone is looked at
 */
export function overNotes(
  name: string | null,
  corpus: NamedCorpus | null,
  missing: PatternLayers | null = null
): string[] {
  const told = corpus && useCorpora().told(corpus)
  return [
    ...(name !== null && corpus === null ? [lostCorpusText(name)] : []),
    ...(told === null ? [] : [told]),
    ...(missing !== null && missing.rest.length > 0 && missing.why !== null
      ? [`Layers ${missing.without.join(', ')} are left out: ${missing.why}`]
      : [])
  ]
}
