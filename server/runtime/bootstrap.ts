import path from 'node:path'
import { z } from 'zod'
import type { Context } from '../kernel/context.ts'
import { privateDir, readPrivateJson, writePrivateJson } from '../kernel/private-file.ts'
import { defaultScene, openSandbox, readScene } from '../sandbox/index.ts'
import { declareScene, hasTargets } from '../scenes/index.ts'
import { ensureIntakeKey } from './bootstrap/intake-key.ts'
import { freePort, isPortFree } from './ports.ts'

const accessShape = z.object({ url: z.url(), token: z.string(), apiKey: z.string() })

/** Address and token of the sandbox's API, and its key to the intake. */
export type SandboxAccessFile = z.infer<typeof accessShape>

const accessFile = (dataDir: string) => path.join(dataDir, 'sandbox', 'access.json')

/** How the sandbox of a data folder was last started; null when it never was. */
export function readSandboxAccess(dataDir: string): SandboxAccessFile | null {
  return readPrivateJson(accessFile(dataDir), accessShape)
}

/** The port of last time if it is free, so that the connection stays as it is. */
async function chooseUrl(before: SandboxAccessFile | null): Promise<string> {
  if (before && (await isPortFree(Number(new URL(before.url).port)))) return before.url
  return `http://127.0.0.1:${await freePort()}`
}

export type BootstrapInput = {
  dataDir: string
  token: string
  /** Address of the web server. */
  intakeUrl: string
  /** A scene file instead of the default scene. */
  sceneFile?: string
}

/**
 * Makes the simulated cloud known, as an admin would make a real one known, and skips what is known already. Returns
 * the environment of the sandbox's process, which must not run yet: targets are connected while they answer here.
 */
export async function bootstrapSandbox(
  ctx: Context,
  { dataDir, token, intakeUrl, sceneFile }: BootstrapInput,
): Promise<Record<string, string>> {
  const folder = privateDir(path.join(dataDir, 'sandbox'))
  const scene = sceneFile ? readScene(sceneFile) : defaultScene
  const before = readSandboxAccess(dataDir)
  const url = await chooseUrl(before)
  // Its connection is tried in this process too, and only the sandbox's own address may be called unlisted.
  process.env.INFRASAGE_SANDBOX_URL = url
  const apiKey = await ensureIntakeKey(ctx, before?.apiKey)
  if (before?.url === url && before.token === token && (await hasTargets(ctx, scene))) {
    await declareScene(ctx, scene, null)
  } else {
    const { clock, log } = ctx
    const sandbox = await openSandbox({ scene, folder, port: Number(new URL(url).port), token, clock, log })
    try {
      await declareScene(ctx, scene, { url, token })
    } finally {
      sandbox.close()
    }
  }
  writePrivateJson(accessFile(dataDir), { url, token, apiKey } satisfies SandboxAccessFile)
  return {
    INFRASAGE_SANDBOX_URL: url,
    INFRASAGE_SANDBOX_TOKEN: token,
    INFRASAGE_SANDBOX_INTAKE_URL: intakeUrl,
    INFRASAGE_SANDBOX_API_KEY: apiKey,
    ...(sceneFile ? { INFRASAGE_SANDBOX_SCENE: path.resolve(sceneFile) } : {}),
  }
}
