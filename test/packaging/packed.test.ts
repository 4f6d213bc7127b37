import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { extractAll, listPackage, statFile } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import type * as Electron from 'electron'
import { build, Platform } from 'electron-builder'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { connectChannel } from '#common/contract/desktop.ts'
import { type PortLike, portTransport } from '#common/contract/port-transport.ts'
import { type Client, connectApi } from '#common/contract/rpc.ts'
import { builderConfig } from '../../packaging/electron-builder.ts'
import { loadedPackages, shippedPackages } from '../../packaging/third-party-notices.ts'
import { cpuSource, projectRoot } from '../golden/workbench.ts'
import { app, ipcMain, pagePort, told } from '../main/shell/fake-electron.ts'
import { standInElectron } from './stand-in-electron.ts'

/**
 * The installed program, packed with all but Electron's own files: a program with fuses stands in for it. Its archive is
 * unpacked to a folder of the same name, from which plain Node can run it.
 */
vi.mock('electron', () => import('../main/shell/fake-electron.ts'))

const folder = await mkdtemp(join(tmpdir(), 'lamella-packed-'))
vi.stubEnv('LAMELLA_DATA', join(folder, 'data'))
const installed = join(folder, 'dist/linux-unpacked')
const archive = join(installed, 'resources/app.asar')
const beside = `${archive}.unpacked`
/** The same as files: `app.asar` is a folder. */
const unpacked = join(folder, 'run/app.asar')

let files: string[] = []
/** What the makers of installers are told: of an AppImage its entry in menus, of a deb words and the file of its entry. */
const installers: (AppImageOptions | [words: string[], entry: string])[] = []
let debEntry = ''

interface AppImageOptions {
  readonly desktop: string
}

beforeAll(async () => {
  expect(existsSync(join(projectRoot, 'out/main/desktop.js')), 'npm run build comes first').toBe(
    true
  )
  await build({
    projectDir: projectRoot,
    targets: Platform.LINUX.createTarget(['dir', 'AppImage', 'deb']),
    // They are fetched from the network: it ends before them.
    async effectiveOptionComputed(options: (typeof installers)[number]) {
      installers.push(options)
      if (Array.isArray(options)) debEntry = await readFile(options[1], 'utf8')
      return true
    },
    config: {
      ...builderConfig,
      electronDist: await standInElectron(join(folder, 'electron')),
      directories: { ...builderConfig.directories, output: join(folder, 'dist') }
    },
    publish: 'never'
  })
  files = listPackage(archive, { isPack: false }).map(path => path.replaceAll('\\', '/').slice(1))
  await mkdir(join(folder, 'run'))
  extractAll(archive, unpacked)
  await cp(beside, `${unpacked}.unpacked`, { recursive: true })
})
afterAll(() => {
  for (const { process } of told.forked) process.end()
})

