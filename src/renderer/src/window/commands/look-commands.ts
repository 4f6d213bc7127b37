import { useSettings, type Chosen } from '../../stores/settings.ts'
import { settingChoices } from '../../ui/setting-choices.ts'
import type { Command } from '../command.ts'

/** How things look: every value of every setting. */
export function lookCommands(): Command[] {
  const settings = useSettings()
  return (Object.keys(settingChoices) as (keyof Chosen)[]).flatMap(name => {
    const { label: group, options } = settingChoices[name]
    return options.map(({ value }) => ({
      id: `${group} ${value}`,
      group,
      title: `${group}: ${value.replaceAll('-', ' ')}`,
      enabled: () => settings[name] !== value,
      run: () => settings.$patch({ [name]: value })
    }))
  })
}
