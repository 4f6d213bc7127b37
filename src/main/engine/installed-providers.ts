import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { listSupportedBackends } from 'onnxruntime-node'
import { providers, type Provider } from '#common/model/provider.ts'

/** The providers that this machine's runtime has; those that come apart, if their library has been fetched. */
export function installedProviders(): Provider[] {
  const bundled = new Map(listSupportedBackends().map(backend => [backend.name, backend.bundled]))
  return providers.filter(name => bundled.has(name) && (bundled.get(name) || hasLibrary(name)))
}

/** Whether a provider's library lies beside the runtime's own, where its installer puts it. */
function hasLibrary(name: Provider): boolean {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node')
  const folder = join(dirname(entry), '../bin/napi-v6', process.platform, process.arch)
  return existsSync(join(folder, `libonnxruntime_providers_${name}.so`))
}
