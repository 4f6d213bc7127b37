import { createPinia, setActivePinia } from 'pinia'
import { computed, effectScope } from 'vue'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Run } from '#common/contract/schemas.ts'
import { objectSet } from '#common/model/object-set.ts'
import type { On } from '#common/model/subject.ts'
import {
  selectedEntries,
  selectedParts,
  selectedPositions,
  selectedRows
} from '../../../src/renderer/src/reactive/selected-objects.ts'
import { useSubject, type ViewSubject } from '../../../src/renderer/src/reactive/use-subject.ts'
import { carriedCell } from '../../../src/renderer/src/stores/carried.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useRuns } from '../../../src/renderer/src/stores/runs.ts'
import { useSelection } from '../../../src/renderer/src/stores/selection.ts'
import { useTabs } from '../../../src/renderer/src/stores/tabs.ts'
import { answering, model, run, tokens } from '../fake-client.ts'

const text = 'the cat sat'
const letters = model('letters')
const words = model('words')
const byLetter = run(letters, text, { tokens: tokens(text, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) })
const byWord = run(words, text, { tokens: tokens(text, [3, 7]) })

describe('a cell of one run', () => {
  it('is the same in an equal run', () => {
    expect(carriedCell({ query: 9, key: 2 }, byLetter, { ...byLetter, complete: false })).toEqual({
      query: 9,
      key: 2
    })
  })

  it('is found by its characters in another run of the same text', () => {
    // `a` of `sat`, and `h` of `the`.
    expect(carriedCell({ query: 9, key: 1 }, byLetter, byWord)).toEqual({ query: 2, key: 0 })
    expect(carriedCell({ query: 2, key: 1 }, byWord, byLetter)).toEqual({ query: 7, key: 3 })
  })

  it('is nowhere beyond the tokens of its own run', () => {
    expect(carriedCell({ query: 11, key: 0 }, byLetter, byLetter)).toBeNull()
    expect(carriedCell({ query: 10, key: 0 }, byLetter, byLetter)).not.toBeNull()
  })

  it('is nowhere in a run of another text, however long', () => {
    const other = run(letters, 'the dog sat', { tokens: byLetter.tokens })
    expect(carriedCell({ query: 9, key: 1 }, byLetter, other)).toBeNull()
  })

  it('is nowhere in a run of ids, which stand for no characters here', () => {
    const source = { ...byLetter.source, input: { ids: [1, 2, 3] } }
    const ofIds = run(letters, '', { id: 'ids', source, tokens: byLetter.tokens })
    expect(carriedCell({ query: 2, key: 1 }, byLetter, ofIds)).toBeNull()
    expect(carriedCell({ query: 2, key: 1 }, ofIds, { ...ofIds, id: 'more' })).toBeNull()
  })
})

