import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium } from '@playwright/test'
import { startTestProduct } from '../../server/runtime/testing/product.ts'
import { findBrowser } from '../browser.ts'
import { testScene } from '../scene.ts'
import { sessionFile, shareProduct } from './product.ts'
import { signIn } from './sign-in.ts'

/**
 * Starts the one product that all files share, and signs in once for each role. Playwright calls what this returns when
 * every test has ended.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'infrasage-scene-'))
  const sceneFile = path.join(folder, 'scene.json')
  writeFileSync(sceneFile, JSON.stringify(testScene))
  const running = await startTestProduct({ env: { INFRASAGE_SANDBOX_SCENE: sceneFile } })
  const tearDown = async () => {
    await running.stop()
    rmSync(folder, { recursive: true })
  }
  try {
    const browser = await chromium.launch(findBrowser())
    for (const person of running.signIns) {
      const context = await browser.newContext({ baseURL: running.address })
      await signIn(await context.newPage(), person)
      await context.storageState({ path: sessionFile(running.dataDir, person.role) })
      await context.close()
    }
    await browser.close()
  } catch (error) {
    await tearDown()
    throw error
  }
  shareProduct(running)
  return tearDown
}
