import { folderName } from '#common/text/file-name.ts'
import { separatorOf } from '../crumbs.ts'

/** The path of a folder that is to be made in another, of any system. */
export function newFolderIn(folder: string, name: string): string {
  const separator = separatorOf(folder)
  const own = folderName(name).replaceAll(' ', '-')
  return folder.endsWith(separator) ? `${folder}${own}` : `${folder}${separator}${own}`
}
