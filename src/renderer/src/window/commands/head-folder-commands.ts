import { useFocus } from '../../stores/focus.ts'
import { useHeadFolders } from '../../stores/head-folders.ts'
import type { Command } from '../command.ts'

/** What HeadVis shows of heads: taken there, and brought from there. */
export function headFolderCommands(): Command[] {
  const { subject } = useFocus()
  const folders = useHeadFolders()
  const group = 'Heads'
  const hasHeads = () => subject.model?.config != null && subject.model.absent === undefined
  return [
    {
      id: 'headvis.read',
      group,
      title: 'Read a HeadVis folder…',
      words: 'import contexts head',
      enabled: hasHeads,
      run: () => folders.ask('read')
    },
    {
      id: 'headvis.write',
      group,
      title: 'Write a HeadVis folder…',
      words: 'export contexts heads',
      enabled: () => hasHeads() && subject.run !== null,
      run: () => folders.ask('write')
    }
  ]
}
