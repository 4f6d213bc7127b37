import { tmpdir } from 'node:os'
import { join } from 'node:path'
import chromium from '@sparticuz/chromium'

/**
 * Unpacks SwiftShader, a Vulkan driver that computes on the CPU, from the Chromium that npm brings.
 * @returns the variables by which the runtime's WebGPU provider finds it
 */
export async function softwareGpu(): Promise<Record<string, string>> {
  chromium.setGraphicsMode = true
  await chromium.executablePath()
  return {
    LD_LIBRARY_PATH: tmpdir(),
    VK_ICD_FILENAMES: join(tmpdir(), 'vk_swiftshader_icd.json')
  }
}
