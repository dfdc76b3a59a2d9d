export { type SandboxClient, sandboxClient } from './client.ts'
export { openSandbox } from './open-sandbox.ts'
export { defaultScene } from './scene.ts'
export {
  findOffering,
  readScene,
  type Scene,
  type SceneInput,
  type SceneWorkload,
  sceneSchema,
} from './scene-schema.ts'
export { metricName } from './signals.ts'
