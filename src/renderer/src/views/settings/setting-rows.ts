import { hasWordsOf } from '#common/text/has-words.ts'
import type { Chosen } from '../../stores/settings.ts'
import { settingChoices } from '../../ui/setting-choices.ts'

/** One setting of the page: a choice of few, or one that has a control of its own. */
export interface SettingRow {
  readonly id: keyof Chosen | 'provider' | 'memory' | 'hints' | 'data' | 'about'
  readonly label: string
  readonly note: string
}

export interface SettingGroup {
  readonly name: string
  readonly rows: readonly SettingRow[]
}

/** Every setting there is, in groups, as the page has them. */
export const settingGroups: readonly SettingGroup[] = [
  { name: 'Window', rows: [...choices('theme', 'direction', 'digits'), hints()] },
  {
    name: 'Maps',
    rows: choices('colorMap', 'scale', 'range', 'pooling', 'firstToken', 'comparison')
  },
  {
    name: 'Computing',
    rows: [
      { id: 'provider', label: 'Provider', note: 'What later runs compute with.' },
      {
        id: 'memory',
        label: 'Memory budget',
        note: 'What weights of models may take. A larger model is read from disk block by block.'
      }
    ]
  },
  {
    name: 'Data',
    rows: [
      {
        id: 'data',
        label: 'Data folder',
        note: 'Settings, descriptions of models and what was computed, for you alone.'
      }
    ]
  },
  {
    name: 'About',
    rows: [
      {
        id: 'about',
        label: 'About Lamella',
        note: 'Its version, its licence and those of what it is made with, and how to report a fault.'
      }
    ]
  }
]

/** The groups with those of their rows that hold every word of a query; none that is left empty. */
export function matchingSettings(query: string): SettingGroup[] {
  const isFound = hasWordsOf(query)
  return settingGroups
    .map(({ name, rows }) => ({
      name,
      rows: rows.filter(row => isFound(`${name} ${row.label} ${row.note} ${optionTexts(row)}`))
    }))
    .filter(({ rows }) => rows.length > 0)
}

export function isChoice(id: SettingRow['id']): id is keyof Chosen {
  return id in settingChoices
}

function choices(...ids: (keyof Chosen)[]): SettingRow[] {
  return ids.map(id => ({ id, label: settingChoices[id].label, note: settingChoices[id].note }))
}

function hints(): SettingRow {
  return { id: 'hints', label: 'First hints', note: 'What to try, until it was tried.' }
}

function optionTexts({ id }: SettingRow): string {
  return isChoice(id) ? settingChoices[id].options.map(({ text }) => text).join(' ') : ''
}
