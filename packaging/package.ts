/**
 * `npm run package`: makes what installs Lamella on the present system, in `dist/`. Electron's archive comes from the
 * network, or from where electron-builder kept it.
 *
 *     npm run package -- [--dir]     (--dir: the installed files alone, without an installer around them)
 */
import { parseArgs } from 'node:util'
import { build, Platform } from 'electron-builder'
import { builderConfig } from './electron-builder.ts'

const { values } = parseArgs({ options: { dir: { type: 'boolean', default: false } } })

try {
  const files = await build({
    targets: Platform.current().createTarget(values.dir ? 'dir' : undefined),
    config: builderConfig,
    publish: 'never'
  })
  for (const file of files) process.stdout.write(`${file}\n`)
} catch (error) {
  const [reason] = (error as Error).message.split('\n')
  process.stderr.write(`Lamella cannot be packaged here: ${reason}\n`)
  process.exitCode = 1
}
