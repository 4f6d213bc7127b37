import { forkProcess, type ProcessHost } from '../process/host.ts'

/** Bytes from which on the engine gives a buffer back to the system: the next one has its pages made anew. */
export const givenBackFrom = 2 ** 23

/**
 * What the engine's environment has beside its owner's. The runtime would tell its makers of each use, and
 * keep an id of the machine for it. Parts give large buffers back after each run and take them anew in the next;
 * glibc then asks for huge pages, which halves the time of a long text. Of these, buffers from 8 MB on go back to the
 * system: glibc would raise that bound to 32 MB as it goes, and keep what is freed in pieces. Up to 64 MB in one piece stay.
 */
export const engineEnvironment = {
  ORT_DISABLE_TELEMETRY: '1',
  GLIBC_TUNABLES: [
    'glibc.malloc.hugetlb=1',
    `glibc.malloc.mmap_threshold=${givenBackFrom}`,
    `glibc.malloc.trim_threshold=${2 ** 26}`
  ].join(':')
} as const

/**
 * Engine processes of Node's. The word that one is given is the folder through which large tensors cross; empty where
 * there is none.
 * @param environment variables beside its owner's, such as where a Vulkan driver lies
 */
export function forkEngine(
  entry: string,
  environment: Readonly<Record<string, string>> = {}
): ProcessHost {
  return forkProcess(entry, { ...engineEnvironment, ...environment })
}