describe.skipIf(process.platform !== 'linux')('the packed program', () => {
  it('holds what was built, the samples and the notices, and no sources', () => {
    for (const file of [
      'package.json',
      'out/main/desktop.js',
      'out/main/workbench.js',
      'out/main/compute.js',
      'out/main/trace.js',
      'out/main/figure.js',
      'out/main/reader.js',
      'out/main/engine.js',
      'out/main/watch.js',
      'out/preload/index.cjs',
      'out/renderer/index.html',
      'out/renderer/third-party-notices.txt',
      'resources/samples/shakespeare-char/config.json'
    ])
      expect(files).toContain(file)
    const tops = new Set(files.map(file => file.split('/')[0]))
    expect([...tops].sort()).toEqual(['node_modules', 'out', 'package.json', 'resources'])
    const unwanted = /^out\/main\/(cli|start)\.js$|\.(ts|vue|map)$/
    expect(files.filter(file => unwanted.test(file))).toEqual([])
  })

  it('holds what figures are drawn with', () => {
    for (const file of [
      '@resvg/resvg-wasm/index_bg.wasm',
      '@fontsource/inter/files/inter-latin-400-normal.woff',
      '@fontsource/noto-sans-hebrew/files/noto-sans-hebrew-hebrew-700-normal.woff',
      'computer-modern/fonts/cmu-serif-700-roman.ttf',
      'dejavu-fonts-ttf/ttf/DejaVuSansMono-Bold.ttf'
    ])
      expect(files).toContain(`node_modules/${file}`)
    expect(
      files.filter(file =>
        /\.woff2$|-italic\.woff$|DejaVuSerif|cmu-.*(italic|sans)|standalone/.test(file)
      )
    ).toEqual(files.filter(file => file.startsWith('out/renderer/') && file.endsWith('.woff2')))
  })

  it('leads nowhere out of itself', async () => {
    for (const file of files) {
      expect(file.split('/')).not.toContain('..')
      expect(statFile(archive, file, false)).not.toHaveProperty('link')
    }
    const entries = await readdir(installed, { recursive: true, withFileTypes: true })
    expect(entries.filter(entry => entry.isSymbolicLink())).toEqual([])
  })

  it('has each package that its main processes load, and none of the window’s', async () => {
    const loaded = await importsIn(join(unpacked, 'out/main'))
    const packages = new Set(
      loaded.map(name => name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
    )
    packages.delete('electron')
    expect(packages.size).toBeGreaterThan(5)
    for (const name of packages) expect(files).toContain(`node_modules/${name}/package.json`)
    expect(files.filter(file => /^node_modules\/(vue|echarts|pinia)\//.test(file))).toEqual([])
  })

  it('keeps beside its archive what the engine loads, native modules, and the samples', async () => {
    const present = [
      'out/main/engine.js',
      'out/main/watch.js',
      'resources/samples/hebrew-minigpt/lamella.json',
      `node_modules/onnxruntime-node/bin/napi-v6/linux/${process.arch}/onnxruntime_binding.node`,
      `node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`
    ]
    for (const file of present) expect(existsSync(join(beside, file)), file).toBe(true)
    const systems = await readdir(join(beside, 'node_modules/onnxruntime-node/bin/napi-v6'))
    expect(systems).toEqual(['linux'])
    const prebuilt = await readdir(join(beside, 'node_modules/better-sqlite3/prebuilds'))
    expect(prebuilt).toEqual([`linux-${process.arch}.node`])
  })

  it('80: has its fuses set', async () => {
    const wire = await getCurrentFuseWire(join(installed, 'lamella'))
    const on = (fuse: FuseV1Options) => String.fromCharCode(wire[fuse]!) === '1'
    expect(on(FuseV1Options.RunAsNode)).toBe(false)
    expect(on(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(false)
    expect(on(FuseV1Options.EnableNodeCliInspectArguments)).toBe(false)
    expect(on(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(false)
    expect(on(FuseV1Options.EnableCookieEncryption)).toBe(true)
    expect(on(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(true)
    expect(on(FuseV1Options.OnlyLoadAppFromAsar)).toBe(true)
  })

  it('is installed with its icon, and opens sessions and weights by a double click', () => {
    const appImage = installers.find(options => 'desktop' in options)!
    const [words] = installers.find(options => Array.isArray(options))!
    // Menus look for sizes up to 512 pixels, and for what can be drawn at any.
    const icon = 'icon.svg=/usr/share/icons/hicolor/scalable/apps/lamella.svg'
    expect(words.some(word => word.endsWith(icon))).toBe(true)
    expect(words[words.indexOf('--url') + 1]).toBe('https://lamella.invalid')
    for (const entry of [appImage.desktop, debEntry]) {
      expect(entry).toContain('StartupWMClass=lamella\n')
      expect(entry).toMatch(/^Exec=\S+ %U$/m)
      const [, types] = /^MimeType=(.*);$/m.exec(entry)!
      expect(new Set(types!.split(';'))).toEqual(
        new Set(
          ['lamella-session', 'safetensors', 'onnx', 'pytorch'].map(type => `application/x-${type}`)
        )
      )
    }
    const types = words.find(word => word.endsWith('=/usr/share/mime/packages/lamella.xml'))
    expect(types).toBeDefined()
  })

  it('opens a sample and runs it, by its own workbench and engine', async () => {
    vi.stubEnv('ELECTRON_RENDERER_URL', 'http://evil.example/')
    app.isPackaged = true
    await import(pathToFileURL(join(unpacked, 'out/main/desktop.js')).href)
    const client = await askForClient()
    const path = join(`${unpacked}.unpacked`, 'resources/samples/shakespeare-char')
    const model = await client.call('models.open', { path })
    const { id } = await client.call('runs.start', { source: cpuSource(model, { text: 'So' }) })
    const { data } = await client.call('runs.value', {
      runId: id,
      hook: 'blocks.0.attn.hook_pattern'
    })
    expect([...data].slice(0, 2)).toEqual([1, 0])
    const entries = told.forked.map(({ entry }) => entry)
    expect(entries).toContain(join(unpacked, 'out/main/workbench.js'))
    expect(entries).toContain(join(`${unpacked}.unpacked`, 'out/main/engine.js'))
    const [window] = told.windows
    expect(existsSync(window!.options.webPreferences!.preload!)).toBe(true)
    // An address of a development server is none to an installed program.
    expect(window!.loadURL.calls).toEqual([['lamella://app/']])
  })
})

describe('third-party notices', () => {
  const permitted = [
    ...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'CC0-1.0'],
    // Fonts, and a library that is shipped unchanged.
    ...['OFL-1.1', 'MPL-2.0']
  ]
  /** Of packages that name no licence, but hold one: how it begins. */
  const inWords = new Map([
    ['dejavu-fonts-ttf', 'Fonts are (c) Bitstream'],
    ['png-js', 'Permission is hereby granted, free of charge']
  ])

  it('are there for every package that is loaded, each under a licence that a product can ship', () => {
    const shipped = shippedPackages(loadedPackages(projectRoot))
    expect(shipped.length).toBeGreaterThan(20)
    for (const { name, licence, text } of shipped) {
      expect(text.length, name).toBeGreaterThan(200)
      if (inWords.has(name)) {
        expect(text).toContain(inWords.get(name))
        continue
      }
      const ids = licence.match(/[\w.-]+/g)!.filter(word => word !== 'OR' && word !== 'AND')
      for (const id of ids) expect(permitted, name).toContain(id)
    }
  })

  it('name what the bundler put into the window, fonts and the notices of ECharts too', async () => {
    const text = await readFile(join(projectRoot, 'out/renderer/third-party-notices.txt'), 'utf8')
    for (const name of [
      'vue',
      'echarts',
      'pinia',
      'reka-ui',
      'dockview',
      '@fontsource-variable/inter'
    ])
      expect(text).toContain(`\n${name} `)
    expect(text).toMatch(/\ncomputer-modern [\d.]+ \(OFL-1\.1\)\n\n.*\nDonald Ervin Knuth/)
    expect(text).toContain('SIL OPEN FONT LICENSE')
    expect(text).toContain('The Apache Software Foundation')
  })
})

/** A client over a port, as the window gets it. */
async function askForClient(): Promise<Client> {
  const port = await new Promise<PortLike>(resolve => {
    const postMessage = (
      _channel: string,
      _message: unknown,
      [first]: Electron.MessagePortMain[]
    ) => resolve(pagePort(first!) as unknown as PortLike)
    const frame = { url: 'lamella://app/', parent: null, isDestroyed: () => false, postMessage }
    ipcMain.emit(connectChannel, { senderFrame: frame })
  })
  return connectApi(portTransport(port))
}

/** What modules of a folder import that is neither Node's nor their own. */
async function importsIn(from: string): Promise<string[]> {
  const modules = (await readdir(from, { recursive: true })).filter(name => name.endsWith('.js'))
  const found = new Set<string>()
  for (const name of modules) {
    const source = await readFile(join(from, name.replaceAll('/', sep)), 'utf8')
    for (const [, module] of source.matchAll(/^(?:import|export)\b[^"';]*["']([^"'.][^"']*)["']/gm))
      found.add(module!)
  }
  return [...found].filter(name => !name.startsWith('node:') && !builtinModules.includes(name))
}