describe('the selection of a link group', () => {
  /** Answers with the run of the model that is asked. */
  const runs = new Map<string, Run>([
    [letters.path, byLetter],
    [words.path, byWord]
  ])

  beforeEach(async () => {
    setActivePinia(createPinia())
    answering({
      'models.open': ({ path }) => (path === letters.path ? letters : words),
      'models.recent': () => [],
      'text.tokenize': () => [],
      'runs.start': ({ source }) => runs.get(source.model.path)!
    })
    for (const { path } of [letters, words]) {
      await useModels().openPath(path)
      useRuns().text = text
      await useRuns().start()
    }
  })

  function subject(on: On): ViewSubject {
    return effectScope().run(() =>
      useSubject(
        () => on,
        () => 'tab',
        () => undefined
      )
    )!
  }

  it('stays on the same characters when the model is another one', () => {
    const selection = useSelection()
    selection.selectCell({ query: 2, key: 1 })
    expect(selection.cell).toEqual({ query: 2, key: 1 })
    useModels().activeId = letters.id
    expect(selection.cell).toEqual({ query: 7, key: 3 })
    useModels().activeId = words.id
    expect(selection.cell).toEqual({ query: 2, key: 1 })
  })

  it('is not taken for positions by a view that stays on another model', async () => {
    const stays = subject({ run: byLetter.source, at: { layer: 0, head: 0 } })
    await expect.poll(() => stays.run?.id).toBe(byLetter.id)
    const selection = useSelection()
    selection.selectCell({ query: 2, key: 1 })
    expect(stays.cell).toEqual({ query: 7, key: 3 })
    selection.setHover({ query: 1, key: null })
    expect(stays.hover).toEqual({ query: 3, key: null })
    stays.selectCell({ query: 9, key: 0 })
    expect(selection.cell).toEqual({ query: 2, key: 0 })
    stays.point({ query: 4, key: 4 })
    expect(selection.hover).toEqual({ query: 1, key: 1 })
  })

  it('is not looked at anew with each move of the pointer', () => {
    const selection = useSelection()
    selection.selectCell({ query: 2, key: 1 })
    let looks = 0
    const selected = computed(() => {
      looks++
      return [selection.headOf('A'), selection.cell]
    })
    const before = selected.value
    selection.setHover({ query: 1, key: 0 })
    expect(selection.hover).toEqual({ query: 1, key: 0 })
    expect(selected.value).toBe(before)
    selection.selectCell({ query: 1, key: 1 })
    expect(selected.value).not.toBe(before)
    expect(looks).toBe(2)
  })

  it('is left alone by a view of another text, which has one of its own', async () => {
    const other = run(letters, 'a dog', { tokens: tokens('a dog', [1, 2]) })
    runs.set(letters.path, other)
    const stays = subject({ run: other.source, at: { layer: 0, head: 0 } })
    await expect.poll(() => stays.run?.id).toBe(other.id)
    runs.set(letters.path, byLetter)
    const selection = useSelection()
    selection.selectCell({ query: 2, key: 1 })
    expect(stays.cell).toBeNull()
    stays.selectCell({ query: 1, key: 0 })
    expect(stays.cell).toEqual({ query: 1, key: 0 })
    expect(selection.cell).toEqual({ query: 2, key: 1 })
  })

  it('is of no cell once the text is another one', async () => {
    const selection = useSelection()
    selection.selectCell({ query: 2, key: 1 })
    runs.set(words.path, run(words, 'the dog sat', { tokens: byWord.tokens }))
    useRuns().text = 'the dog sat'
    await useRuns().start()
    runs.set(words.path, byWord)
    expect(selection.cell).toBeNull()
  })

  it('keeps a head for each model that one was chosen in', () => {
    const selection = useSelection()
    selection.selectHead(2, 3)
    useModels().activeId = letters.id
    selection.selectHead(0, 1)
    useModels().activeId = words.id
    expect([selection.layer, selection.head]).toEqual([2, 3])
    useModels().activeId = letters.id
    expect([selection.layer, selection.head]).toEqual([0, 1])
  })

  it('keeps its head as near as another model has it', () => {
    const selection = useSelection()
    selection.selectHead(2, 3)
    useModels().open = [{ ...letters, config: { ...letters.config!, nLayers: 2 } }, words]
    useModels().activeId = letters.id
    expect([selection.layer, selection.head]).toEqual([1, 3])
    useModels().activeId = words.id
    expect([selection.layer, selection.head]).toEqual([2, 3])
  })

  it('is of several tokens, which stay on their characters in another model', () => {
    const own = subject('A')
    own.selectTogether(objectSet('token', [0, 2]))
    expect([...selectedPositions(own)]).toEqual([0, 2])
    expect([...selectedEntries(own)]).toEqual([0, 2].map(at => byWord.tokens[at]!.id))
    useModels().activeId = letters.id
    expect([...selectedPositions(own)]).toEqual([0, 2].map(at => byWord.tokens[at]!.start))
    expect(selectedParts(own, 'head').size).toBe(0)
    useModels().activeId = words.id
    own.selectTogether(null)
    expect(own.selected).toBeNull()
  })

  it('is of several heads in the model alone that they were chosen in', () => {
    const own = subject('A')
    own.selectTogether(objectSet('head', ['0.1', '1.0']))
    expect([...selectedParts(own, 'head')]).toEqual(['0.1', '1.0'])
    expect(selectedParts(own, 'neuron').size).toBe(0)
    expect(selectedPositions(own).size).toBe(0)
    useModels().activeId = letters.id
    expect(own.selected).toBeNull()
    useModels().activeId = words.id
    expect(own.selected?.ids).toEqual(['0.1', '1.0'])
  })

  it('is of entries of the vocabulary wherever the text has them, and of no positions by themselves', () => {
    const own = subject('A')
    const { id } = byWord.tokens[1]!
    own.selectTogether(objectSet('entry', [id, 999_999]))
    expect([...selectedPositions(own)]).toEqual(
      byWord.tokens.flatMap((token, at) => (token.id === id ? [at] : []))
    )
    expect(selectedRows(own).size).toBe(0)
    own.selectTogether(objectSet('position', [1]))
    expect([...selectedRows(own)]).toEqual([1])
    expect([...selectedPositions(own)]).toEqual([1])
    own.selectTogether(objectSet('token', [2]))
    expect([...selectedRows(own)]).toEqual([2])
    expect(selectedPositions(own, false).size).toBe(0)
  })

  it('is put back in a tab that stands alone once its run is there', async () => {
    const other = run(letters, 'a dog', { tokens: tokens('a dog', [1, 2]) })
    runs.set(letters.path, other)
    const on = { run: other.source, at: { layer: 0, head: 0 } }
    useTabs().restore({
      tabs: [{ id: 'tab', type: 'head', context: { on, with: null } }],
      ...{ layout: null, active: 'tab' }
    })
    const selection = useSelection()
    const left = { cell: { query: 1, key: 0 }, selected: objectSet('token', [0, 2]) }
    selection.restart({ alone: [{ tab: 'tab', ...left }], groups: [] })
    // Also what is saved meanwhile.
    expect(selection.kept('tab')).toEqual(left)
    const stays = subject(on)
    await expect.poll(() => stays.run?.id).toBe(other.id)
    runs.set(letters.path, byLetter)
    expect([...selectedPositions(stays)]).toEqual([0, 2])
    expect(stays.cell).toEqual(left.cell)
    expect(selection.kept('tab')).toEqual(left)
    stays.selectTogether(null)
    expect(selection.kept('tab')).toEqual({ ...left, selected: null })
    expect(selection.setIn(words, byWord, 'A')).toBeNull()
  })

  it('is what a line tells, where a session is from before it was kept, until anything else is', () => {
    const selection = useSelection()
    const own = subject('A')
    const drawn = objectSet('token', [1])
    own.selectUntold(drawn)
    expect(own.selected).toBeNull()
    const group = { name: 'A', model: words.path, texts: {}, ids: {}, edits: {} } as const
    const place = { layer: 0, head: 0, heads: {}, cell: null }
    selection.restart({ alone: [], groups: [{ ...group, ...place }] })
    selection.takeAwaited(words, byWord, 'A')
    expect(selection.kept('A')).toEqual({ cell: null })
    own.selectUntold(drawn)
    expect(own.selected).toEqual(drawn)
    own.selectTogether(null)
    own.selectUntold(drawn)
    expect(own.selected).toBeNull()
    expect(selection.kept('A')).toEqual({ cell: null, selected: null })
  })
})
