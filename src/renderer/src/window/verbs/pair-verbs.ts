import type { ContrastPair } from '#common/model/library.ts'
import type { RunInput } from '#common/model/run-input.ts'
import { inputLine } from '#common/text/input-text.ts'
import { sameInput } from '../../stores/carried.ts'
import { useLibrary } from '../../stores/library.ts'
import type { MenuEntry } from '../../stores/menu.ts'
import { usePalette, type PaletteItem } from '../../stores/palette.ts'
import { draft } from './draft.ts'

/** Takes another text to make a pair of the two, which is looked through before it is kept. */
export function pairVerb(input: RunInput): MenuEntry {
  return {
    title: 'Make a pair with…',
    section: 'Compare',
    run: () =>
      usePalette().choose({
        title: 'Make a pair with',
        items: [newOne(input), ...others(input)]
      })
  }
}

/** A new pair of two texts. */
export function newPair(clean: RunInput, corrupt: RunInput): void {
  const own = useLibrary().named(clean)?.name ?? inputLine(clean)
  const pair: ContrastPair = { kind: 'pair', name: own === '' ? 'New pair' : own, clean, corrupt }
  draft(pair, null)
}

function newOne(input: RunInput): PaletteItem {
  return {
    id: 'new',
    sign: '~',
    group: 'new',
    title: 'The same text, to be changed',
    run: () => newPair(input, input)
  }
}

function others(input: RunInput): PaletteItem[] {
  const { texts, inputs } = useLibrary()
  return [
    ...texts.map(({ name, input }) => ({ title: name, group: 'named', input })),
    ...inputs.map(input => ({ title: inputLine(input), group: 'ran', input }))
  ]
    .filter(other => !sameInput(other.input, input))
    .map(({ title, group, input: other }, i) => ({
      id: `${i} ${title}`,
      sign: '~' as const,
      group,
      title,
      run: () => newPair(input, other)
    }))
}
