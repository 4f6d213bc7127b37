import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'

/** How an exchange names its files: process and number. */
const exchangeFile = /^\d+-\d+$/

/** Who still computes may write a file between its last one's removal and the folder's. */
const attempts = 10

/**
 * Removes the folder of an exchange with the exchange's files in it. Nothing behind a link is
 * touched, and a folder that holds anything else stays.
 */
export function removeExchange(folder: string): void {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
  for (let attempt = 0; attempt < attempts; attempt++)
    try {
      for (const name of readdirSync(folder))
        if (exchangeFile.test(name)) unlinkSync(join(folder, name))
      return rmdirSync(folder)
    } catch {
      // In the end the next start tries again.
    }
}
