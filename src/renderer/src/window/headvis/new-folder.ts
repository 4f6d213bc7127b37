import { folderName } from '#common/text/file-name.ts'
import { pathWithin } from '../crumbs.ts'

/** The path of a folder that is to be made in another, of any system. */
export function newFolderIn(folder: string, name: string): string {
  return pathWithin(folder, folderName(name).replaceAll(' ', '-'))
}
