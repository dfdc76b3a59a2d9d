import { z } from 'zod'
import { sceneSchema } from './scene.ts'

/** What a person is told of a scene before starting it. */
const storyShape = {
  name: z.string(),
  title: z.string(),
  /** One line. */
  story: z.string(),
  /** What will be seen, in order. */
  sees: z.array(z.string()).min(1),
  /** Minutes after the start until the first proposal, about. */
  proposalAfterMinutes: z.number().positive(),
}
export type Story = z.infer<z.ZodObject<typeof storyShape>>

/** *prepared*: its targets answer, and nothing is sent yet. */
const playing = z.object({ run: z.number().int().positive(), state: z.enum(['prepared', 'running']) })

/** `GET /v1/scenes`: every scene there is, and which run of it is being played. */
export const sceneList = z.array(z.object({ ...storyShape, playing: playing.nullable() }))
export type SceneList = z.infer<typeof sceneList>

/** `POST /v1/scenes/:name/prepare`, `/run` and `/stop`. */
export const sceneRunBody = z.object({ run: z.number().int().min(1).max(100_000) })

/** Answer to `prepare`: the scene with the names of that run. */
export const preparedScene = z.object({ run: z.number().int(), scene: sceneSchema })
