import { rmSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import open from 'open'
import { aWeek, ownName, sweepLeft } from '../../files/left-behind.ts'
import { makeFolder } from '../../files/make-folder.ts'

/** Whether a browser opened here would be seen by someone. */
export function hasDisplay(
  platform: NodeJS.Platform = process.platform,
  environment: Readonly<Record<string, string | undefined>> = process.env
): boolean {
  if (environment.SSH_CONNECTION) return false
  if (platform === 'darwin' || platform === 'win32') return true
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY)
}

/**
 * Opens a secret address in the browser. Any user of the machine can read a command's arguments, so the
 * browser is given a page that only this user can read, and that page leads to the address. Pages that killed
 * programs left are swept away.
 * @param folder where the page is kept until the program ends
 */
export async function openBrowser(
  url: string,
  folder: string,
  launch: (address: string) => Promise<unknown> = open
): Promise<void> {
  await makeFolder(folder)
  await sweepLeft(folder, openingPage, rm)
  const page = join(folder, ownName(openingPage))
  await writeFile(page, redirectPage(url), { mode: 0o600, flag: 'wx' })
  process.once('exit', () => rmSync(page, { force: true }))
  await launch(pathToFileURL(page).href)
}

const openingPage = { prefix: 'open-', suffix: '.html', longestRest: aWeek }

function redirectPage(url: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${url}">
<title>Lamella</title>
`
}
