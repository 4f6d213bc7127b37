import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import licences from 'spdx-license-list/full.js'
import type { Plugin } from 'vite'

/** A package whose code or fonts are shipped. */
export interface ShippedPackage {
  readonly name: string
  readonly version: string
  /** SPDX */
  readonly licence: string
  /** Its licence and notices, whole. */
  readonly text: string
}

/** What a shipped package's folder and package.json say. */
interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/** The file beside the window's page. */
const file = 'third-party-notices.txt'

const noticeFile = /^(licen[cs]e|copying|notice|third.?party|ofl)/i

/** Who holds the rights of packages that bring no licence text, by their sources. */
const holders: Readonly<Record<string, string>> = {
  '@bufbuild/protobuf': 'Copyright 2021-2026 Buf Technologies, Inc., 2008 Google Inc.',
  '@polka/url': 'Copyright (c) Luke Edwards',
  '@resvg/resvg-wasm':
    'Copyright (c) yisibl and contributors; of resvg itself, Yevhenii Reizner and contributors.\nSource: https://github.com/yisibl/resvg-js and https://github.com/linebender/resvg',
  brotli: 'Copyright (c) Devon Govett',
  dfa: 'Copyright (c) Devon Govett',
  fontkit: 'Copyright (c) Devon Govett',
  'onnxruntime-common': 'Copyright (c) Microsoft Corporation',
  'onnxruntime-node': 'Copyright (c) Microsoft Corporation',
  sirv: 'Copyright (c) Luke Edwards'
}

/** What those are under whose package.json tells of no more than their wrapping. */
const licencesOf: Readonly<Record<string, string>> = { 'computer-modern': 'OFL-1.1' }

/**
 * Writes the notices of all that is shipped beside the window's page: of what the bundler put into it and into the main
 * processes, and of the packages that these load.
 * @param root the project's folder
 * @returns what gathers what is put into the main processes, which are built first, and what writes all
 */
export function thirdPartyNotices(root: string): { gather: Plugin; write: Plugin } {
  const bundled = new Set<string>()
  const gather = (ids: Iterable<string>) => {
    for (const id of ids) {
      const folder = packageFolder(id)
      if (folder !== null) bundled.add(folder)
    }
  }
  return {
    gather: {
      name: 'lamella:gather-third-party-notices',
      generateBundle() {
        gather(this.getModuleIds())
      }
    },
    write: {
      name: 'lamella:write-third-party-notices',
      generateBundle() {
        gather(this.getModuleIds())
        const shipped = shippedPackages(new Set([...bundled, ...loadedPackages(root)]))
        this.emitFile({ type: 'asset', fileName: file, source: noticesOf(shipped) })
      }
    }
  }
}

/** Folders of the packages that the project and its packages depend on, as Node finds them. */
export function loadedPackages(folder: string, found = new Set<string>()): Set<string> {
  for (const name of Object.keys(manifestIn(folder).dependencies ?? {})) {
    const dependency = installed(name, folder)
    if (found.has(dependency)) continue
    found.add(dependency)
    loadedPackages(dependency, found)
  }
  return found
}

/**
 * What is shipped, by name.
 * @throws Error naming a package whose licence text is not known
 */
export function shippedPackages(folders: ReadonlySet<string>): ShippedPackage[] {
  const packages = [...folders].map(folder => {
    const manifest = manifestIn(folder)
    const { name, version, license = 'not told' } = manifest
    const licence = licencesOf[name] ?? license
    return { name, version, licence, text: licenceText(folder, manifest) }
  })
  return packages.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function noticesOf(packages: readonly ShippedPackage[]): string {
  const rule = '-'.repeat(80)
  const each = packages.map(
    ({ name, version, licence, text }) => `${rule}\n${name} ${version} (${licence})\n\n${text}\n`
  )
  return `Lamella is made with the work of others. These are their notices. Those of Electron and Chromium lie
beside the installed program as LICENSE.electron.txt and LICENSES.chromium.html.\n\n${each.join('\n')}`
}

/** The package that a module of the bundle is from; null where it is the project's own. */
function packageFolder(id: string): string | null {
  const [path] = id.replaceAll('\0', '').split('?')
  const match = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path!)
  return match === null ? null : match[0]
}

function installed(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name)
    if (existsSync(join(found, 'package.json'))) return found
    if (dirname(folder) === folder) throw new Error(`${name}: is not installed`)
  }
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** @throws Error when it brings none, and nothing is known of its holder */
function licenceText(folder: string, { name, license = '' }: Manifest): string {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .filter(entry => noticeFile.test(entry) && !entry.includes('node_modules'))
    .sort()
  if (files.length > 0)
    return files.map(entry => readFileSync(join(folder, entry), 'utf8').trim()).join('\n\n')
  const ids = license.split(/[()\s]+|AND/).filter(id => id !== '')
  const texts = ids.map(id => licences[id]?.licenseText)
  const holder = holders[name]
  if (holder === undefined || texts.length === 0 || texts.includes(undefined))
    throw new Error(`${name} (${license}): brings no licence text; say who holds its rights`)
  return [holder, ...texts].join('\n\n')
}
