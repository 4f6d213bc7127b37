import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../../../../src/renderer/src/stores/settings.ts'
import { settingChoices } from '../../../../src/renderer/src/ui/setting-choices.ts'
import {
  matchingSettings,
  settingGroups
} from '../../../../src/renderer/src/views/settings/setting-rows.ts'

const ids = (query: string) => matchingSettings(query).flatMap(({ rows }) => rows.map(r => r.id))

describe('the settings', () => {
  it('have a row each, once', () => {
    const rows = settingGroups.flatMap(({ rows }) => rows.map(({ id }) => id))
    expect(rows.toSorted()).toEqual(
      [...Object.keys(defaultSettings), 'provider', 'memory', 'hints', 'data', 'about'].toSorted()
    )
  })

  it('have their default among what there is to choose', () => {
    for (const [name, value] of Object.entries(defaultSettings)) {
      const { options } = settingChoices[name as keyof typeof settingChoices]
      expect(options.map(option => option.value)).toContain(value)
    }
  })

  it('are found by their group, their name and what there is to choose', () => {
    expect(ids('MAPS range')).toEqual(['range'])
    expect(ids('viridis')).toEqual(['colorMap'])
    expect(ids('data folder')).toEqual(['data'])
    expect(ids('nothing of the kind')).toEqual([])
    expect(ids('')).toHaveLength(14)
  })
})
