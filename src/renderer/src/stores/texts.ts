import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { z } from 'zod'
import { RunInput } from '#common/model/run-input.ts'
import { inputText } from './carried.ts'

const kept = 50

/** A text, or token ids, under a name. */
export const NamedText = z.object({ name: z.string().min(1), input: RunInput })
export type NamedText = z.infer<typeof NamedText>

/** Two texts that differ in what is asked about. */
export const Contrast = z.object({ name: z.string().min(1), clean: RunInput, corrupt: RunInput })
export type Contrast = z.infer<typeof Contrast>

/** Texts, or a file or folder of them, under a name. */
export const NamedCorpus = z.object({
  name: z.string().min(1),
  inputs: z.array(z.union([z.object({ text: z.string() }), z.object({ path: z.string().min(1) })]))
})
export type NamedCorpus = z.infer<typeof NamedCorpus>

/** What was run, newest first, and the texts, pairs and corpora that were given a name. */
export const useTexts = defineStore('texts', () => {
  const history = shallowRef<readonly RunInput[]>([])
  const named = shallowRef<readonly NamedText[]>([])
  const contrasts = shallowRef<readonly Contrast[]>([])
  const corpora = shallowRef<readonly NamedCorpus[]>([])
  const all = computed(() => [
    ...named.value,
    ...contrasts.value.flatMap(({ name, clean, corrupt }) => [
      { name: `${name}, clean`, input: clean },
      { name: `${name}, corrupt`, input: corrupt }
    ])
  ])

  /** Remembers what was run. */
  function remember(input: RunInput): void {
    history.value = [input, ...history.value.filter(other => !isSame(other, input))].slice(0, kept)
  }

  /** Gives a text a name, in place of what had it. */
  function name(name: string, input: RunInput): void {
    named.value = [...named.value.filter(other => other.name !== name), { name, input }]
  }

  function forget(input: RunInput): void {
    history.value = history.value.filter(other => !isSame(other, input))
  }

  function putContrast(contrast: Contrast): void {
    const others = contrasts.value.filter(({ name }) => name !== contrast.name)
    contrasts.value = [...others, contrast]
  }

  function putCorpus(corpus: NamedCorpus): void {
    corpora.value = [...corpora.value.filter(({ name }) => name !== corpus.name), corpus]
  }

  /** Forgets what has a name. */
  function remove(kind: 'named' | 'contrasts' | 'corpora', name: string): void {
    const lists = { named, contrasts, corpora } as Record<
      string,
      { value: readonly { name: string }[] }
    >
    const list = lists[kind]!
    list.value = list.value.filter(other => other.name !== name)
  }

  /** The name of an input, where it has one. */
  function nameOf(input: RunInput): string | null {
    return all.value.find(other => isSame(other.input, input))?.name ?? null
  }

  return {
    history,
    named,
    contrasts,
    corpora,
    remember,
    name,
    forget,
    putContrast,
    putCorpus,
    remove,
    nameOf
  }
})

function isSame(a: RunInput, b: RunInput): boolean {
  return 'text' in a === 'text' in b && inputText(a) === inputText(b)
}
