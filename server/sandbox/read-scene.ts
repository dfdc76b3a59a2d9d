import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type Scene, sceneSchema } from './contract.ts'

/**
 * A scene from a JSON file.
 * @throws when the file is absent or is no scene, naming the place.
 */
export function readScene(file: string): Scene {
  const parsed = sceneSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (parsed.success) return parsed.data
  throw new Error(`${file} is no scene:\n${z.prettifyError(parsed.error)}`)
}
